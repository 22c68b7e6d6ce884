"""Comments that a person has read."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0016"
down_revision = "0015"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "comment_readings",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("interview_id", BIG_ID, nullable=False),
        sa.Column("question", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("read_by", sa.String(length=254), nullable=False),
        sa.Column("read_at", surveyapp.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('shown', 'kept_back')", name=op.f("ck_comment_readings_outcome")),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_comment_readings_interview_id_interviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_readings")),
        sa.UniqueConstraint("interview_id", "question", name=op.f("uq_comment_readings_interview_id_question")),
    )
