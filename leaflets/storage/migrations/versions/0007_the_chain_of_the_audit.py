"""The audit becomes a chain of hashes, numbered without gaps, and says which place of the tree a row concerns"""

import sqlalchemy as sa
from alembic import op

from leaflets.domain.audit_chain import GENESIS, Entry, hash_of_entry
from leaflets.storage import base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 10_000
DROP_TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("DROP TRIGGER audit_append_only ON audit",),
}
MAKE_TRIGGERS = {  # as in 0001
    "sqlite": tuple(
        f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ),
}
AUDIT = sa.table(
    "audit",
    sa.column("id", sa.Integer()),
    sa.column("at", base.UtcDateTime(timezone=True)),
    *(sa.column(name, sa.Integer()) for name in ("person_id", "campaign_id", "node_id", "subject_id")),
    *(sa.column(name, sa.String()) for name in ("who", "what", "subject", "was", "became", "previous_hash", "hash")),
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in DROP_TRIGGERS[dialect]:
        op.execute(statement)
    op.add_column("audit", sa.Column("node_id", sa.Integer(), nullable=True))
    op.add_column("audit", sa.Column("previous_hash", sa.String(64), nullable=True))
    op.add_column("audit", sa.Column("hash", sa.String(64), nullable=True))
    op.execute(
        "UPDATE audit SET node_id = CASE WHEN subject = 'node' THEN subject_id "
        "ELSE (SELECT node_id FROM campaign WHERE campaign.id = audit.campaign_id) END"
    )
    _chain_the_rows_there_are()
    op.drop_index("ix_audit_at", "audit")  # the record is read from its end: by this index, days were read whole
    # A row is added under a lock that must wait for nothing, and a reference would lock the row referred to.
    with op.batch_alter_table("audit") as audit:
        audit.drop_constraint("fk_audit_campaign_id", type_="foreignkey")
        audit.drop_constraint("fk_audit_person_id", type_="foreignkey")
        audit.alter_column("previous_hash", existing_type=sa.String(64), nullable=False)
        audit.alter_column("hash", existing_type=sa.String(64), nullable=False)
    if dialect == "postgresql":  # a row that was given its number by anything but the chain is refused
        op.execute("ALTER TABLE audit ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE audit_id_seq")
    op.create_index("ix_audit_node_id", "audit", ["node_id", "id"])
    for statement in MAKE_TRIGGERS[dialect]:
        op.execute(statement)


def _chain_the_rows_there_are() -> None:
    connection = op.get_bind()
    last_id, last_hash = 0, GENESIS
    names = [column.name for column in AUDIT.columns if column.name not in ("previous_hash", "hash")]
    chain = AUDIT.update().where(AUDIT.c.id == sa.bindparam("row"))
    chain = chain.values(previous_hash=sa.bindparam("before"), hash=sa.bindparam("own"))
    while True:
        some = sa.select(*(AUDIT.c[name] for name in names)).where(AUDIT.c.id > last_id).order_by(AUDIT.c.id)
        rows = connection.execute(some.limit(BATCH)).mappings().all()
        if not rows:
            return
        links = []
        for row in rows:
            own = hash_of_entry(Entry(**row), last_hash)
            links.append({"row": row["id"], "before": last_hash, "own": own})
            last_id, last_hash = row["id"], own
        connection.execute(chain, links)


def downgrade() -> None:
    raise NotImplementedError("Go back by restoring the backup that was made before.")
