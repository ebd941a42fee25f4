"""What an organisation calls somebody whom only others knew, until they sign in"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_grant", sa.Column("called", sa.String(200), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before.")
