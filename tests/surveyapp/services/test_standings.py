"""Where an interview stands: found by whoever holds its link or its phone, and by nobody else."""

from __future__ import annotations

import pytest
from builders import NOON, SECRET_KEY, find_token, publish
from sqlalchemy import func, select

from surveyapp.database import Database
from surveyapp.errors import NotFoundError
from surveyapp.models import Interview
from surveyapp.services.interviews import start_phone_interview
from surveyapp.services.standings import find_by_phone, find_interview, find_round_facts


def test_looking_at_a_personal_link_begins_nothing(database: Database) -> None:
    token = find_token(database, publish(database), "Amina")
    with database.reading() as session:
        standing = find_interview(session, token, NOON)
        assert (standing.state, standing.id) == ("invited", None)
        assert session.scalar(select(func.count()).select_from(Interview)) == 0


def test_an_unknown_token_is_not_found(database: Database) -> None:
    publish(database)
    with database.reading() as session, pytest.raises(NotFoundError):
        find_interview(session, "a" * 26, NOON)


def test_a_phone_finds_its_interview_in_its_own_round_alone(database: Database) -> None:
    round_ = publish(database, keyword="FEEDBACK")
    with database.writing() as session:
        facts = find_round_facts(session, round_.code)
        begun = start_phone_interview(session, facts, "+12025550177", language="en", secret_key=SECRET_KEY, now=NOON)
        assert find_by_phone(session, round_.id, "+12025550177", NOON).id == begun.id
        for wrong in ((round_.id, "+12025550178"), (round_.id + 1, "+12025550177")):
            with pytest.raises(NotFoundError):
                find_by_phone(session, *wrong, NOON)
