"""Prices, countries and hours are read as people write them, and told when they are wrong."""

import pytest
from builders import SECRET_KEY

from surveyapp.config import read_settings
from surveyapp.errors import ConfigurationError
from surveyapp.sending import (
    Sending,
    link_sender,
    name_sender,
    read_countries,
    read_money,
    read_prices,
    read_sender,
    show_money,
)


def test_the_price_of_the_longest_listed_prefix_counts():
    prices = read_prices("0.0079, +254=0.02 +2547=0.03")
    assert [prices.find_price(phone) for phone in ("+12025550101", "+254201", "+254712345678")] == [7900, 20000, 30000]


def test_without_a_price_nothing_is_known():
    assert Sending(gateway="twilio", sender="+1", prices=read_prices("+44=0.04")).estimate("+254712345678", 2) is None


@pytest.mark.parametrize(
    ("micros", "said"), [(7900, "0.0079"), (12_500_000, "12.50"), (0, "0.00"), (None, ""), (1_234_567_890, "1,234.56")]
)
def test_money_is_shown_with_as_many_decimals_as_it_needs(micros, said):
    assert show_money(micros) == said


@pytest.mark.parametrize(
    ("sender", "name", "link"),
    [
        ("+12025550100", "+12025550100", "sms:+12025550100?body=GO7"),
        ("whatsapp:+12025550100", "+12025550100 on WhatsApp", "https://wa.me/12025550100?text=GO7"),
        ("12345", "12345", "sms:12345?body=GO7"),
        ("MG0123456789abcdef0123456789abcdef", "MG0123456789abcdef0123456789abcdef", ""),
    ],
)
def test_people_are_told_our_number_and_led_to_it(sender, name, link):
    assert (read_sender(f" {sender} "), name_sender(sender), link_sender(sender, "GO7")) == (sender, name, link)


@pytest.mark.parametrize("text", ["12025550100", "+1 202 555 0100", "whatsapp:", "AC0123", "+12025550100,"])
def test_what_is_no_number_of_ours_is_refused_at_the_start(text):
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({}, secret_key=SECRET_KEY, twilio_from=text)
    assert "must look like +12025550100" in refusal.value.faults[0]


def test_a_number_that_tells_no_country_needs_to_be_told_where_texts_may_go():
    facts = {"sms_gateway": "twilio", "twilio_account_sid": "AC1", "twilio_auth_token": "x", "twilio_from": "12345"}
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({}, secret_key=SECRET_KEY, **facts)
    assert "12345 tells no country" in refusal.value.faults[0]
    assert read_settings({}, secret_key=SECRET_KEY, **facts, sms_countries="KE").sending.permits("+254712345678")


@pytest.mark.parametrize("text", ["", "x", "-1", "NaN", "1e400", "1/2"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="amount"):
        read_money(text)


def test_texts_go_to_our_own_country_unless_others_are_named():
    home = Sending(gateway="twilio", sender="whatsapp:+254711000000")
    assert home.permits("+254712345678")
    assert not home.permits("+256712345678")
    assert not home.permits("+12025550101")
    named = Sending(gateway="twilio", sender="+12025550100", countries=read_countries("ke, UG"))
    assert [named.permits(phone) for phone in ("+254712345678", "+256712345678", "+12025550101")] == [True, True, False]


def test_an_island_with_the_calling_code_of_a_neighbour_is_another_country():
    assert not Sending(gateway="twilio", sender="+12025550100").permits("+18765551234")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("sms_price", "cheap", "is not an amount"),
        ("sms_price", "254=0.1", "must look like +254=0.02"),
        ("sms_countries", "Kenya", "two-letter code"),
        ("sms_countries", "XX", "two-letter code"),
        ("sms_hours", "20-8", "must look like 8-20"),
        ("sms_rate", "0", "above 0"),
        ("sms_most_a_day", "-1", "0 or more"),
        ("jobs_url", "file:///x", "must begin with one of"),
        ("http_gateway_url", "ftp://x", "must begin with https://"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start(name, value, said):
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({}, secret_key=SECRET_KEY, **{name: value})
    assert len(refusal.value.faults) == 1
    assert refusal.value.faults[0].startswith(f"SURVEYAPP_{name.upper()}")
    assert said in refusal.value.faults[0]


def test_the_http_gateway_needs_its_address_its_secret_and_our_number():
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({}, secret_key=SECRET_KEY, sms_gateway="http")
    assert len(refusal.value.faults) == 3
