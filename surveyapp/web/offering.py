"""The instruments on offer: by what they are for, each in a sentence, so that a coordinator finds the right one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from forms.definition import KINDS, SMS, Definition, Section
from forms.piping import fill
from forms.question_types import find_type

HEADINGS = {
    "feedback": ("Feedback", "What stakeholders think of the partnership."),
    "stakeholder_map": ("Stakeholders", "Who has a stake, and who works with whom."),
    "impact": ("Impact", "What has changed: as it was measured, and as people see it."),
    "assessment": ("Assessments", "How those who run the partnership rate it themselves."),
    "checklist": ("Checklists", "What to make sure of before you sign, and again every year."),
    "register": ("Registers", "Lists that are kept up to date all year."),
}
"""Kind -> the heading of its instruments and what they are for."""
LONGEST_SENTENCE = 240
_END_OF_SENTENCE = re.compile(r"(?<=[.?!])\s")


@dataclass(frozen=True, slots=True)
class Offer:
    """One instrument: `name` is its file's; `sentence` says what it is for; `facts` what it takes to answer it."""

    name: str
    title: str
    version: str
    sentence: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The instruments of one kind, under a heading."""

    kind: str
    heading: str
    purpose: str
    offers: tuple[Offer, ...]


def group_instruments(usable: Mapping[str, Definition]) -> tuple[Group, ...]:
    """Give the instruments by kind, in the order of the kinds, those of one kind by title."""
    groups = []
    for kind in KINDS:
        offers = [describe(name, definition) for name, definition in usable.items() if definition.kind == kind]
        if offers:
            groups.append(Group(kind, *HEADINGS[kind], tuple(sorted(offers, key=lambda offer: offer.title))))
    return tuple(groups)


def describe(name: str, definition: Definition) -> Offer:
    """Tell an instrument in its default language; a parameter that is not filled in yet stands in brackets."""
    language = definition.default_language
    introduction = definition.introduction.in_(language) if definition.introduction else ""
    sentence = _END_OF_SENTENCE.split(" ".join(fill(introduction, lambda id_: f"[{id_}]").split()), maxsplit=1)[0]
    return Offer(
        name=name,
        title=definition.title.in_(language),
        version=definition.version,
        sentence=sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[: LONGEST_SENTENCE - 1].rstrip()}…",
        facts=(_tell_length(definition), _tell_channels(definition), ", ".join(definition.languages.values())),
    )


def _tell_length(definition: Definition) -> str:
    """Say how much is asked: `35 questions and 2 lists`."""
    asked = sum(_count(section) for section in definition.sections if section.repeat is None)
    lists = [section for section in definition.repeats if section.repeat and section.repeat.adds]
    rosters = [section for section in definition.repeats if section.repeat and not section.repeat.adds]
    parts = [_say(asked, "question")] if asked else []
    if lists:
        each = " and ".join(str(_count(section)) for section in lists)
        parts.append(f"{_say(len(lists), 'list')} with {each} questions an entry")
    parts += [f"{_say(_count(section), 'question')} about each entry of a roster" for section in rosters]
    return ", ".join(parts)


def _count(section: Section) -> int:
    return sum(find_type(question.type).asks for question in section.questions)


def _say(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _tell_channels(definition: Definition) -> str:
    """Say where it is asked: `by web, 12 of them by text`."""
    asked = [question for _, question in definition.walk() if find_type(question.type).asks]
    texted = sum(SMS in question.channels for question in asked)
    if texted == len(asked):
        return "by web and text"
    return f"by web, {texted} of them by text" if texted else "by web"
