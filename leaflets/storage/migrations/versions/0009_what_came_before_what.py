"""The database says what came before what, and who wrote what; orders keep their place; names may be shared"""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# When words of a message ended, for good or in this version.
ENDED = "coalesce((SELECT withdrawn_at FROM message WHERE message.id = message_text.message_id), message_text.ended_at)"
# Row: what is numbered, and the moment at which it was made.
NUMBERED = {
    "last_edit_id": ("zone_edit", "at"),
    "last_pass_id": ("zone_pass", "at"),
    "last_approval_id": ("approval", "at"),
}
# What each place began with when a zone became its own: the words that all had shared until then, and their writer.
SPLIT = """
    SELECT edit.id, edit.leaflet_id, edit.zone, (
        SELECT earlier."by" FROM zone_edit AS earlier
        WHERE earlier.leaflet_id = leaflet.variant_of_id AND earlier.zone = edit.zone
            AND earlier.version IS NOT NULL AND earlier.id < edit.id
        ORDER BY earlier.id DESC LIMIT 1
    ) AS writer
    FROM zone_edit AS edit JOIN leaflet ON leaflet.id = edit.leaflet_id
    WHERE leaflet.variant_of_id IS NOT NULL AND edit.version = 0
"""
WAITING = """
    SELECT submission.id, submission.leaflet_id, submission.sent_at, leaflet.variant_of_id, main.local_zones
    FROM submission JOIN leaflet ON leaflet.id = submission.leaflet_id
    LEFT JOIN leaflet AS main ON main.id = leaflet.variant_of_id
    WHERE submission.state = 'waiting'
"""
WROTE = """
    SELECT edit.zone, coalesce(edit.written_by, edit."by") AS writer FROM zone_edit AS edit
    JOIN submission ON submission.id = :submission
    WHERE edit.leaflet_id = :leaflet AND edit.version IS NOT NULL AND edit.at <= submission.sent_at
    ORDER BY edit.id
"""


def upgrade() -> None:
    _say_who_wrote()
    _number_what_ended()
    op.create_table(
        "message_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_due"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_due_leaflet_id", "message_due", ["leaflet_id"])
    _do("INSERT INTO message_due (leaflet_id) SELECT id FROM leaflet ORDER BY id")
    op.drop_table("message_look")
    with op.batch_alter_table("organisation") as organisation:
        organisation.drop_constraint("uq_organisation_name", type_="unique")
    op.add_column("identity_provider", sa.Column("asked_domains", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("press_order", sa.Column("way", sa.String(200), server_default="", nullable=False))
    _do(
        "UPDATE press_order SET way = coalesce((SELECT node.path FROM leaflet "
        "JOIN campaign ON campaign.id = leaflet.campaign_id JOIN node ON node.id = campaign.node_id "
        "WHERE leaflet.id = press_order.leaflet_id), '')"
    )


def _say_who_wrote() -> None:
    for table in ("zone_text", "zone_edit", "review_zone"):
        _do(
            f"ALTER TABLE {table} ADD COLUMN written_by INTEGER "
            f"CONSTRAINT fk_{table}_written_by REFERENCES person (id)"  # as a copy of the table would, without one
        )
    for row in _rows(SPLIT):
        said = {"writer": row["writer"], "leaflet": row["leaflet_id"], "zone": row["zone"]}
        _do('UPDATE zone_edit SET written_by = :writer WHERE id = :id AND "by" <> :writer', id=row["id"], **said)
        _do(
            "UPDATE zone_text SET written_by = :writer "
            'WHERE leaflet_id = :leaflet AND zone = :zone AND version = 0 AND "by" <> :writer',
            **said,
        )
    op.add_column("submission", sa.Column("writers", sa.JSON(), server_default="{}", nullable=False))
    for sent in _rows(WAITING):
        writers = _writers(sent)
        _do("UPDATE submission SET writers = :writers WHERE id = :id", writers=json.dumps(writers), id=sent["id"])
        zones: dict[int, list[str]] = defaultdict(list)
        for zone, writer in writers.items():
            zones[writer].append(zone)
        for writer, mine in zones.items():
            wrote = sa.text(
                "UPDATE review_zone SET written_by = :writer WHERE submission_id = :id AND zone IN :zones"
            ).bindparams(sa.bindparam("zones", expanding=True))
            op.get_bind().execute(wrote, {"writer": writer, "id": sent["id"], "zones": mine})


def _writers(sent: Mapping[str, Any]) -> dict[str, int]:
    """Who wrote each zone of what waits, last before it was sent; shared words are kept on the main leaflet."""
    own = {row["zone"]: row["writer"] for row in _wrote(sent, sent["leaflet_id"])}
    if sent["variant_of_id"] is None:
        return own
    kept = sent["local_zones"]
    local = set(json.loads(kept) if isinstance(kept, str) else kept)
    shared = {row["zone"]: row["writer"] for row in _wrote(sent, sent["variant_of_id"])}
    return {zone: writer for zone, writer in shared.items() if zone not in local} | {
        zone: writer for zone, writer in own.items() if zone in local
    }


def _wrote(sent: Mapping[str, Any], leaflet: int) -> list[dict[str, Any]]:
    return _rows(WROTE, submission=sent["id"], leaflet=leaflet)


def _number_what_ended() -> None:
    op.add_column("message_text", sa.Column("ends", sa.Integer(), server_default="0", nullable=False))
    op.add_column("message_use", sa.Column("ends", sa.Integer(), server_default="0", nullable=False))
    _do(
        "UPDATE message_text SET ends = CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END + CASE WHEN EXISTS (SELECT 1 "
        "FROM message WHERE message.id = message_text.message_id AND message.withdrawn_at IS NOT NULL) "
        "THEN 1 ELSE 0 END"
    )
    for name, (table, moment) in NUMBERED.items():
        op.add_column("message_text", sa.Column(name, sa.Integer(), nullable=True))
        _do(
            f"UPDATE message_text SET {name} = (SELECT coalesce(max(id), 0) FROM {table} "
            f"WHERE {table}.{moment} <= {ENDED}) WHERE ends > 0"
        )
    _do(
        "UPDATE message_use SET ends = (SELECT message_text.ends - CASE WHEN message_text.ends > 0 "
        f"AND message_use.at <= {ENDED} THEN 1 ELSE 0 END "
        "FROM message_text WHERE message_text.id = message_use.text_id)"
    )
    op.drop_column("message_use", "at")


def _rows(statement: str, **said: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(statement), said).mappings()]


def _do(statement: str, **said: Any) -> None:
    op.get_bind().execute(sa.text(statement), said)


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before.")
