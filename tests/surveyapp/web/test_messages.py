"""The Messages tab: where each text stands and why, for whom it may be seen; held ones, pauses, budget; all audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import publish
from outbox import MORNING, SENDING, Post
from sqlalchemy import select, update
from staff import enter, post

from surveyapp.gateways.base import DoubtfulError, NotAcceptedError
from surveyapp.models import AuditEntry, OptOut, OutboundMessage, Round, SendingPause
from surveyapp.sending import read_prices
from surveyapp.services.messages import PAGE, list_messages
from surveyapp.services.outbox import FOLLOW_UP, REMINDER
from surveyapp.services.rounds import close_round

AMINA, BRUNO, CHIARA = (f"+120255501{n}" for n in (21, 22, 23))
PEOPLE = f"""name,phone,group,consent
Amina,{AMINA},community,yes
Bruno,{BRUNO},ngo,yes
Chiara,{CHIARA},ngo,
"""


@pytest.fixture
def texted(database, settings) -> Post:
    """A round of which one text was taken, one is held, and somebody was left out."""
    texted = Post(database, settings, contacts=PEOPLE, sending=SENDING, now=MORNING)
    texted.gateway.answers = [NotAcceptedError("21211", permanent=True), DoubtfulError("time-out")]
    texted.deliver()
    return texted


def path(texted: Post, more: str = "") -> str:
    """Give the address of the tab."""
    return f"/console/rounds/{texted.round.id}/messages{more}"


def find_acts(database) -> list[str]:
    """Give what was done, by the audit."""
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_states_reasons_and_costs_stand_there_with_numbers_covered(visitor, database, texted):
    page = enter(visitor, database).get(path(texted)).text
    assert "Failed" in page
    assert "The gateway refused it for good" in page
    assert "(21211)" in page
    assert "Amina" in page
    assert "+1…21" in page
    assert AMINA not in page


def test_each_text_leads_to_the_person_and_what_was_texted_before_they_begin(visitor, database, texted):
    staff = enter(visitor, database)
    address = f"/console/rounds/{texted.round.id}/people/1"
    assert f'href="{address}">Amina</a>' in staff.get(path(texted)).text
    page = staff.get(address).text
    assert "River Valley wants your view" in page
    assert "Nothing was texted" not in page


def test_each_kind_of_text_has_its_name(visitor, database, texted):
    staff = enter(visitor, database)
    for kind, name in ((REMINDER, "Reminder 2"), (FOLLOW_UP, "Second part")):
        with database.writing() as session:
            session.execute(update(OutboundMessage).values(kind=kind, step=2))
        assert f"<td>{name}</td>" in staff.get(path(texted)).text


def test_a_held_text_shows_the_whole_number_to_whoever_decides(visitor, database, texted):
    page = enter(visitor, database).get(path(texted)).text
    assert "nobody knows whether they went" in page
    assert BRUNO in page


def test_evaluators_see_states_but_nobody(visitor, database, texted):
    page = enter(visitor, database, "evaluator").get(path(texted)).text
    assert "Failed" in page
    for secret in ("Amina", "Bruno", "…21", BRUNO, "<button name"):
        assert secret not in page
    assert post(visitor, path(texted), action="pause").status_code == 403
    assert post(visitor, path(texted, "/1"), action="drop").status_code == 403


def test_the_round_of_another_partnership_is_not_found(visitor, database, texted):
    client = enter(visitor, database, partnership="Hill Country")
    assert client.get(path(texted)).status_code == 404
    assert post(client, path(texted), action="pause").status_code == 404


@pytest.mark.parametrize(("action", "state"), [("resend", "queued"), ("drop", "cancelled")])
def test_a_held_text_is_sent_again_or_dropped_once_and_it_is_written_down(visitor, database, texted, action, state):
    client = enter(visitor, database)
    held = next(message for message in texted.messages() if message.state == "unknown")
    assert post(client, path(texted, f"/{held.id}"), action=action).status_code == 303
    assert texted.messages()[held.id - 1].state == state
    assert post(client, path(texted, f"/{held.id}"), action=action).status_code == 409
    assert find_acts(database)[-1] == f"message.{action}"


def test_a_held_text_of_another_round_cannot_be_reached_through_ones_own(visitor, database, settings, texted):
    other = Post(database, settings, contacts=None, name="Other", partnership="River Valley")
    held = next(message for message in texted.messages() if message.state == "unknown")
    client = enter(visitor, database)
    assert post(client, path(other, f"/{held.id}"), action="drop").status_code == 404


def test_pause_and_resume_of_a_round(visitor, database, texted):
    client = enter(visitor, database)
    post(client, path(texted), action="pause")
    assert "No text of this round goes out" in client.get(path(texted)).text
    post(client, path(texted), action="resume")
    assert "No text of this round goes out" not in client.get(path(texted)).text
    assert find_acts(database)[-2:] == ["sending.pause", "sending.resume"]


def test_only_administrators_stop_all_sending(visitor, database, texted, wsgi):
    assert enter(visitor, database).get("/console/sending").status_code == 403
    admin = enter(wsgi.test_client(), database, "admin", None)
    assert "Nobody sends" in admin.get("/console/sending").text
    assert post(admin, "/console/sending", action="pause").status_code == 303
    assert "All sending stands still" in visitor.get(path(texted)).text
    with database.reading() as session:
        assert session.scalars(select(SendingPause.scope)).all() == ["all"]
    post(admin, "/console/sending", action="resume")
    assert find_acts(database)[-2:] == ["sending.pause_all", "sending.resume_all"]


def test_inviting_says_how_many_and_who_is_left_out(visitor, database, texted):
    client = enter(visitor, database)
    answer = post(client, path(texted), action="invite")
    page = client.get(answer.location).text
    assert "0 new texts queued." in page
    assert "1 without consent recorded" in page


def test_what_an_address_claims_was_done_is_shown_only_in_our_own_words(visitor, database, texted):
    client = enter(visitor, database)
    page = client.get(path(texted, "?done=<script>-1; invited-x; invited-0; most-٣; no_consent-2")).text
    assert "script>-1" not in page
    assert "2 without consent recorded" in page
    assert "reminded twice" not in page


def test_the_budget_is_looked_at_before_more_is_queued_than_it_does_for(visitor, database, settings):
    dear = replace(SENDING, prices=read_prices("0.50"))
    extensions = visitor.application.extensions
    extensions["surveyapp"] = replace(extensions["surveyapp"], settings=replace(settings, sending=dear))
    round_ = publish(database, contacts=PEOPLE, budget_micros=900_000, now=MORNING)
    client = enter(visitor, database)
    address = f"/console/rounds/{round_.id}/messages"
    page = post(client, address, action="invite")
    assert page.status_code == 422
    warning = "The budget of 0.90 will not do: 0.00 is spent, and all that would be queued, 2 new texts among it, costs"
    assert f"{warning} about 1.00." in page.text
    assert 'aria-current="page">Messages' in page.text
    with database.reading() as session:
        assert session.scalar(select(OutboundMessage.id)) is None
    assert post(client, address, action="invite", anyway="1").status_code == 303
    assert "Look at the budget" in client.get(address).text


def test_reminding_in_vain_says_why(visitor, database, texted):
    client = enter(visitor, database)
    page = client.get(post(client, path(texted), action="remind").location).text
    assert "0 new texts queued." in page
    assert "Not reminded: 2 whose first text did not arrive, or is held." in page
    assert "Not reminded: 1 without a first text: invite them." in page


def test_a_closed_round_offers_nothing_to_send_or_to_pause(visitor, database, texted):
    with database.writing() as session:
        close_round(session, session.get_one(Round, texted.round.id), actor="x", now=MORNING)
    page = enter(visitor, database).get(path(texted)).text
    assert "The round is closed: nobody is texted any more." in page
    assert 'value="pause"' not in page


def test_publishing_says_who_was_not_texted_and_why(visitor, database, texted):
    page = enter(visitor, database).get(f"/console/rounds/{texted.round.id}?published=1").text
    assert "Not texted: 1 without consent recorded in the column" in page


def test_the_budget_is_changed_and_a_wrong_one_is_told(visitor, database, texted):
    client = enter(visitor, database)
    assert post(client, path(texted), action="budget", budget="12.50").status_code == 303
    assert "12.50" in client.get(path(texted)).text
    answer = post(client, path(texted), action="budget", budget="a lot")
    assert (answer.status_code, "a lot" in answer.text) == (422, True)


def test_an_unknown_act_is_refused(visitor, database, texted):
    client = enter(visitor, database)
    for address in (path(texted), path(texted, "/1")):
        assert post(client, address, action="explode").status_code == 422


def test_a_form_without_its_token_changes_nothing(visitor, database, texted):
    client = enter(visitor, database)
    assert client.post(path(texted), data={"action": "pause"}).status_code == 400
    assert "sending.pause" not in find_acts(database)


def test_who_wrote_stop_is_listed(visitor, database, texted):
    with database.writing() as session:
        session.add(OptOut(phone=CHIARA, at=MORNING))
    page = enter(visitor, database).get(path(texted)).text
    assert "Wrote STOP" in page
    assert "+1…23" in page


def test_paging_both_ways_shows_every_text_once(database, texted):
    texted.queue(*(f"+12025557{n:03}" for n in range(2 * PAGE)), kind="reminder")
    for state in ("", "queued"):
        with database.reading() as session:
            pages = [list_messages(session, texted.round, state=state)]
            while pages[-1].older:
                pages.append(list_messages(session, texted.round, state=state, before=pages[-1].older))
            back = [pages[-1]]
            while back[-1].newer:
                back.append(list_messages(session, texted.round, state=state, after=back[-1].newer))
            wanted = select(OutboundMessage.id).where(OutboundMessage.state == state if state else True)
            ids = sorted(session.scalars(wanted), reverse=True)
        assert sorted((line.id for page in pages for line in page.lines), reverse=True) == ids
        assert [page.lines for page in back] == [page.lines for page in reversed(pages)]


def test_when_a_text_waits_for_the_morning_that_is_said(visitor, database, settings):
    night = Post(database, settings, contacts=PEOPLE, sending=SENDING, now=MORNING, name="Night")
    night.clock.now = MORNING + timedelta(hours=12)
    night.deliver()
    assert "It is night where the person lives" in enter(visitor, database).get(path(night)).text
