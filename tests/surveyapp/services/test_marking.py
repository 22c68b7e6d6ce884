"""What staff say of people who cannot answer, and what no text reached: one class for each case, everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON, find_token, publish
from invited import WEB, answer
from outbox import Post
from phones import Phone
from sqlalchemy import select, update

from surveyapp.database import Database
from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.gateways.base import NotAcceptedError
from surveyapp.models import AuditEntry, Contact, Invitation, OptOut, OutboundMessage
from surveyapp.services.exporting import build_study
from surveyapp.services.marking import find_person, list_marks, mark_case
from surveyapp.services.overview import list_invitations
from surveyapp.services.reminding import queue_reminders
from surveyapp.services.rounds import close_round, count_round, find_round
from surveyapp.services.states import find_state
from surveyapp.services.texting_rounds import invite_by_text

ACTOR = "coordinator@example.org"
LATER = NOON + timedelta(days=1)
PHONES = "name,phone,consent\nAmina,+12025550101,yes\nBruno,+12025550102,yes\n"


def find_seat(database: Database, round_, name: str) -> Invitation:
    with database.reading() as session:
        query = select(Invitation).join(Contact, Contact.id == Invitation.contact_id)
        return session.scalars(query.where(Invitation.round_id == round_.id, Contact.name == name)).one()


def mark(database: Database, round_, name: str, what: str | None, now=NOON) -> None:
    seat = find_seat(database, round_, name)
    with database.writing() as session:
        mark_case(session, find_round(session, round_.code), seat.id, what, actor=ACTOR, now=now)


def close(database: Database, round_, now=LATER) -> None:
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor=ACTOR, now=now)


def tell(database: Database, round_):
    """Give the round as research data: whole responses, cases, frame."""
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), LATER)
        return list(study.responses()), list(study.cases()), study.frame, list(study.events())


def sum_frame(frame) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in frame.cases.values():
        for name, count in row.items():
            total[name] = total.get(name, 0) + count
    return total


def test_a_mark_decides_the_class_of_a_case_that_nobody_answered_for(database):
    round_ = publish(database)
    mark(database, round_, "Amina", "illness")
    mark(database, round_, "Bruno", "duplicate")
    _, cases, frame, _ = tell(database, round_)
    assert sorted((case.disposition, case.code) for case in cases if case.code) == [("NE", "4.0"), ("O", "2.3")]
    assert sum_frame(frame) == {"O": 1, "NE": 1, "pending": 1}
    assert frame.eligible(everyone=True) == 2


def test_a_mark_is_audited_and_can_be_taken_back(database):
    round_ = publish(database)
    mark(database, round_, "Amina", "illness")
    mark(database, round_, "Amina", "illness")
    mark(database, round_, "Amina", None)
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.action == "case.mark")).all()
    assert [(act.actor, act.detail["before"], act.detail["mark"]) for act in acts] == [
        (ACTOR, None, "illness"),
        (ACTOR, "illness", None),
    ]
    assert "Amina" not in repr([act.detail for act in acts])
    assert sum_frame(tell(database, round_)[2]) == {"pending": 3}


def test_counts_and_lists_of_the_console_follow_the_marks(database):
    round_ = publish(database)
    mark(database, round_, "Amina", "duplicate")
    mark(database, round_, "Bruno", "language")
    with database.reading() as session:
        found = find_round(session, round_.code)
        counts = count_round(session, found)
        missing = list_invitations(session, found, state="missing")
        marked = list_invitations(session, found, state="marked")
    assert (counts.invited, counts.marked) == (3, {"duplicate": 1, "language": 1})
    assert [(line.group, line.invited, line.missing) for line in counts.by_group] == [
        ("community", 0, 0),
        ("government", 1, 0),
        ("ngo_charity", 1, 1),
    ]
    assert [person.contact.name for person in missing.people] == ["Chiara"]
    assert [person.mark for person in marked.people] == ["duplicate", "language"]


def test_in_a_named_round_the_answers_of_who_is_not_eligible_stay_in_the_rows_and_out_of_the_scores(database):
    round_ = publish(database, confidentiality="named")
    answer(database, find_token(database, round_, "Amina"), WEB)
    mark(database, round_, "Amina", "not_a_stakeholder")
    responses, cases, frame, _ = tell(database, round_)
    assert [one.disposition for one in responses] == ["NE"]
    assert {case.case_id for case in cases if case.disposition == "NE"} == {responses[0].response_id}
    assert sum_frame(frame) == {"NE": 1, "pending": 2}


def test_what_was_marked_in_a_confidential_round_is_no_way_to_anybodys_answers(database):
    round_ = publish(database)
    mark(database, round_, "Amina", "wrong_person")
    mark(database, round_, "Bruno", "other")
    for name in ("Amina", "Bruno"):
        answer(database, find_token(database, round_, name), WEB, finish=False)
    responses, _, frame, events = tell(database, round_)
    # one row less, and no row whose class is a mark: staff know whom they marked
    assert [one.disposition for one in responses] == ["pending"]
    assert {event.response_id for event in events} == {responses[0].response_id}
    assert sum_frame(frame) == {"NE": 1, "pending": 2}


@pytest.mark.parametrize("confidentiality", ["confidential", "anonymous"])
def test_where_names_and_answers_may_not_meet_nobody_who_has_begun_is_marked_or_brought_in(database, confidentiality):
    round_ = publish(database, confidentiality=confidentiality)
    mark(database, round_, "Bruno", "duplicate")
    for name in ("Amina", "Bruno"):
        answer(database, find_token(database, round_, name), WEB, finish=False)
    for name, wish in (("Amina", "duplicate"), ("Amina", "illness"), ("Bruno", None), ("Bruno", "illness")):
        with pytest.raises(ConflictError, match="would tell what they answered"):
            mark(database, round_, name, wish)


def test_an_anonymous_answer_counts_like_any_other_and_ends_the_mark(database):
    round_ = publish(database, confidentiality="anonymous")
    mark(database, round_, "Amina", "wrong_person")
    answer(database, find_token(database, round_, "Amina"), WEB)
    assert find_seat(database, round_, "Amina").mark is None
    responses, cases, frame, _ = tell(database, round_)
    assert [one.disposition for one in responses] == ["I"]
    assert sum_frame(frame) == {"I": 1, "pending": 2}
    assert len(cases) == 3


def test_a_closed_rounds_results_do_not_change_by_a_mark_on_somebody_who_answered(database):
    round_ = publish(database, confidentiality="named")
    answer(database, find_token(database, round_, "Amina"), WEB)
    close(database, round_)
    with pytest.raises(ConflictError, match="Reopen it"):
        mark(database, round_, "Amina", "duplicate", LATER)
    mark(database, round_, "Bruno", "duplicate", LATER)
    assert sum_frame(tell(database, round_)[2]) == {"I": 1, "NE": 1, "NC": 1}


def test_answers_outweigh_all_marks_but_not_eligible(database):
    round_ = publish(database, confidentiality="named")
    answer(database, find_token(database, round_, "Amina"), WEB)
    with pytest.raises(ConflictError, match="answers outweigh"):
        mark(database, round_, "Amina", "illness")
    seat = find_seat(database, round_, "Amina")
    assert list(list_marks(round_, seat, NOON)) == ["duplicate", "not_a_stakeholder", "wrong_person"]


def test_marks_that_do_not_exist_and_people_of_other_rounds_are_refused(database):
    round_, other = publish(database), publish(database, name="Other", contacts="name,email\nDora,d@example.org\n")
    with pytest.raises(InvalidError):
        mark(database, round_, "Amina", "boring")
    seat = find_seat(database, other, "Dora")
    with database.writing() as session, pytest.raises(NotFoundError):
        mark_case(session, find_round(session, round_.code), seat.id, "illness", actor=ACTOR, now=NOON)
    with database.reading() as session:
        assert find_person(session, round_, email="bruno@example.org") == find_seat(database, round_, "Bruno").id
        with pytest.raises(NotFoundError):
            find_person(session, round_, phone="+12025550199")


def test_a_marked_person_gets_no_text_any_more_and_their_place_back_with_the_mark_taken_away(database, settings):
    post = Post(database, settings, contacts=PHONES)
    with database.writing() as session:
        invite_by_text(session, post.round, settings.sending, actor=ACTOR, now=post.clock.now)
    mark(database, post.round, "Amina", "duplicate", post.clock.now)
    assert sorted((one.state, one.reason) for one in post.messages()) == [("cancelled", "marked"), ("queued", None)]
    mark(database, post.round, "Amina", None, post.clock.now)
    assert post.states() == ["queued", "queued"]
    post.deliver()
    assert len(post.gateway.taken) == 2
    mark(database, post.round, "Bruno", "illness", post.clock.now)
    post.clock.pass_by(30 * 3600)
    with database.writing() as session:
        assert queue_reminders(session, post.round, settings.sending, post.clock.now) == 1


def test_nobody_is_invited_who_was_marked_before(database, settings):
    post = Post(database, settings, contacts=PHONES)
    mark(database, post.round, "Amina", "wrong_person")
    with database.writing() as session:
        reach = invite_by_text(session, post.round, settings.sending, actor=ACTOR, now=post.clock.now)
    assert (reach.texts, dict(reach.left_out)) == (1, {"marked": 1})


def test_whom_no_text_reached_and_who_has_no_other_way_in_is_of_unknown_eligibility(database, settings):
    people = PHONES + "Chiara,+12025550103,yes\n"
    people = people.replace("consent", "consent,email").replace(
        "Chiara,+12025550103,yes", "Chiara,+12025550103,yes,c@x.org"
    )
    post = Post(database, settings, contacts=people.replace("yes\n", "yes,\n"))
    with database.writing() as session:
        invite_by_text(session, post.round, settings.sending, actor=ACTOR, now=post.clock.now)
    assert sum_frame(tell(database, post.round)[2]) == {"pending": 3}
    post.gateway.answers += [NotAcceptedError("21211", permanent=True)] * 3
    post.deliver()
    assert set(post.states()) == {"failed"}
    _, cases, frame, _ = tell(database, post.round)
    assert sum_frame(frame) == {"UO": 2, "pending": 1}
    assert sorted(case.disposition for case in cases) == ["UO", "UO", "pending"]
    with database.reading() as session:
        page = list_invitations(session, post.round, state="undelivered")
    assert [person.contact.name for person in page.people] == ["Amina", "Bruno"]


def test_stop_to_our_first_text_is_a_refusal(database, settings):
    post = Post(database, settings, contacts=PHONES)
    with database.writing() as session:
        invite_by_text(session, post.round, settings.sending, actor=ACTOR, now=post.clock.now)
    post.deliver()
    Phone(database, "+12025550101", now=post.clock.now).text("STOP")
    with database.reading() as session:
        assert session.scalars(select(OptOut.phone)).all() == ["+12025550101"]
    _, cases, frame, _ = tell(database, post.round)
    assert sum_frame(frame) == {"R": 1, "pending": 1}
    assert ("R", "2.11") in [(case.disposition, case.code) for case in cases]


def test_rates_stand_by_the_channel_of_first_contact_where_there_are_two(database, settings):
    post = Post(database, settings, contacts=PHONES.replace("yes\nB", "no\nB"))
    with database.writing() as session:
        invite_by_text(session, post.round, settings.sending, actor=ACTOR, now=post.clock.now)
    assert not tell(database, post.round)[2].by_channel
    post.deliver()
    answer(database, find_token(database, post.round, "Bruno"), WEB)
    assert tell(database, post.round)[2].by_channel == {"web": {"pending": 1}, "sms": {"I": 1}}


def test_files_are_made_anew_once_somebody_was_marked(database):
    round_ = publish(database)
    with database.reading() as session:
        before = find_state(session, round_, NOON)
    mark(database, round_, "Amina", "death", LATER)
    with database.reading() as session:
        assert find_state(session, round_, NOON) != before
        assert build_study(session, find_round(session, round_.code), LATER).dated == LATER


def test_a_failed_text_dates_the_results(database, settings):
    post = Post(database, settings, contacts=PHONES)
    with database.writing() as session:
        invite_by_text(session, post.round, settings.sending, actor=ACTOR, now=post.clock.now)
        session.execute(update(OutboundMessage).values(state="failed", settled_at=LATER))
    with database.reading() as session:
        assert build_study(session, find_round(session, post.round.code), LATER).dated == LATER
