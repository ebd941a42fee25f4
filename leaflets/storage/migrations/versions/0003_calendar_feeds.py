"""Private addresses for people's calendars"""

import sqlalchemy as sa
from alembic import op

from leaflets.storage import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("made_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_calendar_feed_campaign_id")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_calendar_feed_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("person_id", "campaign_id", name=op.f("uq_calendar_feed_person_id_campaign_id")),
        sa.UniqueConstraint("person_id", "node_id", name=op.f("uq_calendar_feed_person_id_node_id")),
    )


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before.")
