"""Our own sentences sent by SMS, in the respondent's language; the words are in `forms/locale`.

Each fits one segment in every language: plain letters of GSM-7, and names cut to what leaves room. The first and the
last text of an interview are the engine's (`forms/sms/framing.py`), which weighs them before anybody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forms.sms.framing import add_languages as add_languages
from forms.sms.framing import ask_consent as ask_consent
from forms.sms.framing import say_thanks as say_thanks
from forms.sms.framing import shorten, to_plain
from forms.sms.segments import count_segments
from forms.wording import words


def say_stopped(language: str) -> str:
    """Confirm STOP: the only text after it."""
    return words(language).gettext("You will get no more texts from this number. Reply START if you change your mind.")


def say_texts_on(language: str) -> str:
    """Confirm START where no question waits."""
    return words(language).gettext("Texts to you are on again. Reply STOP to end them.")


def say_welcome_back(language: str) -> str:
    """Greet after START, before the question that was open."""
    return words(language).gettext("Welcome back.")


def say_awaiting(language: str) -> str:
    """Begin a reminder, before the question that is open."""
    return words(language).gettext("We have not heard from you yet.")


def say_help(language: str, who: str | None) -> str:
    """Say who asks and how to stop; `who` is nothing where this number takes part in nothing."""
    if who is None:
        return words(language).gettext("This number carries surveys by text message. Reply STOP to get no more texts.")
    return words(language).gettext(
        "%(who)s asks for your view. BACK = previous question, SKIP = leave one out, "
        "WEB = answer on the web, STOP = no more texts."
    ) % {"who": shorten(who)}


def say_declined(language: str) -> str:
    """Say goodbye after NO."""
    return words(language).gettext("Thank you for telling us. We will not ask you in this survey again.")


def say_already_finished(language: str, reference: str) -> str:
    """Answer a message after the end."""
    return words(language).gettext(
        "Your answers have been received already, thank you. Your reference: %(reference)s"
    ) % {"reference": reference}


def say_already_declined(language: str) -> str:
    """Answer a message after NO."""
    return words(language).gettext("You chose not to take part, and that is fine. There is nothing more to do.")


def say_closed(language: str) -> str:
    """Answer a message to a round that is over."""
    return words(language).gettext("This survey is closed and takes no more answers. Thank you for writing.")


def say_not_open_yet(language: str) -> str:
    """Answer the keyword of a round that opens later."""
    return words(language).gettext("This survey has not opened yet. Please text again later.")


def say_unknown(language: str) -> str:
    """Answer a sender who takes part in nothing."""
    return words(language).gettext(
        "Sorry, no survey is open for this text. If you were given a word to send, please send that word alone."
    )


def say_comes_next(language: str) -> str:
    """Put off a second survey while a question of the first is open."""
    return words(language).gettext("That survey comes next. First this one:")


def say_more(language: str) -> str:
    """Begin the follow-up that was agreed to."""
    return words(language).gettext("As agreed, a few more questions. STOP ends all texts.")


def say_which(language: str, names: Sequence[str]) -> str:
    """Ask which of several surveys a text belongs to."""
    say = words(language).gettext
    choices = [
        say("%(number)d for %(name)s") % {"number": number, "name": shorten(name)}
        for number, name in enumerate(names, start=1)
    ]
    return say("Which survey is this for? Reply %(choices)s.") % {"choices": ", ".join(choices)}


def say_how_to_stop(language: str) -> str:
    """Answer a wish to be left alone that is no STOP."""
    return words(language).gettext("To end all texts, reply STOP and nothing else. A person will see your message.")


def say_web_link(language: str, link: str) -> str:
    """Give the personal link that opens at the next question."""
    return words(language).gettext("Go on here, your answers are kept: %(link)s") % {"link": link}


def say_rest_is_on_the_web(language: str, link: str) -> str:
    """Say that everything texted is answered, and where the rest is."""
    return words(language).gettext("You have answered all that we ask by text. Finish here: %(link)s") % {"link": link}


def say_phone_is_taken(language: str) -> str:
    """Refuse to take an interview over on a phone that has one of its own in that survey."""
    return words(language).gettext("This phone has answers of its own in this survey, so it cannot take up others.")


def say_languages(language: str, languages: Mapping[str, str]) -> str:
    """Say which languages there are and how to change to one, by their codes alone where the names cost a segment."""
    sentence = words(language).gettext("To change the language, reply %(choices)s.")
    coded = [f"LANG {code.upper()}" for code in languages]
    names = [to_plain(name) for name in languages.values()]
    named = [f"{code} ({name})" for code, name in zip(coded, names, strict=True)]
    latin = [both if name.isascii() else code for both, code, name in zip(named, coded, names, strict=True)]
    said = [sentence % {"choices": ", ".join(choices)} for choices in (named, latin, coded)]
    return next((text for text in said if count_segments(text).segments == 1), said[-1])
