"""Whether anybody came by text, without a look at every interview."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.create_index("ix_interviews_round_id_channel_first", ["round_id", "channel_first"], unique=False)
