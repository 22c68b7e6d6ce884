"""The roster that a round asks about, the entry that a respondent speaks for, and room for the names of rows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roster", sa.JSON(), nullable=True))
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_entry", sa.String(length=32), nullable=True))
        batch_op.alter_column("asked", existing_type=sa.String(length=32), type_=sa.String(length=100))
    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.alter_column("asked", existing_type=sa.String(length=32), type_=sa.String(length=100))
