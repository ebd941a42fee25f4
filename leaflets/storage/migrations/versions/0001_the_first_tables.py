"""The first tables"""

import sqlalchemy as sa
from alembic import op

from leaflets.storage import base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_link_person_id_person")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_person_id"), "sign_in_link", ["person_id"], unique=False)
    op.create_table(
        "press_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("needed_by", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("estimate_key", sa.String(length=120), nullable=False),
        sa.Column("estimate_s", sa.Float(), nullable=False),
        sa.Column("urgent_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lost_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=False),
        sa.Column("lease_until", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("fraction", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("output_hash", sa.String(length=64), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_job")),
    )
    with op.batch_alter_table("press_job", schema=None) as batch_op:
        for name, by, rows in (
            ("ix_press_job_claim", "urgent_at", "state = 'waiting'"),
            ("ix_press_job_aged", "urgent_at", "state = 'waiting' AND urgent_at < lost_at"),
            ("ix_press_job_lost", "lost_at", "state = 'waiting'"),
        ):
            batch_op.create_index(
                name,
                ["lane", by, "id", "not_before"],
                unique=False,
                sqlite_where=sa.text(rows),
                postgresql_where=sa.text(rows),
            )
        batch_op.create_index("ix_press_job_estimate", ["estimate_key", "finished_at"], unique=False)
        batch_op.create_index(
            "ix_press_job_lease",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.create_index("ix_press_job_subject", ["kind", "subject_id"], unique=False)

    op.create_table(
        "printer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("standard", sa.String(length=8), nullable=False),
        sa.Column("marks", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.String(length=64), nullable=False),
        sa.Column("ink_limit_percent", sa.Integer(), nullable=False),
        sa.Column("min_ppi", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("name", name=op.f("uq_printer_name")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kit", sa.String(length=64), nullable=False),
        sa.Column("election_title", sa.String(length=200), nullable=False),
        sa.Column("election_area", sa.String(length=200), nullable=False),
        sa.Column("polling_day", sa.String(length=60), nullable=False),
        sa.Column("candidate", sa.String(length=200), nullable=False),
        sa.Column("promoter", sa.String(length=200), nullable=False),
        sa.Column("promoter_address", sa.String(length=400), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=False),
        sa.Column("on_behalf_of_address", sa.String(length=400), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_campaign_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_audit_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index("ix_audit_subject", ["subject", "subject_id", "id"], unique=False)

    op.create_table(
        "leaflet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("template_name", sa.String(length=64), nullable=False),
        sa.Column("template_version", sa.String(length=32), nullable=False),
        sa.Column("kit", sa.String(length=64), nullable=False),
        sa.Column("election_title", sa.String(length=200), nullable=False),
        sa.Column("election_area", sa.String(length=200), nullable=False),
        sa.Column("polling_day", sa.String(length=60), nullable=False),
        sa.Column("candidate", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_leaflet_campaign_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_leaflet_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaflet")),
    )
    with op.batch_alter_table("leaflet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaflet_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_membership_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("person_id", "campaign_id", "role", name=op.f("uq_membership_person_id_campaign_id_role")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("original_hash", sa.String(length=64), nullable=False),
        sa.Column("master_hash", sa.String(length=64), nullable=True),
        sa.Column("proxy_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=True),
        sa.Column("height_px", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_picture_campaign_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_picture_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("campaign_id", "original_hash", name=op.f("uq_picture_campaign_id_original_hash")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_picture_original_hash"), ["original_hash"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_revision_created_by")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_revision_leaflet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("leaflet_id", "content_hash", name=op.f("uq_revision_leaflet_id_content_hash")),
    )
    op.create_table(
        "zone_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_zone_edit_by")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_zone_edit_leaflet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_edit")),
        sa.UniqueConstraint("leaflet_id", "op_id", name=op.f("uq_zone_edit_leaflet_id_op_id")),
    )
    with op.batch_alter_table("zone_edit", schema=None) as batch_op:
        batch_op.create_index("ix_zone_edit_history", ["leaflet_id", "zone", "id"], unique=False)

    op.create_table(
        "zone_text",
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_zone_text_by")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_zone_text_leaflet_id")),
        sa.PrimaryKeyConstraint("leaflet_id", "zone", name=op.f("pk_zone_text")),
    )
    op.create_table(
        "press_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("needed_by", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("pdf_hash", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("placed_by", sa.Integer(), nullable=False),
        sa.Column("placed_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_press_order_leaflet_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["person.id"], name=op.f("fk_press_order_placed_by")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_press_order_printer_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_press_order_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_order")),
    )
    with op.batch_alter_table("press_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_press_order_leaflet_id"), ["leaflet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_press_order_printer_id"), ["printer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_press_order_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leaflet_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("copyfit", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_proof_asked_by")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_proof_leaflet_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_proof_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.create_index("ix_proof_leaflet_id_id", ["leaflet_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proof_revision_id"), ["revision_id"], unique=False)
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The first tables are everything there is: drop the database instead.")
