from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from builders import publish
from flask import Flask
from live import read_hidden
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from surveyapp import create_app
from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.models import InboundMessage

PAGE = "/sms/simulator"
NUMBER = "+12025550142"


@pytest.fixture
def simulator(settings: Settings, database: Database) -> Iterator[Flask]:
    publish(database, keyword="FEEDBACK")
    app = create_app(settings)
    yield app
    app.extensions["surveyapp"].database.close()


class Browser:
    """A browser in front of the simulated phone."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.hidden: dict[str, str] = {}

    def look(self) -> str:
        page = self.client.get(PAGE).get_data(as_text=True)
        self.hidden = read_hidden(page)
        return page

    def post(self, **fields: str) -> TestResponse:
        if not self.hidden:
            self.look()
        return self.client.post(PAGE, data={**self.hidden, **fields})

    def send(self, text: str) -> str:
        assert self.post(body=text).status_code == 303
        return self.look()


@pytest.fixture
def browser(simulator: Flask) -> Browser:
    return Browser(simulator)


def count(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(InboundMessage)).scalar_one()


def test_a_conversation_is_held_with_nothing_but_forms(browser):
    browser.post(number=NUMBER)
    assert f"You are {NUMBER}" in browser.look()
    assert "Hi, River Valley wants your view" in browser.send("FEEDBACK")
    assert "1/10 Are the shared goals" in browser.send("YES")
    assert "1 segment, " in browser.send("4")


def test_looking_at_the_phone_changes_nothing(browser, database):
    browser.look()
    browser.look()
    assert count(database) == 0


def test_a_form_sent_twice_is_one_text(browser, database):
    browser.look()
    assert [browser.post(body="FEEDBACK").status_code for _ in range(3)] == [303] * 3
    assert count(database) == 1


def test_a_form_without_its_safety_token_is_refused(browser, database):
    browser.look()
    browser.hidden.pop("csrf_token")
    assert browser.post(body="FEEDBACK").status_code == 400
    assert count(database) == 0


@pytest.mark.parametrize("number", ["+14155552671", "me", ""])
def test_a_number_that_could_be_somebodys_is_refused_and_stays_in_its_field(browser, number):
    response = browser.post(number=number)
    assert response.status_code == 422
    assert "belong to nobody" in response.get_data(as_text=True)
    assert f'value="{number}"' in response.get_data(as_text=True)


def test_a_number_typed_with_spaces_is_taken(browser):
    assert browser.post(number="+44 7700 900123").status_code == 303
    assert "You are +447700900123" in browser.look()


def test_an_empty_text_is_not_sent(browser, database):
    assert browser.post(body="  ").status_code == 303
    assert count(database) == 0


def test_a_text_that_is_too_long_comes_back_with_the_reason(browser, database):
    response = browser.post(body="x" * 10_001)
    assert response.status_code == 413
    assert "longer than 10,000" in response.get_data(as_text=True)
    assert count(database) == 0


def test_no_address_holds_the_number(browser):
    assert "555" not in browser.post(number=NUMBER).headers["Location"]
    assert "555" not in browser.post(body="FEEDBACK").headers["Location"]


def test_what_is_texted_is_shown_as_text(browser):
    assert "&lt;script&gt;" in browser.send("<script>alert(1)</script>")


def test_two_browsers_are_two_people(simulator):
    one, other = Browser(simulator), Browser(simulator)
    one.post(number=NUMBER)
    other.post(number="+12025550143")
    one.send("FEEDBACK")
    assert "Hi, River Valley" not in other.look()


def test_scripts_may_text_as_numbers_that_belong_to_nobody(simulator):
    client = simulator.test_client()
    form = {"MessageSid": "a1", "From": NUMBER, "To": "+12025550100", "Body": "FEEDBACK"}
    response = client.post("/sms/simulator/inbound", data=form)
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.get_data(as_text=True).startswith("Hi, River Valley")
    assert client.post("/sms/simulator/inbound", data=form).data == response.data
    refused = client.post("/sms/simulator/inbound", data={**form, "MessageSid": "a2", "From": "+14155552671"})
    assert refused.status_code == 400


def test_there_is_no_simulated_phone_beside_a_real_gateway(settings, database):
    app = create_app(
        replace(
            settings, sms_gateway="twilio", twilio_account_sid="AC1", twilio_auth_token="x", sms_from="+12025550100"
        )
    )
    client = app.test_client()
    assert client.get(PAGE).status_code == 404
    app.extensions["surveyapp"].database.close()
