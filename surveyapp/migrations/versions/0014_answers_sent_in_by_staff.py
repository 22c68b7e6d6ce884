"""Files with answers that staff send in."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0014"
down_revision = "0013"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = surveyapp.models.UtcDateTime(timezone=True)
STATES = "'queued', 'running', 'judged', 'faulty', 'done', 'failed', 'cancelled', 'expired'"


def upgrade() -> None:
    op.create_table(
        "answer_imports",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("round_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("wish", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("requested_by", sa.String(length=254), nullable=False),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_answer_imports_state")),
        sa.CheckConstraint("wish IN ('judge', 'import')", name=op.f("ck_answer_imports_wish")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_answer_imports_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_imports")),
    )
    with op.batch_alter_table("answer_imports") as batch:
        batch.create_index("ix_answer_imports_state", ["state", "lease_until"], unique=False)
        batch.create_index(batch.f("ix_answer_imports_round_id"), ["round_id"], unique=False)
