"""Printing houses belong to organisations; orders keep what their house was; the kind of area tells seats apart"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from leaflets.storage import base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Row: whatever names a printing house, and how its organisation is found.
USES = (
    (
        "press_order",
        "SELECT campaign.organisation_id FROM leaflet JOIN campaign ON campaign.id = leaflet.campaign_id "
        "WHERE leaflet.id = press_order.leaflet_id",
    ),
    ("leaflet", "SELECT campaign.organisation_id FROM campaign WHERE campaign.id = leaflet.campaign_id"),
    ("role_grant", "SELECT node.organisation_id FROM node WHERE node.id = role_grant.node_id"),
)
KEPT = ("name", "address", "standard", "marks", "profile", "ink_limit_percent", "min_ppi", "created_at")
BLEED_MM = 3.0  # what every order had until now


def upgrade() -> None:
    _orders_keep_what_their_house_was()
    with op.batch_alter_table("printer") as printer:
        printer.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        printer.add_column(sa.Column("node_id", sa.Integer(), nullable=True))
        printer.add_column(sa.Column("retired_at", base.UtcDateTime(timezone=True), nullable=True))
        printer.drop_constraint("uq_printer_name", type_="unique")
    _give_houses_to_organisations()
    with op.batch_alter_table("printer") as printer:
        printer.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)
        printer.alter_column("node_id", existing_type=sa.Integer(), nullable=False)
        printer.create_unique_constraint("uq_printer_organisation_id_name", ["organisation_id", "name"])
        printer.create_foreign_key("fk_printer_organisation_id", "organisation", ["organisation_id"], ["id"])
        printer.create_foreign_key("fk_printer_node_id", "node", ["node_id"], ["id"])
        printer.create_index("ix_printer_node_id", ["node_id"])
    with op.batch_alter_table("node") as node:  # `area` is never NULL: two seats of no kind are still one name
        node.drop_constraint("uq_node_parent_id_tier_name", type_="unique")
        node.create_unique_constraint("uq_node_parent_id_tier_area_name", ["parent_id", "tier", "area", "name"])


def _orders_keep_what_their_house_was() -> None:
    for name, kind, default in (
        ("printer_name", sa.String(200), ""),
        ("printer_address", sa.String(400), ""),
        ("spec", sa.JSON(), "{}"),
    ):
        op.add_column("press_order", sa.Column(name, kind, server_default=default, nullable=False))
    for house in _rows("SELECT * FROM printer"):
        spec = {name: house[name] for name in ("standard", "profile", "ink_limit_percent", "min_ppi")}
        spec |= {"marks": bool(house["marks"]), "bleed_mm": BLEED_MM}
        _do(
            "UPDATE press_order SET printer_name = :name, printer_address = :address, spec = :spec "
            "WHERE printer_id = :id",
            id=house["id"],
            name=house["name"],
            address=house["address"],
            spec=json.dumps(spec),
        )


def _give_houses_to_organisations() -> None:
    """A house that one organisation uses is that one's; one that several use, or none, is every organisation's own.

    Where there is no organisation at all, nobody can have ordered from it, and it goes.
    """
    roots = {
        row["organisation_id"]: row["id"]
        for row in _rows("SELECT id, organisation_id FROM node WHERE parent_id IS NULL ORDER BY organisation_id")
    }
    for house in _rows("SELECT * FROM printer ORDER BY id"):
        users = _users_of(house["id"]) & roots.keys()
        owners = sorted(users) if len(users) == 1 else sorted(roots)
        for owner in owners[1:]:
            _move(house["id"], _copied(house, owner, roots[owner]), owner)
        if owners:
            place = {"owner": owners[0], "node": roots[owners[0]], "id": house["id"]}
            _do("UPDATE printer SET organisation_id = :owner, node_id = :node WHERE id = :id", **place)
        else:
            _do("DELETE FROM printer_hours WHERE printer_id = :id", id=house["id"])
            _do("DELETE FROM printer WHERE id = :id", id=house["id"])


def _users_of(house: int) -> set[int]:
    found = {
        row["organisation_id"]
        for table, organisation in USES
        for row in _rows(f"SELECT ({organisation}) AS organisation_id FROM {table} WHERE printer_id = :id", id=house)
    }
    return {*found, *(row["organisation_id"] for row in _settings() if house in _chosen(row))}


def _copied(house: dict[str, Any], owner: int, node: int) -> int:
    """The id of a row of its own for that organisation, with the house's hours."""
    columns = ", ".join(KEPT)
    _do(
        f"INSERT INTO printer ({columns}, organisation_id, node_id) "
        f"SELECT {columns}, :owner, :node FROM printer WHERE id = :id",
        owner=owner,
        node=node,
        id=house["id"],
    )
    own = _rows(
        "SELECT id FROM printer WHERE organisation_id = :owner AND name = :name", owner=owner, name=house["name"]
    )
    for hours in _rows("SELECT * FROM printer_hours WHERE printer_id = :id", id=house["id"]):
        names = [name for name in hours if name != "printer_id"]
        _do(
            f"INSERT INTO printer_hours (printer_id, {', '.join(names)}) "
            f"SELECT :own, {', '.join(names)} FROM printer_hours WHERE printer_id = :id",
            own=own[0]["id"],
            id=house["id"],
        )
    return int(own[0]["id"])


def _move(house: int, own: int, owner: int) -> None:
    """Whatever of that organisation named the house names its own row."""
    for table, organisation in USES:
        _do(
            f"UPDATE {table} SET printer_id = :own WHERE printer_id = :house AND ({organisation}) = :owner",
            own=own,
            house=house,
            owner=owner,
        )
    for row in _settings():
        if row["organisation_id"] == owner and house in _chosen(row):
            value = sorted(own if each == house else each for each in _chosen(row))
            _do(
                "UPDATE node_setting SET value = :value WHERE node_id = :node AND name = 'printers'",
                value=json.dumps(value),
                node=row["node_id"],
            )


def _settings() -> list[dict[str, Any]]:
    return _rows(
        "SELECT node_setting.node_id, node_setting.value, node.organisation_id FROM node_setting "
        "JOIN node ON node.id = node_setting.node_id WHERE node_setting.name = 'printers'"
    )


def _chosen(setting: dict[str, Any]) -> list[int]:
    value = setting["value"]
    return list(json.loads(value) if isinstance(value, str) else value)


def _rows(statement: str, **said: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(statement), said).mappings()]


def _do(statement: str, **said: Any) -> None:
    op.get_bind().execute(sa.text(statement), said)


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before.")
