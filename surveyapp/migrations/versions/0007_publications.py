"""The results of a round as they were last told."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0007"
down_revision = "0006"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = surveyapp.models.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column("round_id", BIG_ID, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("as_of", TIME, nullable=False),
        sa.Column("next_look", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_publications_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_publications")),
    )
