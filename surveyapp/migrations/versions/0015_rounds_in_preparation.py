"""Rounds that nobody sees until they are whole."""

import sqlalchemy as sa
from alembic import op

import surveyapp.models

revision = "0015"
down_revision = "0014"

STATE = "state IN ('preparing', 'published', 'closed')"
CONFIDENTIALITY = "confidentiality IN ('named', 'confidential', 'anonymous')"


def upgrade() -> None:
    with op.batch_alter_table("rounds") as batch:
        batch.add_column(sa.Column("preparing_until", surveyapp.models.UtcDateTime(timezone=True), nullable=True))
        if op.get_bind().dialect.name == "sqlite":
            # Making the table anew there leaves out what it checks: both rules are said again.
            batch.create_check_constraint(batch.f("ck_rounds_confidentiality"), CONFIDENTIALITY)
        else:
            batch.drop_constraint(batch.f("ck_rounds_state"), type_="check")
        batch.create_check_constraint(batch.f("ck_rounds_state"), STATE)
