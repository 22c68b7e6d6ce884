from __future__ import annotations

import pytest
from phones import ACCOUNT, AUTH_TOKEN
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from surveyapp.config import read_settings
from surveyapp.errors import SurveyAppError
from surveyapp.gateways.twilio import Twilio

URL = "https://survey.example.org/sms/twilio/inbound"
FORM = {"AccountSid": ACCOUNT, "MessageSid": "SM1", "From": "+12025550142", "To": "+12025550100", "Body": "Oui, été"}


def build_gateway(token: str = AUTH_TOKEN) -> Twilio:
    values = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": token, "twilio_from": "+12025550100"}
    return Twilio(read_settings({}, secret_key="0123456789abcdef", **values))


def sign(form: dict[str, str], url: str = URL, token: str = AUTH_TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


def test_what_twilio_signed_is_believed():
    assert build_gateway().verify(URL, MultiDict(FORM), sign(FORM))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "é"},
        sign(FORM, token="another token"),
        sign(FORM, url="http://survey.example.org/sms/twilio/inbound"),
        sign({**FORM, "Body": "No"}),
        sign({**FORM, "Extra": "1"}),
    ],
)
def test_what_twilio_did_not_sign_is_not_believed(headers):
    assert not build_gateway().verify(URL, MultiDict(FORM), headers)


def test_without_an_auth_token_nothing_is_believed():
    assert not build_gateway(token="").verify(URL, MultiDict(FORM), sign(FORM, token=""))


def test_a_message_is_read_without_anything_of_twilio_left_in_it():
    inbound = build_gateway().read_inbound({**FORM, "OptOutType": "stop"})
    assert (inbound.phone, inbound.body, inbound.message_id) == ("+12025550142", "Oui, été", "SM1")
    assert (inbound.account, inbound.opt_out) == (ACCOUNT, "STOP")


def test_an_opt_out_type_that_is_not_known_is_ignored():
    assert build_gateway().read_inbound({**FORM, "OptOutType": "PAUSE"}).opt_out is None


@pytest.mark.parametrize("field", ["From", "MessageSid"])
def test_a_message_without_sender_or_id_is_refused(field):
    with pytest.raises(SurveyAppError):
        build_gateway().read_inbound({**FORM, field: ""})


def test_a_reply_is_twiml_with_its_signs_escaped():
    assert Twilio.render("1 < 2 & <é>") == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>1 &lt; 2 &amp; &lt;é&gt;</Message></Response>'
    )


def test_silence_is_twiml_without_a_message():
    assert Twilio.render(None) == '<?xml version="1.0" encoding="UTF-8"?><Response />'
