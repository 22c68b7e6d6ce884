"""Publishing: every fault at once and nothing changed, or a frozen round with its invitations."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from builders import FEEDBACK, NOON, SECRET_KEY, publish
from sqlalchemy import func, select

from surveyapp.database import Database
from surveyapp.errors import ConflictError, InvalidError
from surveyapp.models import AuditEntry, Contact, Invitation, Partnership, Round
from surveyapp.services.publishing import build_links
from surveyapp.services.tokens import hash_token


def count(database: Database, table) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def faults_of(database: Database, **wishes) -> list[str]:
    with pytest.raises(InvalidError) as refusal:
        publish(database, **wishes)
    return list(refusal.value.faults)


def test_the_definition_is_frozen_byte_for_byte(database: Database) -> None:
    round_ = publish(database)
    with database.reading() as session:
        frozen = session.scalars(select(Round)).one()
    assert frozen.definition == FEEDBACK.read_text(encoding="utf-8")
    assert (frozen.definition_id, frozen.definition_version) == ("partnership_feedback", "1.0.0")
    assert frozen.code == round_.code


def test_every_contact_gets_one_invitation_with_a_group_and_a_language(database: Database) -> None:
    round_ = publish(database)
    with database.reading() as session:
        rows = session.execute(
            select(Contact.name, Invitation.group, Invitation.language, Invitation.state)
            .join(Invitation)
            .where(Invitation.round_id == round_.id)
            .order_by(Contact.name)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("Amina", "community", "en", "invited"),
        ("Bruno", "government", "fr", "invited"),
        ("Chiara", "ngo_charity", "en", "invited"),
    ]


def test_the_database_keeps_no_personal_token_but_the_links_can_be_made_again(database: Database) -> None:
    round_ = publish(database)
    with database.reading() as session:
        links = list(build_links(session, round_, secret_key=SECRET_KEY, public_url="https://s.example.org"))
        hashes = set(session.scalars(select(Invitation.token_hash)))
    tokens = [row["link"].removeprefix("https://s.example.org/a/") for row in links]
    assert {hash_token(token) for token in tokens} == hashes
    assert [len(token) for token in tokens] == [26, 26, 26]


def test_a_second_round_knows_the_people_of_the_first(database: Database) -> None:
    publish(database)
    publish(database, name="Autumn 2026", contacts="name,phone,group\nAmina B.,+12025550101,government\n")
    assert count(database, Contact) == 3
    with database.reading() as session:
        amina = session.scalars(select(Contact).where(Contact.phone == "+12025550101")).one()
        groups = session.scalars(select(Invitation.group).where(Invitation.contact_id == amina.id)).all()
    assert amina.name == "Amina B."
    assert sorted(groups) == ["community", "government"]


def test_every_fault_is_said_at_once_and_nothing_is_stored(database: Database) -> None:
    faults = faults_of(
        database,
        name="",
        parameters={"partner": "X"},
        contacts="name,phone\nAmina,123\n",
        keyword="STOP",
        confidentiality="secret",
        closes_at=NOON - timedelta(days=1),
        timezone="Mars/Olympus",
    )
    text = "\n".join(faults)
    for word in ("Name:", "partner:", "Parameter partnership", "row 2", "STOP", "secret", "Closing time", "Mars"):
        assert word in text
    assert count(database, Round) == count(database, Contact) == count(database, Partnership) == 0


def test_a_broken_definition_is_refused_with_the_path_of_each_fault(database: Database) -> None:
    broken = json.loads(FEEDBACK.read_text(encoding="utf-8"))
    broken["sections"][0]["questions"][0]["tpye"] = broken["sections"][0]["questions"][0].pop("type")
    faults = faults_of(database, definition=json.dumps(broken))
    assert any("sections[0].questions[0]" in fault and "type" in fault for fault in faults)


def test_a_round_that_nobody_could_answer_is_refused(database: Database) -> None:
    assert any("nobody could answer" in fault for fault in faults_of(database, contacts=None))


def test_an_anonymous_round_cannot_be_answered_by_text(database: Database) -> None:
    (fault,) = faults_of(database, confidentiality="anonymous", keyword="FEEDBACK")
    assert "phone number is known" in fault


def test_a_parameter_that_would_not_fit_into_the_texts_is_refused(database: Database) -> None:
    (fault,) = faults_of(database, parameters={"partnership": "x" * 21})
    assert "21" in fault
    assert "20" in fault


def test_two_open_rounds_never_answer_to_the_same_keyword(database: Database) -> None:
    publish(database, keyword="feed back")
    with pytest.raises(ConflictError, match="FEEDBACK"):
        publish(database, name="Another", keyword="FEEDBACK")
    assert count(database, Round) == 1


def test_a_name_is_used_once_in_a_partnership(database: Database) -> None:
    publish(database)
    with pytest.raises(ConflictError, match="Spring 2026"):
        publish(database)
    publish(database, partnership="Another partnership")
    assert count(database, Round) == 2


def test_publishing_leaves_an_audit_line_without_any_name(database: Database) -> None:
    publish(database)
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry)).all()
    assert entry.action == "round.publish"
    assert entry.detail == {"definition": "partnership_feedback", "version": "1.0.0", "invitations": 3}
