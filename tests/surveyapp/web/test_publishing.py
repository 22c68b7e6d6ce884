"""A new round at the console: nothing typed is lost, nothing is published twice, nothing faulty at all."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from builders import FEEDBACK, publish
from sqlalchemy import func, select
from staff import enter, find_csrf_token, post

from surveyapp.models import AuditEntry, Contact, Invitation, OutboundMessage, Partnership, Round
from surveyapp.runtime import KEY
from surveyapp.sending import Sending, read_prices

PATH = "/console/rounds/new/partnership_feedback"
PEOPLE = "name,phone,email,group,language\nAmina,+12025550101,,community,en\nBruno,,bruno@example.org,government,fr\n"
FIELDS = {
    "key": "one",
    "name": "Spring 2026",
    "parameter_partnership": "River Valley",
    "confidentiality": "confidential",
    "timezone": "Africa/Nairobi",
    "contacts": PEOPLE,
}


def count(database, table) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def read_typed(page: str) -> dict[str, str]:
    """Give what a form's fields hold, as a browser would send them."""
    typed = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', page))
    typed |= dict(re.findall(r'<textarea[^>]*? name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))
    return {name: unescape(value) for name, value in typed.items()}


def test_the_instruments_of_the_folder_are_offered_and_broken_ones_say_why(visitor, wsgi, database, tmp_path):
    from builders import FEEDBACK

    from surveyapp import create_app

    (tmp_path / "good.json").write_bytes(FEEDBACK.read_bytes())
    (tmp_path / "bad.json").write_text('{"id": "x"}')
    (tmp_path / "latin.json").write_bytes(b"\xe9")
    (tmp_path / "definition.schema.json").write_text("{}")
    app = create_app(replace(wsgi.extensions["surveyapp"].settings, definitions_dir=tmp_path))
    client = enter(app.test_client(), database)
    page = client.get("/console/rounds/new").text
    app.extensions["surveyapp"].database.close()
    assert "Partnership feedback" in page
    assert "bad.json" in page
    assert "latin.json" in page
    assert "definition.schema" not in page


@pytest.mark.parametrize("name", ["nothing", "../secret", "%2e%2e%2fsecret", "partnership_feedback.json"])
def test_an_instrument_that_does_not_lie_there_is_not_found(visitor, database, name):
    enter(visitor, database)
    assert visitor.get(f"/console/rounds/new/{name}").status_code == 404


def test_the_review_shows_people_groups_times_and_the_checker(visitor, database):
    enter(visitor, database)
    page = post(visitor, PATH, **FIELDS, closes_at="2031-05-31T18:00", keyword="valley", open_link="y").text
    assert "<b>2</b> people invited: 1 with a phone number, 1 with an e-mail address" in page
    assert "Community" in page
    assert "bruno@example.org" in page
    assert "31 May 2031, 18:00 (Africa/Nairobi)" in page
    assert "<b>VALLEY</b>, texted to +12025550100" in page
    assert "What the checker says" in page
    assert count(database, Round) == 0


def test_review_then_publish_makes_the_round_as_it_was_reviewed(visitor, database):
    enter(visitor, database)
    review = post(visitor, PATH, **FIELDS, opens_at="2026-01-05T08:00", closes_at="2031-05-31T18:00", keyword="valley")
    answer = post(visitor, PATH, **{**read_typed(review.text), "action": "publish"})
    assert answer.status_code == 303
    with database.reading() as session:
        round_ = session.scalars(select(Round)).one()
        assert session.get_one(Partnership, round_.partnership_id).name == "River Valley"
        assert session.scalars(select(Contact.name).order_by(Contact.name)).all() == ["Amina", "Bruno"]
    assert answer.location == f"/console/rounds/{round_.id}?published=1"
    assert (round_.name, round_.keyword, round_.open_link) == ("Spring 2026", "VALLEY", False)
    assert round_.opens_at == datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
    assert round_.closes_at == datetime(2031, 5, 31, 15, 0, tzinfo=UTC)
    assert round_.parameters == {"partnership": "River Valley"}
    assert "The round is published" in visitor.get(answer.location).text


NETWORK = "/console/rounds/new/stakeholder_network"
ROSTER = "name,town\nHealth centre,North\nRiver school,South\n"


@pytest.mark.parametrize("way", ["pasted", "as a file"])
def test_a_roster_is_reviewed_and_published_with_the_round(visitor, database, way):
    enter(visitor, database)
    assert 'name="roster"' not in visitor.get(PATH).text
    given = {"roster": ROSTER} if way == "pasted" else {"roster_file": (io.BytesIO(ROSTER.encode()), "roster.csv")}
    review = post(visitor, NETWORK, **{**FIELDS, "confidentiality": "named"}, **given)
    assert "<b>2</b> entries" in review.text
    assert "River school" in review.text
    assert post(visitor, NETWORK, **{**read_typed(review.text), "action": "publish"}).status_code == 303
    with database.reading() as session:
        assert [entry["name"] for entry in session.scalars(select(Round)).one().roster] == [
            "Health centre",
            "River school",
        ]


def test_a_network_of_named_organisations_is_offered_as_named_and_nothing_else_is_taken(visitor, database):
    enter(visitor, database)
    form = visitor.get(NETWORK).text
    assert re.search(r'value="named"[^>]* checked', form)
    assert "the round has to be named" in form
    page = post(visitor, NETWORK, **{**FIELDS, "confidentiality": "confidential"}, roster=ROSTER)
    assert page.status_code == 422
    assert '<a href="#confidentiality">' in page.text


@pytest.mark.parametrize(
    ("roster", "words"),
    [("", "Give the list, with a column “name”"), ("name,town\nA,B\n,C\n", "row 3, name: It has no name.")],
)
def test_a_roster_that_is_missing_or_faulty_is_said_and_kept(visitor, database, roster, words):
    enter(visitor, database)
    page = post(visitor, NETWORK, **FIELDS, roster=roster)
    assert page.status_code == 422
    assert words in unescape(page.text)
    assert roster.strip() in page.text
    assert '<a href="#roster">' in page.text
    assert count(database, Round) == 0


def test_changing_something_brings_the_form_back_as_it_was_typed(visitor, database):
    enter(visitor, database)
    typed = {**FIELDS, "name": "  Spring “2026”  ", "keyword": "valley", "closes_at": "2031-05-31T18:00"}
    review = post(visitor, PATH, **typed)
    page = post(visitor, PATH, **{**read_typed(review.text), "action": "change"})
    assert page.status_code == 200
    back = read_typed(page.text)
    assert {name: back[name] for name in typed if name != "confidentiality"} == {
        name: value for name, value in typed.items() if name != "confidentiality"
    }


FAULTS = [
    ({"name": " "}, "name", "give the round a name"),
    ({"name": "x" * 121}, "name", "1 to 120 characters"),
    ({"parameter_partnership": ""}, "parameter_partnership", "is missing"),
    ({"parameter_partnership": "x" * 21}, "parameter_partnership", "21"),
    ({"contacts": ""}, "contacts", "nobody could answer"),
    ({"contacts": "name\nAda\n"}, "contacts", "1 fault in the list"),
    ({"keyword": "ab"}, "keyword", "3 to 20 letters"),
    ({"keyword": "STOP"}, "keyword", "choose another"),
    ({"keyword": "valley", "confidentiality": "anonymous"}, "keyword", "anonymous"),
    ({"confidentiality": "secret"}, "confidentiality", "is not one of"),
    ({"timezone": "Mars/Olympus"}, "timezone", "is not known"),
    ({"timezone": "../../etc/passwd"}, "timezone", "is not known"),
    ({"closes_at": "tomorrow"}, "closes_at", "write it as"),
    ({"opens_at": "2026-13-45T99:00"}, "opens_at", "write it as"),
    ({"closes_at": "2001-01-01T10:00"}, "closes_at", "after the opening time"),
    ({"opens_at": "2031-05-31T18:00", "closes_at": "2031-05-31T18:00"}, "closes_at", "after the opening time"),
]


@pytest.mark.parametrize(("change", "field", "sentence"), FAULTS)
@pytest.mark.parametrize("action", ["review", "publish"])
def test_a_fault_links_to_its_field_and_what_was_typed_stays(visitor, database, change, field, sentence, action):
    enter(visitor, database)
    typed = {**FIELDS, **change}
    answer = post(visitor, PATH, **typed, action=action)
    assert answer.status_code == 422
    assert "<title>Error: New round" in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}"' in answer.text
    assert sentence in unescape(answer.text)
    back = read_typed(answer.text)
    for name in set(typed) - {"confidentiality"}:
        assert back[name].strip() == typed[name].strip()
    assert count(database, Round) == 0


def test_all_faults_are_said_at_once(visitor, database):
    enter(visitor, database)
    page = post(visitor, PATH, key="one", contacts="phone\n1\n2\n", keyword="x", timezone="Nowhere").text
    summary = page[page.index('class="summary"') : page.index("</ul>")]
    assert re.findall('href="#([a-z_]+)"', summary) == [
        "name",
        "parameter_partnership",
        "contacts",
        "keyword",
        "timezone",
    ]


def test_faults_in_the_list_are_shown_by_row_and_the_list_stays(visitor, database):
    enter(visitor, database)
    broken = "name,phone,email\nAda,0712,\n,,x@y\n"
    page = post(visitor, PATH, **{**FIELDS, "contacts": broken}).text
    rows = re.findall(r'<tr><td class="n">(\d+)</td><td>(\w+)</td>', page)
    assert rows == [("2", "phone"), ("3", "email")]
    assert read_typed(page)["contacts"] == broken


def test_an_uploaded_list_is_read_and_stands_in_the_page_from_then_on(visitor, database):
    enter(visitor, database)
    upload = (io.BytesIO(b"\xef\xbb\xbf" + PEOPLE.replace(",", ";").encode()), "people.csv")
    page = post(visitor, PATH, **{**FIELDS, "contacts": "", "file": upload}).text
    assert "<b>2</b> people invited" in page
    assert read_typed(page)["contacts"] == PEOPLE.replace(",", ";")


def test_a_spreadsheet_is_refused_with_the_way_out_and_the_pasted_list_stays(visitor, database):
    enter(visitor, database)
    upload = (io.BytesIO(b"PK\x03\x04\xff\xff"), "people.xlsx")
    answer = post(visitor, PATH, **{**FIELDS, "file": upload})
    assert answer.status_code == 422
    assert "Save it as “CSV UTF-8”" in answer.text
    assert read_typed(answer.text)["contacts"] == PEOPLE


def test_a_second_click_publishes_nothing_and_shows_the_same_round(visitor, database):
    enter(visitor, database)
    first = post(visitor, PATH, **FIELDS, action="publish")
    second = post(visitor, PATH, **FIELDS, action="publish")
    assert first.location == second.location
    assert count(database, Round) == 1
    assert count(database, Invitation) == 2


@pytest.mark.parametrize("piece", [2_000, 1], ids=["in one piece", "in pieces"])
def test_twenty_clicks_at_once_publish_one_round_and_all_see_it(wsgi, visitor, database, monkeypatch, piece):
    monkeypatch.setattr("surveyapp.publishing.PIECE", piece)
    enter(visitor, database)
    token = find_csrf_token(visitor.get("/console/account").text)
    cookie = visitor.get_cookie("session").value

    def click(_: int):
        twin = wsgi.test_client()
        twin.set_cookie("session", cookie)
        return twin.post(PATH, data={"csrf_token": token, **FIELDS, "action": "publish"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(click, range(20)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert count(database, Round) == 1
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.action == "round.publish")).all()
    assert len(acts) == 1


def test_a_name_that_is_taken_is_said_at_its_field_and_nothing_is_lost(visitor, database):
    publish(database)
    enter(visitor, database)
    answer = post(visitor, PATH, **{**FIELDS, "keyword": "valley"}, action="publish")
    assert answer.status_code == 409
    assert '<a href="#name">' in answer.text
    assert read_typed(answer.text)["contacts"] == PEOPLE


def test_a_keyword_that_is_taken_is_said_at_its_field(visitor, database):
    publish(database, keyword="VALLEY")
    enter(visitor, database)
    answer = post(visitor, PATH, **{**FIELDS, "name": "Another", "keyword": "valley"}, action="publish")
    assert answer.status_code == 409
    assert '<a href="#keyword">' in answer.text


def test_a_coordinator_publishes_for_their_own_partnership_whatever_the_form_says(visitor, database):
    enter(visitor, database, "coordinator", "Other Hills")
    post(visitor, PATH, **FIELDS, partnership="River Valley", action="publish")
    with database.reading() as session:
        owner = session.scalars(select(Round.partnership_id)).one()
        assert session.get_one(Partnership, owner).name == "Other Hills"


def test_an_admin_names_the_partnership(visitor, database):
    enter(visitor, database, "admin", None)
    post(visitor, PATH, **FIELDS, partnership="New Coast", action="publish")
    with database.reading() as session:
        assert session.scalars(select(Partnership.name)).all() == ["New Coast"]


def test_a_key_of_somebody_elses_round_gives_nothing_away(wsgi, database):
    first = enter(wsgi.test_client(), database)
    location = post(first, PATH, **FIELDS, action="publish").location
    other = enter(wsgi.test_client(), database, "admin", "Other Hills")
    answer = post(other, PATH, **FIELDS, action="publish")
    assert answer.status_code == 303
    assert answer.location != location


def test_a_list_of_thousands_fits_and_strangers_may_not_send_so_much(wsgi, visitor, database):
    big = "name,email\n" + "".join(f"{'N' * 60} {n},n{n}@example.org\n" for n in range(5_000))
    assert len(big) > 256 * 1024
    stranger = wsgi.test_client().post(PATH, data={**FIELDS, "contacts": big})
    assert stranger.status_code == 413
    enter(visitor, database)
    assert "<b>5,000</b> people invited" in post(visitor, PATH, **{**FIELDS, "contacts": big}).text
    evaluator = enter(wsgi.test_client(), database, "evaluator")
    assert evaluator.post(PATH, data={"contacts": big}).status_code == 413


def test_the_zone_of_the_last_round_is_offered_for_the_next(visitor, database):
    publish(database, timezone="Asia/Manila")
    enter(visitor, database)
    assert read_typed(visitor.get(PATH).text)["timezone"] == "Asia/Manila"


def test_the_review_says_what_the_texts_cost_and_leads_to_previews_as_filled_in(visitor, database):
    enter(visitor, database)
    page = unescape(post(visitor, PATH, **FIELDS).text)
    assert "What we send in an interview by text, in segments" in page
    row = re.search(r'<th scope="row" lang="en">English</th>(.*?)</tr>', page)[1]
    assert re.findall(r">(\d+)<", row) == ["11", "12", "12"]
    assert "/console/instruments/partnership_feedback/texts?parameter_partnership=River+Valley" in page
    assert "Every question can be reached" in page


def test_the_review_says_what_is_no_longer_comparable_and_does_not_offer_to_publish_it(visitor, database):
    read = json.loads(FEEDBACK.read_text(encoding="utf-8"))
    read["sections"][1]["questions"][0]["label"] = "Asked in other words?"
    publish(database, definition=json.dumps({**read, "version": "1.0.1"}), name="Before")
    client = enter(visitor, database)
    page = post(client, PATH, **FIELDS, action="review")
    changed = read["sections"][1]["questions"][0]["id"]
    assert page.status_code == 200
    assert f"`{changed}` is reworded since 1.0.1." in page.text
    assert 'value="publish"' not in page.text
    refused = post(client, PATH, **FIELDS, action="publish")
    assert refused.status_code == 422
    assert "is reworded since 1.0.1." in refused.text
    assert count(database, Round) == 1


def test_the_review_compares_with_what_was_published_before(visitor, database):
    publish(database, name="Before")
    page = post(enter(visitor, database), PATH, **FIELDS, action="review")
    assert "Against 1.0.0 in en, fr, es, sw, ar: 19 same." in page.text
    assert 'value="publish"' in page.text


PRICED = Sending(gateway="simulator", sender="+12025550100", prices=read_prices("0.0079"), everywhere=True)
AGREED = """name,phone,group,language,consent
Amina,+12025550121,community,en,yes
Bruno,+12025550122,ngo,fr,
"""


def submit(client, **fields: str):
    """Send the form with these fields changed; an empty one is not sent."""
    return post(client, PATH, **{name: value for name, value in {**FIELDS, **fields}.items() if value})


def find_texts(database) -> list[str]:
    """Give the phones that a round is going to text."""
    with database.reading() as session:
        return list(session.scalars(select(OutboundMessage.phone)))


def test_the_review_says_who_is_texted_what_it_costs_and_who_is_left_out(wsgi, database, settings):
    wsgi.extensions[KEY] = replace(wsgi.extensions[KEY], settings=replace(settings, sending=PRICED))
    coordinator = enter(wsgi.test_client(), database)
    page = submit(coordinator, contacts=AGREED, text_now="y", budget="25").text
    assert "1 person is invited by text: 1 segment, about 0.0079" in page
    assert "If everybody answers by text" in page
    assert "The budget is 25.00" in page
    assert "1 without consent recorded" in page


@pytest.mark.parametrize(("ticked", "texted"), [("y", ["+12025550121"]), ("", [])])
def test_whoever_agreed_is_texted_if_the_box_is_ticked(visitor, database, ticked, texted):
    coordinator = enter(visitor, database)
    assert submit(coordinator, contacts=AGREED, text_now=ticked, action="publish").status_code == 303
    assert find_texts(database) == texted


@pytest.mark.parametrize(("budget", "said"), [("a lot", "write an amount"), ("5", "SURVEYAPP_SMS_PRICE")])
def test_a_budget_that_cannot_be_kept_publishes_nothing(visitor, database, budget, said):
    coordinator = enter(visitor, database)
    answer = submit(coordinator, contacts=AGREED, text_now="y", budget=budget, action="publish")
    assert (answer.status_code, said in answer.text) == (422, True)
    assert find_texts(database) == []
