"""The walk of an inbound text: signed webhooks through the real library, to the answers as they are stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from builders import THREE_PEOPLE, publish
from flask import Flask
from phones import ACCOUNT, AUTH_TOKEN, TwilioPhone
from sqlalchemy import select

from forms.sms.segments import count_segments
from surveyapp import create_app
from surveyapp.config import Settings
from surveyapp.database import Database
from surveyapp.models import InboundMessage, Interview, Invitation
from surveyapp.services.rounds import count_round, find_round
from surveyapp.services.texts import say_stopped


@pytest.fixture
def twilio_app(settings: Settings, database: Database) -> Iterator[Flask]:
    publish(database, keyword="FEEDBACK", contacts=THREE_PEOPLE.replace("+12025550103", "+33639980103"))
    app = create_app(
        replace(
            settings,
            sms_gateway="twilio",
            sms_from="+12025550100",
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=AUTH_TOKEN,
        )
    )
    yield app
    app.extensions["surveyapp"].database.close()


def find_interview(database: Database, number: str) -> Interview:
    with database.reading() as session:
        return session.scalars(select(Interview).where(Interview.phone == number)).one()


def test_a_stranger_answers_the_whole_survey_in_english(twilio_app, database):
    phone = TwilioPhone(twilio_app.test_client())
    assert phone.text("feedback").startswith("Hi, River Valley wants your view. 9 short questions")
    questions = [
        phone.text(reply)
        for reply in ("Yes please", "4", "mostly", "5=Fully", "D", "Three", "n/a", "10", "More meetings", "yes")
    ]
    assert [question.split()[0] for question in questions] == [f"{number}/10" for number in range(1, 11)]
    end = phone.text("community")
    interview = find_interview(database, phone.number)
    assert (
        end
        == f"Thank you. Your answers help River Valley to work better with you.\nYour reference: {interview.reference}"
    )
    assert interview.state == "finished"
    assert interview.answers == {
        "pfc": 1,
        "pf01": 4,
        "pf02": 4,
        "pf03": 5,
        "pf04": {"missing": -98},
        "pf05": 3,
        "pf06": {"missing": -97},
        "pf07": 10,
        "pf08": "More meetings",
        "pf17": 1,
        "pf00": 1,
    }
    with database.reading() as session:
        counts = count_round(session, find_round(session, "Spring 2026"))
    assert (counts.finished, counts.by_channel) == (1, {"sms": 1})


def test_an_invited_contact_answers_the_whole_survey_in_french(twilio_app, database):
    phone = TwilioPhone(twilio_app.test_client(), "+33639980103")
    phone.text("bonjour")
    assert phone.text("LANG FR").startswith("Bonjour, River Valley souhaite votre avis")
    assert phone.text("OUI").startswith("1/9 Les objectifs communs")
    assert phone.text("n'importe quoi").startswith("Désolé, veuillez répondre par un seul numéro de la liste")
    phone.texts("Largement", "Tout à fait", "NSP", "2.", "quatre", "5", "7")
    assert phone.text("AIDE").startswith("9/9")  # a free text may be any word that is not reserved
    assert phone.text("RETOUR").startswith("8/9")
    assert phone.text("Plus de réunions à l'école").startswith("9/9")
    end = phone.text("non")
    interview = find_interview(database, phone.number)
    assert end.startswith("Merci. Vos réponses aident River Valley")
    assert end.endswith(f"Votre référence : {interview.reference}")
    assert interview.language == "fr"
    assert interview.answers["pf08"] == "Plus de réunions à l'école"
    assert (interview.group, interview.answers["pf17"]) == ("ngo_charity", 2)
    assert "pf00" not in interview.answers
    with database.reading() as session:
        assert (
            session.scalars(select(Invitation.state).where(Invitation.id == interview.invitation_id)).one()
            == "finished"
        )


IN_OWN_WORDS = {
    "es": (
        "idioma español", "Sí, gracias", "en gran parte", "Totalmente", "No sé", "2", "cuatro", "no corresponde",
        "atrás", "no aplica", "ocho", "omitir", "no", "comunidad",
    ),
    "sw": (
        "lugha kiswahili", "Ndio", "kwa sehemu kubwa", "Kabisa", "sijui", "2", "nne", "haihusiki",
        "rudi", "haihusiki", "nane", "ruka", "hapana", "jamii",
    ),
    "ar": (
        "لغة العربية", "نعم", "كثيرًا", "تماما", "لا أعرف", "٢", "أربعة", "لا ينطبق",
        "رجوع", "لا ينطبق", "٨", "تخطي", "لا", "المجتمع",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", IN_OWN_WORDS)
def test_a_whole_interview_is_answered_in_words_of_the_respondents_own(twilio_app, database, language):
    phone = TwilioPhone(twilio_app.test_client())
    phone.texts("FEEDBACK", *IN_OWN_WORDS[language])
    interview = find_interview(database, phone.number)
    assert (interview.state, interview.language) == ("finished", language)
    assert interview.answers == {
        "pfc": 1,
        "pf01": 4,
        "pf02": 5,
        "pf03": {"missing": -98},
        "pf04": 2,
        "pf05": 4,
        "pf06": {"missing": -97},
        "pf07": 8,
        "pf08": {"missing": -99},
        "pf17": 2,
        "pf00": 1,
    }
    with database.reading() as session:
        replies = session.scalars(select(InboundMessage.reply).order_by(InboundMessage.id)).all()
    assert max(count_segments(reply).segments for reply in replies) == (2 if language == "ar" else 1)


@pytest.mark.parametrize(("word", "language"), [("Basta", "es"), ("Simamisha", "sw"), ("توقف", "ar")])
def test_stop_is_obeyed_and_confirmed_in_the_respondents_own_language(twilio_app, database, word, language):
    phone = TwilioPhone(twilio_app.test_client())
    phone.texts("FEEDBACK", f"LANG {language}")
    assert phone.text(word) == say_stopped(language)
    assert phone.text("4") is None


@pytest.mark.parametrize("language", ["en", "fr", "es", "sw"])
def test_every_text_of_an_interview_costs_one_segment(twilio_app, database, language):
    phone = TwilioPhone(twilio_app.test_client())
    phone.texts("FEEDBACK", f"LANG {language}", "YES", *["4"] * 6, "9", "Rien", "1", "1", "again")
    with database.reading() as session:
        replies = session.scalars(select(InboundMessage.reply).order_by(InboundMessage.id)).all()
    assert len(replies) == 14
    assert [reply for reply in replies if count_segments(reply).segments != 1] == []


def test_an_interview_begun_by_text_is_finished_on_the_web_with_its_answers_filled_in(twilio_app, database):
    phone = TwilioPhone(twilio_app.test_client())
    link = phone.texts("FEEDBACK", "YES", "4", "2", "WEB").split()[-1]
    client = twilio_app.test_client()
    page = client.get(link).get_data(as_text=True)
    assert read_form(page)["section"] == "goals"
    assert (read_form(page)["pf01"], read_form(page)["pf02"]) == ("4", "2")
    while 'id="receipt"' not in page:
        form = read_form(page)
        action = "submit" if form["section"] == "review" else "next"
        response = client.post(link, data={**form, "action": action}, follow_redirects=True)
        assert response.status_code == 200
        page = response.get_data(as_text=True)
    interview = find_interview(database, phone.number)
    assert (interview.state, interview.channel_first, interview.channel_last) == ("finished", "sms", "web")
    assert (interview.answers["pf01"], interview.answers["pf02"]) == (4, 2)
    assert phone.text("5").startswith("Your answers have been received already")


def read_form(page: str) -> dict[str, str]:
    """Give the fields of the page's form as a browser would send them, with the first choice where none is taken."""
    fields: dict[str, str] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            facts = dict(attributes)
            name = facts.get("name")
            if tag != "input" or name is None or name.endswith("__st"):
                return
            if "checked" in facts or name not in fields:
                fields[name] = facts.get("value") or ""

    Reader().feed(page)
    return fields
