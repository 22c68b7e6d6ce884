"""Publishing to a long list: in pieces, all or nothing, and seen by nobody before it is whole."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from builders import FEEDBACK, NOON, SECRET_KEY, publish
from outbox import MORNING, SENDING, Clock
from phones import Phone
from sqlalchemy import func, select

from surveyapp import publishing
from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.jobs import tick
from surveyapp.models import Base, Contact, Invitation, OutboundMessage, Round
from surveyapp.services.contacts import ContactList, read_contacts
from surveyapp.services.preparing import LEASE
from surveyapp.services.publishing import begin_round, finish_round, invite_people
from surveyapp.services.rounds import find_round, list_rounds

PARTNERSHIP = "Hill Country"


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch):
    """Make a long list of few people."""
    monkeypatch.setattr(publishing, "PIECE", 3)
    monkeypatch.setattr("surveyapp.services.preparing.PIECE", 2)


def build_list(count: int = 10, more: str = "") -> ContactList:
    """Give so many people who agreed to be texted."""
    rows = "".join(f"P{n},+120255501{n:02},,yes\n" for n in range(count))
    return read_contacts(f"name,phone,email,consent\n{rows}{more}")


def build_begin(people: ContactList, **wishes: object):
    """Give how the round is begun."""
    facts = {
        "definition": FEEDBACK.read_bytes(),
        "name": "Long",
        "partnership": PARTNERSHIP,
        "parameters": {"partnership": PARTNERSHIP},
        "contacts": people,
        "keyword": "LONG",
        "sending": SENDING,
        "actor": "coordinator@example.org",
        "secret_key": SECRET_KEY,
        **wishes,
    }
    return partial(begin_round, **facts)


def count_rows(database) -> dict[str, int]:
    """Count what every table holds."""
    with database.reading() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def begin_by_hand(database, people: ContactList, clock: Clock, **wishes: object):
    """Prepare a round as somebody does who is killed before it is whole."""
    with database.writing() as session:
        draft = build_begin(people, **wishes)(session, hidden=True, now=clock())
        invite_people(session, draft, people.contacts[:5], clock())
    return draft


def test_a_long_list_is_published_whole_and_nobody_sees_it_before(database):
    seen = []

    def look(count: int) -> None:
        with database.reading() as session:
            seen.append((count, len(list_rounds(session))))
            with pytest.raises(NotFoundError):
                find_round(session, "Long")
        assert "Question" not in (Phone(database, "+12025550177", now=MORNING).text("LONG") or "")

    people = build_list()
    round_ = publishing.publish(database, build_begin(people), people.contacts, Clock(), look)
    assert seen == [(3, 0), (3, 0), (3, 0), (1, 0)]
    with database.reading() as session:
        found = find_round(session, "Long")
        assert (found.id, found.state, found.keyword, found.preparing_until) == (round_.id, "published", "LONG", None)
        assert session.scalar(select(func.count()).select_from(Invitation)) == 10
        assert session.scalar(select(func.count()).select_from(OutboundMessage)) == 10


def test_a_fault_in_the_middle_leaves_nothing(database):
    publish(database, partnership=PARTNERSHIP, contacts="name,phone,email\nA,+12025550191,\nB,,b@example.org\n")
    before = count_rows(database)
    people = build_list(8, "Both,+12025550191,b@example.org,yes\n")
    with pytest.raises(InvalidError):
        publishing.publish(database, build_begin(people), people.contacts, Clock())
    assert count_rows(database) == before


def test_what_a_killed_process_left_is_cleared_away_once_its_lease_is_over(database, settings):
    clock, people = Clock(), build_list()
    before = count_rows(database)
    draft = begin_by_hand(database, people, clock)
    with pytest.raises(ConflictError, match="being published at this moment"):
        publishing.publish(database, build_begin(people), people.contacts, clock)
    clock.pass_by(LEASE.total_seconds() + 1)
    assert tick(database, settings, clock)["broken off"] == 1
    assert {**count_rows(database), "job_marks": 0} == before
    # Whoever was only stopped, and goes on now, finds that it is over.
    for go_on in (
        lambda s: invite_people(s, draft, people.contacts[5:], clock()),
        lambda s: finish_round(s, draft, 10, clock()),
    ):
        with pytest.raises(ConflictError, match="stood still"), database.writing() as session:
            go_on(session)
    assert publishing.publish(database, build_begin(people), people.contacts, clock).state == "published"


def test_a_lease_from_a_clock_that_was_set_back_ends_too(database):
    clock = Clock(MORNING + timedelta(days=3))
    begin_by_hand(database, build_list(), clock)
    assert publishing.clear_broken_off(database, Clock()) == 1


def test_people_who_were_known_before_stay_and_are_brought_up_to_date(database):
    publish(database, partnership=PARTNERSHIP, contacts="name,phone\nOld name,+12025550101\n", now=NOON)
    clock = Clock()
    begin_by_hand(database, build_list(), clock)
    clock.pass_by(LEASE.total_seconds() + 1)
    publishing.clear_broken_off(database, clock)
    with database.reading() as session:
        assert session.scalars(select(Contact.name)).all() == ["P1"]
        assert session.scalars(select(Round.name)).all() == ["Spring 2026"]


def test_a_keyword_that_was_taken_meanwhile_leaves_nothing_half_done(database):
    people = build_list()

    def take_word(_: int) -> None:
        with database.reading() as session:
            taken = bool(list_rounds(session))
        if not taken:
            publish(database, keyword="LONG", contacts=None)

    with pytest.raises(ConflictError, match="answers to the keyword LONG"):
        publishing.publish(database, build_begin(people), people.contacts, Clock(), take_word)
    with database.reading() as session:
        assert session.scalars(select(Round.name)).all() == ["Spring 2026"]
        assert session.scalar(select(func.count()).select_from(Contact)) == 0


def test_a_short_list_is_published_in_one_piece(database):
    people = build_list(2)
    told = []
    assert publishing.publish(database, build_begin(people), people.contacts, Clock(), told.append).state == "published"
    assert told == [2]
