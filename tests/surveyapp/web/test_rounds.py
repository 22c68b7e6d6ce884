"""The console's rounds: who may see what, and what closing asks for."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import find_token, publish
from invited import WEB, answer
from sqlalchemy import select
from staff import enter, post

from surveyapp.models import AuditEntry, Contact, Invitation, Round
from surveyapp.services.rounds import close_round, find_round

GETS = [
    "",
    "/settings",
    "/people",
    "/share",
    "/qr.svg",
    "/qr.png",
    "/results",
    "/downloads",
    "/feeds",
    "/answers",
    "/import",
    "/comments",
    "/comments.csv",
    "/comments/read",
    "/log",
    "/scorecard.json",
]
POSTS = ["/close", "/reopen", "/links.csv"]
FOR_EVALUATORS = {"", "/results", "/downloads", "/scorecard.json", "/comments", "/comments.csv"}


def publish_open(database, **wishes) -> Round:
    return publish(database, open_link=True, keyword="VALLEY", **wishes)


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("role", ["admin", "coordinator", "evaluator"])
def test_each_role_sees_its_pages_and_no_others(visitor, database, role, path):
    round_ = publish_open(database)
    enter(visitor, database, role)
    allowed = role != "evaluator" or path in FOR_EVALUATORS
    assert visitor.get(f"/console/rounds/{round_.id}{path}").status_code == (200 if allowed else 403)


@pytest.mark.parametrize("path", POSTS)
def test_an_evaluator_may_change_nothing_and_fetch_no_links(visitor, database, path):
    round_ = publish_open(database)
    enter(visitor, database, "evaluator")
    assert post(visitor, f"/console/rounds/{round_.id}{path}", name=round_.name).status_code == 403
    assert post(visitor, "/console/rounds/new/partnership_feedback").status_code == 403
    assert visitor.get("/console/rounds/new").status_code == 403


@pytest.mark.parametrize("path", GETS)
def test_a_round_of_another_partnership_answers_like_one_that_never_was(visitor, database, path):
    round_ = publish_open(database)
    enter(visitor, database, "coordinator", "Other Hills")
    foreign, unknown = visitor.get(f"/console/rounds/{round_.id}{path}"), visitor.get(f"/console/rounds/99999{path}")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.text.replace(f"&#39;{round_.id}&#39;", "") == unknown.text.replace("&#39;99999&#39;", "")
    assert visitor.get(f"/console/rounds/{round_.code}{path}").status_code == 404


@pytest.mark.parametrize("path", POSTS)
def test_a_round_of_another_partnership_cannot_be_changed(visitor, database, path):
    round_ = publish_open(database)
    enter(visitor, database, "coordinator", "Other Hills")
    assert post(visitor, f"/console/rounds/{round_.id}{path}", name=round_.name).status_code == 404
    with database.reading() as session:
        assert find_round(session, round_.code).state == "published"


def test_the_list_shows_only_rounds_of_ones_own_partnership_and_admins_see_all(wsgi, database):
    publish(database)
    publish(database, partnership="Other Hills", name="Hidden from the valley")
    coordinator = enter(wsgi.test_client(), database).get("/console").text
    assert "Spring 2026" in coordinator
    assert "Hidden from the valley" not in coordinator
    admin = enter(wsgi.test_client(), database, "admin", None).get("/console").text
    assert "Spring 2026" in admin
    assert "Hidden from the valley" in admin


def test_an_empty_list_says_what_to_do_next(visitor, database):
    page = enter(visitor, database).get("/console").text
    assert "Publish the first round" in page


def test_rounds_are_listed_by_status_and_found_by_words(visitor, database):
    today = datetime.now(UTC)
    publish(database, name="Open one")
    publish(database, name="Later one", opens_at=today + timedelta(days=2))
    closed = publish(database, name="Closed one")
    with database.writing() as session:
        close_round(session, find_round(session, closed.code), actor="a", now=today)
    enter(visitor, database)
    page = visitor.get("/console").text
    places = [page.index(words) for words in ("Open one", "Later one", "Closed one")]
    assert places == sorted(places)
    found = visitor.get("/console?q=LATER valley").text
    assert "Later one" in found
    assert "Open one" not in found
    assert "No round fits" in visitor.get("/console?q=nothing").text


def test_the_summary_counts_by_group_for_coordinators(visitor, database):
    round_ = publish(database)
    page = enter(visitor, database).get(f"/console/rounds/{round_.id}").text
    for group in ("Community", "Government", "NGO/charity"):
        assert f'<th scope="row">{group}</th><td>0 of 1 (0&nbsp;%)</td>' in page


def test_evaluators_see_totals_and_neither_names_nor_small_groups(visitor, database):
    round_ = publish(database)
    page = enter(visitor, database, "evaluator").get(f"/console/rounds/{round_.id}").text
    assert "<b>0</b> complete, <b>0</b> in progress, <b>0</b> by SMS" in page
    for secret in ("Amina", "bruno@example.org", "+12025550101", "/people", "Community", "0 of 1"):
        assert secret not in page


def test_coordinators_find_out_who_is_missing_in_a_group(visitor, database):
    round_ = publish(database)
    enter(visitor, database)
    page = visitor.get(f"/console/rounds/{round_.id}").text
    assert f"/console/rounds/{round_.id}/people?group=community&amp;state=missing" in page
    people = visitor.get(f"/console/rounds/{round_.id}/people?group=community&state=missing").text
    assert "Amina" in people
    assert "Bruno" not in people


def test_times_are_shown_in_the_zone_of_the_round_with_its_name(visitor, database):
    round_ = publish(database, timezone="Africa/Nairobi", closes_at=datetime(2031, 5, 31, 15, 0, tzinfo=UTC))
    page = enter(visitor, database).get(f"/console/rounds/{round_.id}").text
    assert "31 May 2031, 18:00 (Africa/Nairobi)" in page


def test_closing_asks_for_the_name_and_changes_nothing_without_it(visitor, database):
    round_ = publish(database)
    enter(visitor, database)
    refused = post(visitor, f"/console/rounds/{round_.id}/close", name="Spring")
    assert refused.status_code == 422
    assert 'value="Spring"' in refused.text
    with database.reading() as session:
        assert find_round(session, round_.code).state == "published"
    assert post(visitor, f"/console/rounds/{round_.id}/close", name=" spring  2026 ").status_code == 303
    with database.reading() as session:
        assert find_round(session, round_.code).state == "closed"


def test_a_closed_round_can_be_opened_again_and_both_acts_are_audited(visitor, database):
    round_ = publish(database)
    enter(visitor, database)
    post(visitor, f"/console/rounds/{round_.id}/close", name="Spring 2026")
    assert "Open it again" in visitor.get(f"/console/rounds/{round_.id}/settings").text
    post(visitor, f"/console/rounds/{round_.id}/reopen")
    with database.reading() as session:
        assert find_round(session, round_.code).state == "published"
        acts = session.scalars(select(AuditEntry).where(AuditEntry.round_id == round_.id)).all()
    mine = [act.action for act in acts if act.actor == "coordinator@example.org"]
    assert mine[-2:] == ["round.close", "round.reopen"]


def test_reopening_says_when_the_keyword_is_taken(visitor, database):
    first = publish(database, keyword="VALLEY")
    enter(visitor, database)
    post(visitor, f"/console/rounds/{first.id}/close", name=first.name)
    publish(database, name="Second", keyword="VALLEY")
    answer = post(visitor, f"/console/rounds/{first.id}/reopen")
    assert answer.status_code == 409
    assert "VALLEY" in answer.text


def test_the_share_page_has_link_keyword_and_number(visitor, database):
    round_ = publish_open(database)
    page = enter(visitor, database).get(f"/console/rounds/{round_.id}/share").text
    assert f'value="http://localhost/r/{round_.code}"' in page
    assert "<b>VALLEY</b> to <b>+12025550100</b>" in page


def test_the_qr_code_is_drawn_for_an_open_link_only(visitor, database):
    with_link, without = publish_open(database), publish(database, name="Personal")
    enter(visitor, database)
    svg = visitor.get(f"/console/rounds/{with_link.id}/qr.svg")
    assert svg.mimetype == "image/svg+xml"
    assert b"style=" not in svg.data
    assert visitor.get(f"/console/rounds/{with_link.id}/qr.png").data.startswith(b"\x89PNG")
    assert visitor.get(f"/console/rounds/{without.id}/qr.svg").status_code == 404


def test_personal_links_come_as_formula_safe_csv_and_leave_an_audit_line(visitor, database):
    people = 'name,phone,email\n"=1+1",+12025550101,\nBruno,,bruno@example.org\n'
    round_ = publish(database, contacts=people)
    enter(visitor, database)
    assert visitor.get(f"/console/rounds/{round_.id}/links.csv").status_code == 405
    answer = post(visitor, f"/console/rounds/{round_.id}/links.csv")
    lines = answer.text.splitlines()
    assert lines[0] == "name,phone,email,group,language,organisation,state,link"
    assert lines[1].startswith("'=1+1,'+12025550101,")
    assert lines[2].startswith("Bruno,,bruno@example.org,")
    token = lines[2].rsplit("/a/", 1)[1]
    assert visitor.get(f"/a/{token}").status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    with database.reading() as session:
        act = session.scalars(select(AuditEntry).where(AuditEntry.action == "round.links")).one()
    assert act.actor == "coordinator@example.org"
    assert act.detail == {"links": 2}


def test_people_are_paged_by_fifty_searched_and_filtered(visitor, database):
    people = "name,email,group\n" + "".join(f"Person {n:03},p{n}@example.org,community\n" for n in range(120))
    round_ = publish(database, contacts=people)
    with database.writing() as session:
        chosen = select(Contact.id).where(Contact.name == "Person 007")
        session.scalars(select(Invitation).where(Invitation.contact_id.in_(chosen))).one().state = "finished"
    path = f"/console/rounds/{round_.id}/people"
    enter(visitor, database)
    first, last = visitor.get(path).text, visitor.get(f"{path}?page=3").text
    assert first.count('<th scope="row">') == 50
    assert "Page 1 of 3" in first
    assert last.count('<th scope="row">') == 20
    assert visitor.get(f"{path}?page=99").text.count('<th scope="row">') == 20
    finished = visitor.get(f"{path}?state=finished").text
    assert finished.count('<th scope="row">') == 1
    assert "Person 007" in finished
    assert visitor.get(f"{path}?q=p11@").text.count('<th scope="row">') == 1
    for odd in ("?q=%25", "?q=_", "?page=0", "?page=-5", "?page=x", "?state=nonsense", "?q=%00", "?group=%00"):
        assert visitor.get(path + odd).status_code == 200
    assert "Nobody fits" in visitor.get(f"{path}?q=%25").text


@pytest.mark.parametrize("reference", ["0", "-1", "99999999999999999999", "%00", "’", "x" * 300, "1 OR 1=1"])
def test_an_odd_reference_is_not_found(visitor, database, reference):
    enter(visitor, database)
    assert visitor.get(f"/console/rounds/{reference}").status_code == 404


def test_a_get_changes_nothing_but_what_is_known_to_be_told(visitor, database):
    round_ = publish_open(database)
    enter(visitor, database)

    def count() -> list[int]:
        from sqlalchemy import func

        from surveyapp.models import Base

        with database.reading() as session:
            # Results that were shown must be remembered: later ones may not differ from them by a few people.
            tables = [table for table in Base.metadata.sorted_tables if table.name != "publications"]
            return [session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]

    before = count()
    for path in GETS:
        visitor.get(f"/console/rounds/{round_.id}{path}")
    assert count() == before


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", "2 Mar 2026"), ("Asia/Kolkata", "2 Mar 2026"), ("Pacific/Auckland", "3 Mar 2026")]
)
def test_complete_answers_are_drawn_by_day_in_the_rounds_own_time(visitor, database, zone, day):
    round_ = publish(database, timezone=zone)
    answer(database, find_token(database, round_, "Amina"), WEB)
    page = enter(visitor, database).get(f"/console/rounds/{round_.id}").text
    assert 'class="chart days"' in page
    assert f'<th scope="row">{day}</th><td class="number">1</td>' in page


def test_without_answers_there_is_no_chart_of_days(visitor, database):
    round_ = publish(database)
    assert "chart days" not in enter(visitor, database).get(f"/console/rounds/{round_.id}").text
