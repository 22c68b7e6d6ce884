"""The page of an interview says how it goes on by text, and where that cannot be it says nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from builders import NOON, find_token, publish
from phones import Phone

from surveyapp import create_app
from surveyapp.runtime import find_utc_now
from surveyapp.services.interviews import Change, begin_invited, record_answers
from surveyapp.services.standings import find_interview


@pytest.fixture
def open_page(database, settings):
    """Give a function that answers the first question on the web and opens the next page."""

    def open_(*, demo: bool = True, answered: bool = True, sms_from: str = settings.sms_from, **wishes) -> str:
        round_ = publish(database, now=find_utc_now(), **wishes)
        token = find_token(database, round_, "Bruno")
        if answered:
            with database.writing() as session:
                standing = find_interview(session, token, NOON, lock=True)
                standing = begin_invited(session, standing, channel="web", now=NOON)
                record_answers(session, standing, {"pfc": Change(1)}, channel="web", key="form:1", now=NOON)
        app = create_app(replace(settings, demo=demo, sms_from=sms_from))
        page = app.test_client().get(f"/a/{token}").text
        app.extensions["surveyapp"].database.close()
        return page

    return open_


def test_the_code_of_the_page_goes_on_by_text(open_page, database):
    page = open_page()
    number, code = re.search(r'href="sms:([^?]+)\?body=([^"]+)"', page).groups()
    assert number == "+12025550100"
    assert "Continuer par SMS" in page
    assert Phone(database, "+12025550133", find_utc_now()).text(code).startswith("1/9")


def test_a_number_on_whatsapp_is_opened_there(open_page):
    page = open_page(sms_from="whatsapp:+12025550100")
    assert 'href="https://wa.me/12025550100?text=' in page
    assert "(WhatsApp)" in page


@pytest.mark.parametrize(
    "wishes", [{"demo": False}, {"answered": False}, {"confidentiality": "anonymous"}, {"sms_from": f"MG{'0' * 32}"}]
)
def test_no_code_stands_where_nothing_could_go_on(open_page, wishes):
    page = open_page(**wishes)
    assert "sms:" not in page
    assert "wa.me" not in page
