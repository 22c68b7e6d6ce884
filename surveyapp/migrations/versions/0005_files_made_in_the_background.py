"""Files that are made in the background."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0005"
down_revision = "0004"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = surveyapp.models.UtcDateTime(timezone=True)
STATES = "state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')"


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("round_id", BIG_ID, nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("requested_by", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("expires_at", TIME, nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_exports_state")),
        sa.CheckConstraint("level IN ('summary', 'research', 'restricted')", name=op.f("ck_exports_level")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_exports_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    with op.batch_alter_table("exports") as batch:
        batch.create_index(batch.f("ix_exports_round_id"), ["round_id"], unique=False)
        batch.create_index("ix_exports_state", ["state", "lease_until"], unique=False)
