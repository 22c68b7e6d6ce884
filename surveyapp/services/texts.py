"""Our own sentences sent by SMS, in the respondent's language; the words are in `forms/locale`.

Each fits one segment in every language: plain letters of GSM-7, and names cut to what leaves room.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from forms.sms.segments import count_segments
from forms.wording import words

LONGEST_NAME = 30


def say_stopped(language: str) -> str:
    """Confirm STOP: the only text after it."""
    return words(language).gettext("You will get no more texts from this number. Reply START if you change your mind.")


def say_texts_on(language: str) -> str:
    """Confirm START where no question waits."""
    return words(language).gettext("Texts to you are on again. Reply STOP to end them.")


def say_welcome_back(language: str) -> str:
    """Greet after START, before the question that was open."""
    return words(language).gettext("Welcome back.")


def say_help(language: str, who: str | None) -> str:
    """Say who asks and how to stop; `who` is nothing where this number takes part in nothing."""
    if who is None:
        return words(language).gettext("This number carries surveys by text message. Reply STOP to get no more texts.")
    return words(language).gettext(
        "%(who)s asks for your view. BACK = previous question, SKIP = leave one out, "
        "WEB = answer on the web, STOP = no more texts."
    ) % {"who": shorten(who)}


def ask_consent(language: str, who: str, count: int, *, confidential: bool) -> str:
    """Ask for consent where the definition has no consent question of its own."""
    facts = {"who": shorten(who), "count": count}
    if confidential:
        return (
            words(language).gettext(
                "%(who)s wants your view. Questions: %(count)d. Confidential, normal SMS cost. "
                "Reply YES to start, NO to decline, STOP to end all texts."
            )
            % facts
        )
    return (
        words(language).gettext(
            "%(who)s wants your view, with your name. Questions: %(count)d. Normal SMS cost. "
            "Reply YES to start, NO to decline, STOP to end all texts."
        )
        % facts
    )


def say_declined(language: str) -> str:
    """Say goodbye after NO."""
    return words(language).gettext("Thank you for telling us. We will not ask you in this survey again.")


def say_thanks(language: str, reference: str, closing: str | None) -> str:
    """Thank at the end, with the reference, and with the definition's closing words where one segment holds both."""
    thanks = words(language).gettext("Thank you, your answers have been received. Your reference: %(reference)s") % {
        "reference": reference
    }
    if closing:
        both = f"{closing}\n" + words(language).gettext("Your reference: %(reference)s") % {"reference": reference}
        if count_segments(both).segments == 1:
            return both
    return thanks


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


def say_finish_first(language: str, keyword: str) -> str:
    """Put off a second survey while a question of the first is open."""
    return words(language).gettext("Please finish this survey first, then send %(keyword)s again.") % {
        "keyword": keyword
    }


def say_web_link(language: str, link: str) -> str:
    """Give the personal link that opens at the next question."""
    return words(language).gettext("Go on here, your answers are kept: %(link)s") % {"link": link}


def say_rest_is_on_the_web(language: str, link: str) -> str:
    """Say that everything texted is answered, and where the rest is."""
    return words(language).gettext("You have answered all that we ask by text. Finish here: %(link)s") % {"link": link}


def say_languages(language: str, languages: Mapping[str, str]) -> str:
    """Say which languages there are and how to change to one."""
    return words(language).gettext("To change the language, reply %(choices)s.") % {
        "choices": ", ".join(f"LANG {code.upper()} ({to_plain(name)})" for code, name in languages.items())
    }


def add_languages(prompt: str, language: str, languages: Mapping[str, str]) -> str:
    """Add how to change the language to a first text, for as many other languages as its last segment has room for."""
    room = count_segments(prompt).segments
    for code, name in languages.items():
        longer = f"{prompt}\n{to_plain(name)}: LANG {code.upper()}"
        if code != language and count_segments(longer).segments == room:
            prompt = longer
    return prompt


def shorten(name: str) -> str:
    """Cut a name so that the sentence around it stays in one segment."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 3].rstrip() + "..."


def to_plain(name: str) -> str:
    """Give a Latin name without the accents that would double the price of the text; other scripts stay."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain if len(plain) >= len(name) else name
