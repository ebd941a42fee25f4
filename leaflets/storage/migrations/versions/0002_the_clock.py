"""The tree, elections, durations, plans, alerts and objections"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from leaflets.storage import base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


ROOTS = (
    "INSERT INTO node (organisation_id, tier, name, nation, code, path, created_at) "
    "SELECT id, 'organisation', name, '', '', '', created_at FROM organisation",
    "UPDATE node SET path = '/' || id || '/'",
    "UPDATE campaign SET node_id = (SELECT id FROM node WHERE node.organisation_id = campaign.organisation_id)",
)


def upgrade() -> None:
    op.create_table(
        "election",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("polling_day", sa.Date(), nullable=False),
        sa.Column("nominations_close", sa.Date(), nullable=True),
        sa.Column("suspended", sa.Text(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_election_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election")),
        sa.UniqueConstraint("organisation_id", "ref", name=op.f("uq_election_organisation_id_ref")),
    )
    op.create_index(op.f("ix_election_polling_day"), "election", ["polling_day"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("written_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_letter_waiting",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "node",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("nation", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_node_organisation_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["node.id"], name=op.f("fk_node_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
        sa.UniqueConstraint("parent_id", "tier", "name", name=op.f("uq_node_parent_id_tier_name")),
    )
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_node_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_node_path"), ["path"], unique=False)

    op.create_table(
        "printer_hours",
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("confidence", sa.String(length=1), nullable=False),
        sa.Column("ruled_by", sa.String(length=200), nullable=False),
        sa.Column("cut_off", sa.Time(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("open_weekdays", sa.String(length=7), nullable=False),
        sa.Column("closed_dates", sa.JSON(), nullable=False),
        sa.Column("works_bank_holidays", sa.Boolean(), nullable=False),
        sa.Column("set_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_printer_hours_printer_id")),
        sa.PrimaryKeyConstraint("printer_id", name=op.f("pk_printer_hours")),
    )
    op.create_table(
        "dispatch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("for_polling_day", sa.Date(), nullable=False),
        sa.Column("council", sa.String(length=200), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("second", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"], name=op.f("fk_dispatch_election_id")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_dispatch_node_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_dispatch_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatch_election_id"), ["election_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatch_node_id"), ["node_id"], unique=False)

    op.create_table(
        "duration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("confidence", sa.String(length=1), nullable=False),
        sa.Column("ruled_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_duration_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duration")),
        sa.UniqueConstraint("node_id", "name", name=op.f("uq_duration_node_id_name")),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_post_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("person_id", "node_id", "role", name=op.f("uq_post_person_id_node_id_role")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_node_id"), ["node_id"], unique=False)

    op.create_table(
        "campaign_election",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_election_campaign_id")),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"], name=op.f("fk_campaign_election_election_id")),
        sa.PrimaryKeyConstraint("campaign_id", "election_id", name=op.f("pk_campaign_election")),
    )
    with op.batch_alter_table("campaign_election", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_election_election_id"), ["election_id"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("told_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_alert_leaflet_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_leaflet_id"), ["leaflet_id"], unique=False)
        batch_op.create_index(
            "ix_alert_unseen",
            ["person_id", "id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )

    op.create_table(
        "leaflet_election",
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"], name=op.f("fk_leaflet_election_election_id")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_leaflet_election_leaflet_id")),
        sa.PrimaryKeyConstraint("leaflet_id", "election_id", name=op.f("pk_leaflet_election")),
    )
    with op.batch_alter_table("leaflet_election", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaflet_election_election_id"), ["election_id"], unique=False)

    op.create_table(
        "step_done",
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_step_done_by")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_step_done_leaflet_id")),
        sa.PrimaryKeyConstraint("leaflet_id", "step", name=op.f("pk_step_done")),
    )
    op.create_table(
        "watch",
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("looked_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_watch_leaflet_id")),
        sa.PrimaryKeyConstraint("leaflet_id", name=op.f("pk_watch")),
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_looked_at"), ["looked_at"], unique=False)

    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_objection_answered_by")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_objection_leaflet_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_objection_made_by")),
        sa.ForeignKeyConstraint(["order_id"], ["press_order.id"], name=op.f("fk_objection_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_leaflet_id"), ["leaflet_id"], unique=False)

    _add_reference("campaign", "node_id", "node")
    op.create_index(op.f("ix_campaign_node_id"), "campaign", ["node_id"], unique=False)
    _add("leaflet", sa.Column("landing", sa.String(length=30), nullable=False), default="before-postal-votes")
    _add("leaflet", sa.Column("landing_on", sa.Date(), nullable=True))
    _add("leaflet", sa.Column("route", sa.String(length=20), nullable=False), default="hand-delivery")
    _add_reference("leaflet", "printer_id", "printer")
    _add("press_order", sa.Column("wanted_by", base.UtcDateTime(timezone=True), nullable=True))
    _add("press_order", sa.Column("after_postal_votes", sa.Boolean(), nullable=False), default=sa.false())
    _add("press_order", sa.Column("going_ahead_because", sa.Text(), nullable=False), default="")
    _add("press_order", sa.Column("names_polling_day", sa.Boolean(), nullable=False), default=sa.false())
    for statement in ROOTS:
        op.execute(statement)


def _add(table: str, column: sa.Column[Any], default: Any = None) -> None:
    """What was there before gets the default; afterwards the program always says what it means."""
    column.server_default = None if default is None else sa.DefaultClause(default)
    op.add_column(table, column)


def _add_reference(table: str, column: str, other: str) -> None:
    """SQLite can add a reference only together with its column."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES {other} (id)")
        return
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, other, [column], ["id"])


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before.")
