"""Builders of questions, definitions and interviews for tests of the engine: say only what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from forms.definition import Choice, Definition, Question, Section, SmsWording, Text
from forms.expressions import parse
from forms.interview import Interview
from forms.values import Value

TODAY = date(2026, 3, 2)
LANGUAGES = {"en": "English", "fr": "Français"}
EXTENT = {1: "Not at all", 2: "A little", 3: "Partly", 4: "Mostly", 5: "Fully"}
FREQUENCY = {1: "Never", 2: "Rarely", 3: "Sometimes", 4: "Often", 5: "Always"}
YES_NO = {1: "Yes", 2: "No"}
GAINS = {
    1: "Money",
    2: "Skills",
    3: "Materials",
    4: "Contacts",
    5: "Services",
    6: "Recognition",
    7: "Say in decisions",
    0: "None",
}
NEEDS = {1: "Water", 2: "Roads", 3: "Light"}
CHOOSING = {"select_one": EXTENT, "scale": EXTENT, "select_multiple": GAINS, "rank": NEEDS}


def words(text: str | dict[str, str]) -> Text:
    return Text({"en": text} if isinstance(text, str) else text, "en")


def choices(labels: dict[Any, Any], *, exclusive: tuple[Any, ...] = (), show_if: dict[Any, str] | None = None):
    return tuple(
        Choice(
            value,
            words(label),
            exclusive=value in exclusive,
            show_if=parse(show_if[value]) if show_if and value in show_if else None,
        )
        for value, label in labels.items()
    )


def question(type_: str = "text", id_: str = "q", label: str | dict[str, str] = "What do you say?", **keys: Any):
    """Build a question; `choices` may be a mapping of labels, conditions are texts, `sms` words or an `SmsWording`.

    Keys that only some types know (`min`, `max`, `max_length`, `unit`) become settings.
    """
    settings = {key: keys.pop(key) for key in ("min", "max", "max_length", "unit", "calculation") if key in keys}
    if isinstance(settings.get("unit"), dict):
        settings["unit"] = words(settings["unit"])
    if "calculation" in settings:
        settings["calculation"] = parse(settings["calculation"])
    offered = keys.pop("choices", CHOOSING.get(type_, {}))
    for key in ("show_if", "constraint"):
        if key in keys:
            keys[key] = parse(keys[key])
    if "constraint_message" in keys:
        keys["constraint_message"] = words(keys["constraint_message"])
    if isinstance(keys.get("sms"), str | dict):
        keys["sms"] = SmsWording(words(keys["sms"]))
    return Question(
        id=id_,
        type=type_,
        label=words(label),
        choices=offered if isinstance(offered, tuple) else choices(offered),
        settings=settings,
        **keys,
    )


def specified(type_: str = "select_one", id_: str = "q", **keys: Any):
    """Build a question whose choice 3 asks for free text beside it."""
    asked = question(type_, id_, choices={1: "Farmer", 2: "Trader", 3: "Something else"}, **keys)
    beside = question("specification", f"{id_}__oth", "Something else", max_length=200)
    offered = tuple(replace(choice, specify=choice.value == 3) for choice in asked.choices)
    return replace(asked, choices=offered, specification=beside)


def section(*questions: Question, id_: str = "s", show_if: str | None = None) -> Section:
    return Section(id=id_, questions=questions, show_if=parse(show_if) if show_if else None)


def definition(*parts: Question | Section) -> Definition:
    """Build a definition of sections; loose questions stand in one section `s`."""
    loose = tuple(part for part in parts if isinstance(part, Question))
    sections = tuple(part for part in parts if isinstance(part, Section)) or (section(*loose),)
    return Definition(
        id="sketch",
        version="1.0.0",
        kind="feedback",
        default_language="en",
        languages=LANGUAGES,
        title=words("A sketch"),
        sections=sections,
    )


def interview(*parts: Question | Section, answers: dict[str, Value] | None = None, **keys: Any) -> Interview:
    """Build an interview on these questions or sections, at `TODAY`."""
    return Interview(definition(*parts), answers or {}, TODAY, **keys)
