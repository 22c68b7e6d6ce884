"""The texts around the questions: the first one, which asks for consent, and the last one, which thanks."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from forms.sms.segments import count_segments
from forms.wording import words

LONGEST_NAME = 30


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


def add_languages(prompt: str, language: str, languages: Mapping[str, str]) -> str:
    """Add how to change the language to a first text, as far as its last segment has room.

    Every other language by its name; else all by their codes, `LANG FR/ES`; else the first ones by name.
    """
    others = {code: name for code, name in languages.items() if code != language}
    if not others:
        return prompt
    room = count_segments(prompt).segments
    named = [f"{to_plain(name)}: LANG {code.upper()}" for code, name in others.items()]
    coded = "LANG " + "/".join(code.upper() for code in others)
    for lines in (named, [coded], *(named[:n] for n in range(len(named) - 1, 0, -1))):
        longer = "\n".join([prompt, *lines])
        if count_segments(longer).segments == room:
            return longer
    return prompt


def shorten(name: str) -> str:
    """Cut a name so that the sentence around it stays in one segment."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 3].rstrip() + "..."


def to_plain(name: str) -> str:
    """Give a Latin name without the accents that would double the price of the text; other scripts stay."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain if len(plain) >= len(name) else name
