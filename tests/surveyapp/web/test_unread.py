from __future__ import annotations

import pytest
from builders import publish
from phones import Phone
from staff import enter, post

from surveyapp.database import Database


@pytest.fixture
def staff(visitor, database: Database):
    return enter(visitor, database)


@pytest.fixture
def round_(database: Database):
    return publish(database, keyword="FEEDBACK")


@pytest.fixture
def phone(database: Database, round_) -> Phone:
    phone = Phone(database)
    phone.texts("FEEDBACK", "YES", "bananas", "rather <b>much</b>")
    return phone


def test_the_queue_is_reached_from_the_round_and_leads_to_the_text(staff, round_, phone):
    assert "Unread (1)" in staff.get(f"/console/rounds/{round_.id}").text
    queue = staff.get(f"/console/rounds/{round_.id}/unread").text
    assert "rather &lt;b&gt;much&lt;/b&gt;" in queue
    page = staff.get(f"/console/rounds/{round_.id}/unread/1").text
    assert "Are the shared goals of the partnership clear to you?" in page
    assert "4 = Mostly" in page
    assert phone.number not in page


def test_a_text_is_read_in_the_console(staff, round_, phone):
    answer = post(staff, f"/console/rounds/{round_.id}/unread/1", act="read", value="4", version="0")
    assert answer.status_code == 303
    assert "Nothing waits." in staff.get(answer.headers["Location"]).text
    done = staff.get(f"/console/rounds/{round_.id}/unread?show=done").text
    assert "Read by a person" in done
    page = staff.get(f"/console/rounds/{round_.id}/unread/1").text
    assert "pf01: read by a person, 90 % certain" in page


def test_faults_come_back_in_words(staff, round_, phone):
    path = f"/console/rounds/{round_.id}/unread/1"
    nothing = post(staff, path, act="read", version="0")
    assert (nothing.status_code, "Please choose an answer." in nothing.text) == (422, True)
    assert post(staff, path, act="dance", version="0").status_code == 422
    post(staff, path, act="keep", version="0")
    late = post(staff, path, act="read", value="4", version="0")
    assert (late.status_code, "Somebody else has dealt with this text" in late.text) == (409, True)


def test_a_flag_can_end_all_texts(staff, round_, phone):
    phone.text("please stop texting me")
    page = staff.get(f"/console/rounds/{round_.id}/unread/2").text
    assert "End all texts to this number" in page
    post(staff, f"/console/rounds/{round_.id}/unread/2", act="stop", version="0")
    assert phone.text("4") is None


def test_the_person_s_page_covers_answers_in_a_confidential_round_and_masks_the_number(staff, database, round_):
    phone = Phone(database, "+12025550101")
    phone.texts("hello", "YES", "4", "apples, maybe")
    people = staff.get(f"/console/rounds/{round_.id}/people").text
    assert f"/console/rounds/{round_.id}/people/1" in people
    page = staff.get(f"/console/rounds/{round_.id}/people/1").text
    assert "Amina" in page
    assert "apples, maybe" not in page, "it could not be read, and may yet be an answer"
    assert "A reply. Its words are not shown beside a name." in page
    assert "+12025550101" not in page
    assert "+1…01" in page


def test_a_named_round_shows_the_words_and_an_administrator_the_number(visitor, database):
    round_ = publish(database, confidentiality="named")
    Phone(database, "+12025550101").texts("hello", "YES", "4")
    page = enter(visitor, database, "admin", None).get(f"/console/rounds/{round_.id}/people/1").text
    assert "+12025550101" in page
    assert "pf01: read by its code, 100 % certain" in page


def test_only_coordinators_of_the_partnership_see_texts(visitor, database, round_, phone):
    evaluator = enter(visitor, database, "evaluator")
    for path in ("unread", "unread/1", "people/1"):
        assert evaluator.get(f"/console/rounds/{round_.id}/{path}").status_code == 403


def test_a_text_of_another_partnership_is_unknown(visitor, database, round_, phone):
    other = enter(visitor, database, "coordinator", "Elsewhere")
    for path in ("unread", "unread/1", "people/1"):
        assert other.get(f"/console/rounds/{round_.id}/{path}").status_code == 404


def test_flagged_texts_of_strangers_are_for_administrators(visitor, database, round_):
    stranger = Phone(database, "+12025550177")
    stranger.text("please stop texting me")
    admin = enter(visitor, database, "admin", None)
    assert "please stop texting me" in admin.get("/console/unread").text
    assert post(admin, "/console/unread/1", act="stop", version="0").status_code == 303
    assert "Nothing waits." in admin.get("/console/unread").text
    assert stranger.text("FEEDBACK") is None
