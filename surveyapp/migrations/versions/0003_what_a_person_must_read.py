"""Texts that wait for a person, rounds that wait for a phone, and when a question was texted last."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0003"
down_revision = "0002"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = surveyapp.models.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("interviews") as batch:
        batch.add_column(sa.Column("asked_at", TIME, nullable=True))
    with op.batch_alter_table("inbound_messages") as batch:
        batch.add_column(sa.Column("offered", sa.JSON(), nullable=True))
    op.create_table(
        "unread_replies",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("message_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("round_id", BIG_ID, nullable=True),
        sa.Column("interview_id", BIG_ID, nullable=True),
        sa.Column("question", sa.String(length=80), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("resolved_by", sa.String(length=254), nullable=True),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('unreadable', 'peace', 'loop')", name=op.f("ck_unread_replies_kind")),
        sa.CheckConstraint("outcome IN ('read', 'kept', 'stopped', 'seen')", name=op.f("ck_unread_replies_outcome")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["inbound_messages.id"], name=op.f("fk_unread_replies_message_id_inbound_messages")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_unread_replies_round_id_rounds")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_unread_replies_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unread_replies")),
        sa.UniqueConstraint("message_id", "kind", name=op.f("uq_unread_replies_message_id_kind")),
    )
    op.create_index("ix_unread_replies_round_id_outcome", "unread_replies", ["round_id", "outcome"])
    op.create_index(op.f("ix_unread_replies_interview_id"), "unread_replies", ["interview_id"])
    op.create_table(
        "waiting_rounds",
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("round_id", BIG_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_waiting_rounds_round_id_rounds")),
        sa.PrimaryKeyConstraint("phone", "round_id", name=op.f("pk_waiting_rounds")),
    )
