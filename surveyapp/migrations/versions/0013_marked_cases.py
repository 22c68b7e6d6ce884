"""What staff say of cases that nobody can answer for."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0013"
down_revision = "0012"

STATE = "state IN ('invited', 'started', 'finished', 'declined')"
MARKS = "'language', 'illness', 'death', 'other', 'duplicate', 'not_a_stakeholder', 'wrong_person'"


def upgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.add_column(sa.Column("mark", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("marked_at", surveyapp.models.UtcDateTime(timezone=True), nullable=True))
        if op.get_bind().dialect.name == "sqlite":
            # Making the table anew there leaves out what it checks: that rule is said again.
            batch.create_check_constraint(batch.f("ck_invitations_state"), STATE)
        batch.create_check_constraint(batch.f("ck_invitations_mark"), f"mark IN ({MARKS})")
