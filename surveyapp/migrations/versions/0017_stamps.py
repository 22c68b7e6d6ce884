"""A stamp on every interview, so that whether anything changed is seen without reading it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    # what is there already has none; it gets one with its next change
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.alter_column("stamp", existing_type=sa.BigInteger(), server_default=None)
        batch_op.create_index("ix_interviews_round_id_id", ["round_id", "id", "updated_at", "stamp"], unique=False)
