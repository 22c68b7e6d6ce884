"""Where the first texts of a long list stand, so that they can be written in batches."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("inviting_from", sa.BigInteger(), nullable=True))
