"""The studio: steps of edits, named versions, variants, looks of proofs, the shelf of pictures, uploads in pieces"""

import sqlalchemy as sa
from alembic import op

from leaflets.storage import base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = base.UtcDateTime(timezone=True)
    for column, length, value in (("device", 40, ""), ("step", 64, ""), ("act", 12, "typed"), ("of_step", 64, "")):
        op.add_column("zone_edit", sa.Column(column, sa.String(length), server_default=value, nullable=False))
    kept, undecided = sa.text("version IS NULL"), sa.text("version IS NULL AND settled_at IS NULL")
    op.create_index("ix_zone_edit_newest", "zone_edit", ["leaflet_id", "id"])
    op.create_index("ix_zone_edit_own", "zone_edit", ["leaflet_id", "by", "id"])
    op.create_index("ix_zone_edit_kept", "zone_edit", ["leaflet_id", "id"], sqlite_where=kept, postgresql_where=kept)
    op.create_index(
        "ix_zone_edit_undecided", "zone_edit", ["leaflet_id"], sqlite_where=undecided, postgresql_where=undecided
    )
    op.add_column("leaflet", sa.Column("language", sa.String(12), server_default="", nullable=False))
    op.add_column("leaflet", sa.Column("place", sa.String(200), server_default="", nullable=False))
    op.add_column("leaflet", sa.Column("local_zones", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("leaflet", sa.Column("op_id", sa.String(64), nullable=True))
    op.create_index(op.f("ix_leaflet_op_id"), "leaflet", ["op_id"], unique=True)
    _add_reference("leaflet", "variant_of_id", "leaflet")
    op.create_index(op.f("ix_leaflet_variant_of_id"), "leaflet", ["variant_of_id"])
    op.add_column("proof", sa.Column("look", sa.String(8), server_default="screen", nullable=False))
    op.add_column("proof", sa.Column("places", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("proof", sa.Column("rooms", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("proof", sa.Column("of_edit", sa.Integer(), nullable=True))
    for column, length in (("credit", 200), ("rights", 20), ("alt", 300)):
        op.add_column("picture", sa.Column(column, sa.String(length), server_default="", nullable=False))
    op.add_column("picture", sa.Column("removed_at", moment, nullable=True))
    _add_reference("picture", "removed_by", "person")
    op.create_table(
        "named_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_named_version_leaflet_id")),
        sa.ForeignKeyConstraint(["edit_id"], ["zone_edit.id"], name=op.f("fk_named_version_edit_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_named_version_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_version")),
        sa.UniqueConstraint("leaflet_id", "edit_id", name=op.f("uq_named_version_leaflet_id_edit_id")),
    )
    op.create_table(
        "proof_read",
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_proof_read_leaflet_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_proof_read_by")),
        sa.PrimaryKeyConstraint("leaflet_id", "content_hash", "by", name=op.f("pk_proof_read")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("picture_hash", sa.String(64), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("touched_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_upload_campaign_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_upload_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_touched_at"), "upload", ["touched_at"])


def _add_reference(table: str, column: str, to: str) -> None:
    """A column that may be empty and points to another table.

    Both databases take this in one statement; Alembic would copy the table on SQLite, which its rows' own references
    forbid.
    """
    name = op.f(f"fk_{table}_{column}")
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {to} (id)")


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before.")
