"""Synthetic stakeholders: what they are like, and what they write. Each has dice of their own, made from the seed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from forms.definition import Question
from forms.interview import Interview
from forms.question_types import find_type
from forms.question_types.base import Kind
from forms.sampling import find_sample
from forms.sms.prompts import list_codes
from forms.values import Missing, Raw
from forms.wording import words

TEXTS = 0.65
"""The share of people who have a phone number; the others are asked by e-mail, on the web."""
NEVER_ANSWERS = 0.45
"""The share that no invitation reaches."""
DECLINES, STOPS, GIVES_UP = 0.05, 0.006, 0.02
"""Chances at every turn: NO to the consent, STOP, and silence for good."""
SLIPS, UNREADABLE, TWICE, COMMANDS = 0.05, 0.03, 0.04, 0.02
"""Chances at every turn: a way of writing that is not the code, words that are no answer, a webhook that comes twice,
and a command."""
MENDS = 0.7
"""The chance that a reply is readable once it was asked for again."""
_TALK = ("it depends", "hmm", "ask my sister", "not really, well", "👍", "what do you mean", "maybe later")
_COMMENTS = ("More meetings in the evening", "Share the budget", "Repair the pump", "Listen to the young people")


@dataclass(slots=True)
class Player:
    """One synthetic person. `reached`: whether any invitation gets an answer at all."""

    name: str
    phone: str
    email: str
    language: str
    group: str
    dice: Random
    reached: bool
    texts: int = 0
    """How many texts this person has sent: each needs an id."""

    def find_delay(self, *, first: bool = False) -> timedelta:
        """Give how long this person takes: minutes for a reply, hours until an invitation is looked at."""
        typical = 3.0 * 3600 if first else 75.0
        return timedelta(seconds=round(typical * self.dice.lognormvariate(0.0, 1.1), 3))


def make_players(seed: int, count: int, languages: Sequence[str], groups: Sequence[str], sender: str) -> list[Player]:
    """Give so many people; their numbers look like our own and are never called."""
    width = max(5, len(str(count)))
    players = []
    for number in range(count):
        dice = Random(f"{seed}:{number}")  # noqa: S311  # a rehearsal needs a repeatable source, not a secret one
        texts = dice.random() < TEXTS
        phone = f"{sender[:-width]}{number:0{width}}" if texts else ""
        players.append(
            Player(
                name=f"Rehearsal {number:06}",
                phone=phone if phone != sender else "",
                email="" if texts and phone != sender else f"rehearsal.{number}@example.org",
                language=dice.choices(languages, [4, *[1] * (len(languages) - 1)])[0],
                group=dice.choice(groups) if groups else "",
                dice=dice,
                reached=dice.random() >= NEVER_ANSWERS,
            )
        )
    return players


def write_contacts(players: Sequence[Player]) -> str:
    """Give the people as the contact list that a coordinator would upload."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "phone", "email", "group", "language", "consent"))
    writer.writerows((p.name, p.phone, p.email, p.group, p.language, "yes") for p in players)
    return text.getvalue()


def choose_raw(interview: Interview, question: Question, language: str, dice: Random) -> Raw:
    """Give what a person answers, as a form would send it; where chance has nothing that fits, the first that does."""
    question = interview.narrow(question)
    if question.dont_know and dice.random() < 0.05:
        return Raw(missing=Missing.DONT_KNOW)
    kind = find_type(question.type)
    codes = [str(choice.value) for choice in kind.choices(question)]
    if question.type == "text":
        return Raw((dice.choice(_COMMENTS),)) if question.required or dice.random() < 0.6 else Raw()
    if codes and kind.kind is not Kind.CHOICES and question.type != "consent":
        return Raw((dice.choice(codes),))
    return find_sample(interview, question, language)[0]


def write_reply(player: Player, interview: Interview, question: Question, language: str, *, again: bool = False) -> str:
    """Give what this person texts to a question: mostly its code, now and then something that needs more reading.

    `again`: the reply before could not be read, and this one is no better.
    """
    dice, chance = player.dice, player.dice.random()
    if question.type == "consent":
        return words(language).gettext("No" if chance < DECLINES else "Yes").upper()
    if chance < UNREADABLE or again:
        return dice.choice(_TALK)
    if chance < UNREADABLE + COMMANDS:
        return dice.choice(("HELP", "BACK", "SKIP"))
    question = interview.narrow(question)
    raw = choose_raw(interview, question, language, dice)
    if raw.missing is not None or not raw.values:
        return "D" if raw.missing is Missing.DONT_KNOW else "SKIP"
    code_of = {str(value): code for code, value in list_codes(question).items()}
    code = " ".join(code_of.get(value, value) for value in raw.values)
    if dice.random() >= SLIPS or len(raw.values) > 1 or raw.values[0] not in code_of:
        return code
    kind = find_type(question.type)
    label = kind.describe(question, kind.parse(question, raw, language), language)
    typo = label if label.isdigit() else label[:-1]
    return dice.choice((label, f"{code} {label}", typo, f" {code}. ", f"{code}!"))
