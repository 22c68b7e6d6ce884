"""The follow-up by text: which part of the questions an interview is at, and the text that begins the second."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.alter_column("part", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_outbound_messages_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_outbound_messages_kind"), "kind IN ('invitation', 'reminder', 'follow_up')"
        )
