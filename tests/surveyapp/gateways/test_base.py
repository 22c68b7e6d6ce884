from __future__ import annotations

import pytest

from surveyapp.config import read_settings
from surveyapp.errors import NotFoundError, SurveyAppError
from surveyapp.gateways import GATEWAYS, find_gateway
from surveyapp.gateways.base import MessageTooLongError, read_body, read_name, read_number

SETTINGS = read_settings({}, secret_key="0123456789abcdef")


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("+12025550123", "+12025550123"),
        (" +447700900123 ", "+447700900123"),
        ("whatsapp:+254700000001", "+254700000001"),
    ],
)
def test_numbers_are_e164_from_the_door_inward(sent, number):
    assert read_number(sent) == number


@pytest.mark.parametrize("sent", ["", "12345", "AIRTEL", "+1202", "+9999999999", "+12025550123;drop", "+१२०२५५५०१२३"])
def test_what_nobody_can_be_called_back_on_is_refused(sent):
    with pytest.raises(SurveyAppError, match="international form"):
        read_number(sent)


@pytest.mark.parametrize("sent", ["", " ", "SM" + "0" * 63, "SM\n1", "SMé"])
def test_a_message_id_is_short_and_plain(sent):
    with pytest.raises(SurveyAppError, match="MessageSid"):
        read_name(sent, "MessageSid")


def test_a_text_is_stored_in_one_normal_form():
    assert read_body("  e\u0301te\u0301\x00\r\n\ud800 ") == "été\n\ufffd"


def test_a_text_longer_than_any_answer_is_refused():
    with pytest.raises(MessageTooLongError):
        read_body("x" * 10_001)


def test_only_the_configured_gateway_is_found():
    assert find_gateway("simulator", SETTINGS).name == "simulator"
    for name in ("twilio", "nobody"):
        with pytest.raises(NotFoundError):
            find_gateway(name, SETTINGS)


def test_every_gateway_stands_under_its_own_name():
    assert all(GATEWAYS[name].name == name for name in GATEWAYS)
