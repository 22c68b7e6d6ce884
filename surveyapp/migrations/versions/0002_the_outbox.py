"""The outbox: texts that we begin to send, the rate and cost they keep, and who runs the jobs."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    with op.batch_alter_table("heartbeats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heartbeats_at"), ["at"], unique=False)

    op.create_table(
        "senders",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("free_at", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_senders")),
    )
    op.create_table(
        "sending_pauses",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_sending_pauses")),
    )
    op.create_table(
        "sending_tallies",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("segments", sa.BigInteger(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day", name=op.f("pk_sending_tallies")),
    )
    op.create_table(
        "outbound_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("interview_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(length=32), nullable=True),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("error_code", sa.String(length=20), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", surveyapp.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("resent", sa.Boolean(), nullable=False),
        sa.Column("not_before", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("valid_until", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempted_at", surveyapp.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", surveyapp.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", surveyapp.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f("ck_outbound_messages_kind")),
        sa.CheckConstraint(
            "state IN ('queued', 'attempting', 'unknown', 'sent', 'delivered', 'failed', 'cancelled')",
            name=op.f("ck_outbound_messages_state"),
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_outbound_messages_interview_id_interviews")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_outbound_messages_invitation_id_invitations")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_outbound_messages_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_outbound_messages_key")),
    )
    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.create_index("ix_outbound_messages_due", ["round_id", "state", "not_before"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbound_messages_interview_id"), ["interview_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbound_messages_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index("ix_outbound_messages_page", ["round_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbound_messages_phone"), ["phone"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbound_messages_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index("ix_outbound_messages_state", ["state", "not_before"], unique=False)

    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("budget_micros", sa.BigInteger(), nullable=True))
