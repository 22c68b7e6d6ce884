"""Room for the questions of rows among the texts that a person must read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("unread_replies", schema=None) as batch_op:
        batch_op.alter_column("question", existing_type=sa.String(length=80), type_=sa.String(length=100))
