"""Synthetic stakeholders: who they are and how they answer. Everything is made from a seed; nobody here is real."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from forms.definition import Question
from forms.interview import CONSENT_YES
from forms.values import Missing, Value

GROUPS = (
    # group, people, how content they are (mean of a 1-5 scale), share who texts
    ("community", 15, 3.0, 0.7),
    ("government", 8, 3.9, 0.1),
    ("ngo", 10, 4.1, 0.2),
    ("business", 6, 3.7, 0.2),
    ("school", 7, 3.6, 0.4),
    ("donor", 3, 4.2, 0.0),
)
LIFT = {"pf02": 0.1, "pf04": 0.2, "pf06": -1.0, "pf09": 0.3, "pf10": -0.6, "pf13": -1.2, "pf14": -0.2}
COMMENTS = {
    "en": (
        "Sample: hold the meetings in the evening so that farmers can come.",
        "Sample: share the budget with everybody.",
        "Sample: say early who looks after the water pumps next year.",
        "Sample: bring the school into the planning.",
        "Sample: answer our questions faster.",
    ),
    "fr": (
        "Exemple : tenir les réunions le soir.",
        "Exemple : partager le budget avec tout le monde.",
        "Exemple : dire plus tôt qui fait quoi.",
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic stakeholder. `texts`: answers by SMS, from a number that is reserved for fiction."""

    name: str
    group: str
    language: str
    phone: str
    email: str
    mood: float
    texts: bool


def make_people(seed: int) -> list[Person]:
    """Give the people of the example partnership; the same seed gives the same people."""
    dice = Random(seed)  # noqa: S311  # sample data needs a repeatable source, not a secret one
    people: list[Person] = []
    for group, size, mood, texting in GROUPS:
        for number in range(1, size + 1):
            texts = dice.random() < texting
            people.append(
                Person(
                    name=f"Sample {group.title()} {number:02}",
                    group=group,
                    language="fr" if dice.random() < 0.25 else "en",
                    phone=f"+120255501{len(people):02}" if texts else "",
                    email="" if texts else f"sample.{group}{number:02}@example.org",
                    mood=mood + dice.gauss(0, 0.5),
                    texts=texts,
                )
            )
    return people


def make_contacts_csv(people: list[Person]) -> str:
    """Give the people as the contact list that a coordinator would upload."""
    rows = [f"{p.name},{p.phone},{p.email},{p.group},{p.language}" for p in people]
    return "\n".join(["name,phone,email,group,language", *rows]) + "\n"


def choose_answer(question: Question, person: Person, progress: float, dice: Random) -> Value:
    """Give this person's answer to a question; `progress` (points of a 1-5 scale) lifts later rounds."""
    if question.type == "consent":
        return CONSENT_YES
    if question.dont_know and dice.random() < 0.06:
        return Missing.DONT_KNOW
    level = person.mood + progress + LIFT.get(question.id, 0.0) + dice.gauss(0, 0.8)
    if question.score is not None and question.score.reverse:
        level = 6 - level
    if question.type == "scale":
        return _clip(round(level), 1, 5)
    if question.type == "nps":
        return _clip(round(level * 2.1), 0, 10)
    if question.type == "text":
        return dice.choice(COMMENTS[person.language]) if dice.random() < 0.5 else None
    codes = [choice.value for choice in question.choices]
    if question.type == "select_multiple":
        gained = [code for code in codes if code != 0 and dice.random() < 0.35]
        return tuple(gained or codes[-1:] if 0 not in codes else gained or [0])
    if question.score is not None:
        return codes[_clip(round(level) - 1, 0, len(codes) - 1)]
    return codes[0] if dice.random() < 0.8 else codes[-1]


def _clip(number: int, low: int, high: int) -> int:
    return max(low, min(high, number))
