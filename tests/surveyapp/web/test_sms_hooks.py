from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from builders import publish
from flask import Flask
from flask.testing import FlaskClient
from phones import ACCOUNT, AUTH_TOKEN, TwilioPhone
from sqlalchemy import func, select

from surveyapp import create_app
from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.models import AnswerEvent, InboundMessage, Interview, OptOut


@pytest.fixture
def twilio_settings(settings: Settings, database: Database) -> Settings:
    publish(database, keyword="FEEDBACK")
    return replace(
        settings,
        sms_gateway="twilio",
        sms_from="+12025550100",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=AUTH_TOKEN,
    )


@pytest.fixture
def twilio_app(twilio_settings: Settings) -> Iterator[Flask]:
    app = create_app(twilio_settings)
    yield app
    app.extensions["surveyapp"].database.close()


@pytest.fixture
def phone(twilio_app: Flask) -> TwilioPhone:
    return TwilioPhone(twilio_app.test_client())


def count(database: Database, table: type = InboundMessage) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_signed_text_is_answered_in_twiml(phone):
    response = phone.post("FEEDBACK")
    assert response.status_code == 200
    assert response.content_type == "text/xml; charset=utf-8"
    assert b"<Response><Message>Hi, River Valley" in response.data


def test_silence_is_an_empty_twiml_response(phone):
    phone.text("STOP")
    assert phone.post("hello").data == b'<?xml version="1.0" encoding="UTF-8"?><Response />'


def test_a_text_from_a_country_that_may_not_be_texted_is_not_answered_but_its_stop_counts(twilio_settings, database):
    nowhere_else = replace(twilio_settings.sending, everywhere=False)
    app = create_app(replace(twilio_settings, sending=nowhere_else))
    foreign = TwilioPhone(app.test_client(), "+447700900123")
    assert b"<Message>" not in foreign.post("FEEDBACK").data
    assert count(database) == 0
    assert b"<Message>" in TwilioPhone(app.test_client()).post("FEEDBACK").data
    foreign.post("STOP")
    assert count(database, OptOut) == 1
    app.extensions["surveyapp"].database.close()


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "bm90IHJpZ2h0"}])
def test_a_text_that_is_not_signed_is_refused_and_nothing_is_stored(phone, database, headers):
    form = {"AccountSid": ACCOUNT, "MessageSid": "SM1", "From": phone.number, "Body": "STOP"}
    response = phone.client.post("/sms/twilio/inbound", data=form, headers=headers)
    assert (response.status_code, response.get_data(as_text=True)) == (403, "The signature is missing or wrong.\n")
    assert count(database) == 0


def test_a_text_signed_with_another_token_is_refused_and_nothing_is_stored(phone, database):
    assert phone.post("STOP", token="another token").status_code == 403
    assert count(database) == 0


def test_without_a_configured_token_every_text_is_refused(twilio_settings, database):
    app = create_app(replace(twilio_settings, twilio_auth_token=""))
    assert TwilioPhone(app.test_client()).post("STOP", token="").status_code == 403
    assert count(database) == 0
    app.extensions["surveyapp"].database.close()


def test_the_signature_covers_the_public_url_and_its_query(twilio_settings):
    app = create_app(replace(twilio_settings, public_url="https://survey.example.org/here"))
    phone = TwilioPhone(app.test_client())
    phone.url = "https://survey.example.org/here/sms/twilio/inbound?from=twilio&x=%C3%A9"
    form, headers = phone.sign("FEEDBACK")
    response = phone.client.post(
        "/sms/twilio/inbound?from=twilio&x=%C3%A9", data=form, headers=headers, base_url="https://survey.example.org"
    )
    assert response.status_code == 200
    response = phone.client.post(
        "/sms/twilio/inbound?from=other", data=form, headers=headers, base_url="https://survey.example.org"
    )
    assert response.status_code == 403
    app.extensions["surveyapp"].database.close()


@pytest.mark.parametrize("name", ["simulator", "nobody"])
def test_only_the_configured_gateway_has_a_door(phone, name):
    assert phone.client.post(f"/sms/{name}/inbound", data={"From": "+12025550142"}).status_code == 404


def test_the_door_takes_only_what_is_posted(phone):
    assert phone.client.get("/sms/twilio/inbound").status_code == 405


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"From": "VODAFONE"}, "not a phone number"),
        ({"MessageSid": ""}, "MessageSid"),
        ({"MessageSid": "x" * 65}, "MessageSid"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_a_reason_and_nothing_is_stored(phone, database, fields, sentence):
    response = phone.post("FEEDBACK", **fields)
    assert response.status_code == 400
    assert sentence in response.get_data(as_text=True)
    assert count(database) == 0


@pytest.mark.parametrize("body", ["x" * 10_001, "x" * 300_000])
def test_a_text_that_is_too_long_is_refused_and_nothing_is_stored(phone, database, body):
    assert phone.post(body).status_code == 413
    assert count(database) == 0


def test_odd_characters_are_taken_as_an_answer_and_never_break_the_door(phone, database):
    phone.texts("FEEDBACK", "YES", *["4"] * 6, "9")
    assert phone.text("😀 \x00<b>&'\"\u202e\ufeff ${pf01} \u0663") is not None
    with database.reading() as session:
        assert session.scalars(select(Interview)).one().answers["pf08"].startswith("😀 <b>&'\"")


def test_a_photo_without_words_is_no_answer(phone):
    phone.texts("FEEDBACK", "YES")
    assert phone.text("", NumMedia="1").startswith("Sorry, please reply with one number")


def test_the_same_message_gets_the_same_bytes_again_also_after_a_restart(phone, twilio_settings, database):
    phone.texts("FEEDBACK", "YES")
    first = phone.post("4", message_id="SMsame").data
    phone.text("3")
    assert {phone.post("4", message_id="SMsame").data for _ in range(5)} == {first}
    restarted = create_app(twilio_settings)
    assert TwilioPhone(restarted.test_client()).post("4", message_id="SMsame").data == first
    assert count(database, AnswerEvent) == 3
    restarted.extensions["surveyapp"].database.close()


def test_twenty_of_one_webhook_at_once_get_one_answer_and_the_same_bytes(phone, twilio_app, database):
    phone.texts("FEEDBACK", "YES")
    barrier = threading.Barrier(20)

    def send(_: int) -> tuple[int, bytes]:
        client: FlaskClient = twilio_app.test_client()
        barrier.wait()
        response = TwilioPhone(client).post("4", message_id="SMtwenty")
        return response.status_code, response.data

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    assert len(answers) == 1
    assert answers.pop()[0] == 200
    assert count(database, AnswerEvent) == 2


def test_neither_number_nor_text_reaches_the_log(phone, caplog):
    with caplog.at_level(logging.DEBUG):
        phone.texts("FEEDBACK", "YES", "4", "a secret about the mayor")
        phone.post("a secret", token="wrong")
    assert not any(word in caplog.text for word in ("2025550142", "secret", "mayor"))
