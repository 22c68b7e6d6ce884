"""Builders of definitions, so that a test shows only what it is about.

load(section("a", question("age", "integer", min=0)), section("b", question("why")))
load(question("age", "integer"), languages={"en": "English", "fr": "Français"})
as_json(definition(question("age", "integer")))
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from forms.definition import Definition
from forms.loading import load_definition

Json = dict[str, Any]

_NEED_CHOICES = ("scale", "select_one", "select_multiple", "rank")


def choice(value: int | str, label: Any = None, **keys: Any) -> Json:
    """Give a choice; its label is `Choice 1` unless said otherwise."""
    return {"value": value, "label": f"Choice {value}" if label is None else label, **keys}


def choices(*values: Any) -> list[Json]:
    """Give choices from values, `(value, label)` pairs, or choices as they are."""
    built = []
    for value in values:
        if isinstance(value, dict):
            built.append(value)
        else:
            built.append(choice(*value) if isinstance(value, tuple) else choice(value))
    return built


def question(id_: str, type_: str = "text", **keys: Any) -> Json:
    """Give a question; its label is `Question <id>?`; types that need choices get 1 to 5 unless they are given."""
    built: Json = {"id": id_, "type": type_, "label": f"Question {id_}?"}
    if type_ in _NEED_CHOICES and "choices" not in keys:
        built["choices"] = choices(1, 2, 3, 4, 5)
    return {**built, **keys}


def section(id_: str, *questions: Json, **keys: Any) -> Json:
    """Give a section of these questions."""
    return {"id": id_, "questions": list(questions), **keys}


def definition(*parts: Json, **keys: Any) -> Json:
    """Give a whole definition of sections and questions; loose questions in a row stand in a section `main_<n>`."""
    sections: list[Json] = []
    for are_sections, group in groupby(parts, lambda part: "questions" in part):
        found = list(group)
        sections.extend(found if are_sections else [section(f"main_{len(sections) + 1}", *found)])
    return {
        "id": "example",
        "version": "1.0.0",
        "kind": "feedback",
        "default_language": "en",
        "languages": {"en": "English"},
        "title": "Example",
        "sections": sections,
        **keys,
    }


def scorecard(*domains: str, **keys: Any) -> Json:
    """Give a scorecard of these domains."""
    listed = [{"id": domain, "label": f"Domain {domain}"} for domain in domains]
    return {**({"domains": listed} if listed else {}), **keys}


def as_json(built: Json) -> bytes:
    """Give a definition as the bytes of a file."""
    return json.dumps(built, ensure_ascii=False).encode()


def load(*parts: Json, **keys: Any) -> Definition:
    """Build a definition and load it as a file would be."""
    return load_definition(as_json(definition(*parts, **keys)), "example.json")
