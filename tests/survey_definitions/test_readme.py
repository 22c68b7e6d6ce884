"""The language reference is true: every example in it loads, every key and type it must name is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from forms.checks import check_definition
from forms.errors import DefinitionError
from forms.expressions.functions import FUNCTIONS
from forms.loading import load_definition, schemas
from forms.loading.reserved import RESERVED_WORDS
from forms.question_types import TYPES
from forms.values import Missing

README = (Path(__file__).parents[2] / "survey_definitions" / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```json (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(match[1], match[2], id=f"{match[1]}-line-{README[: match.start()].count(chr(10)) + 1}")
    for match in FENCE.finditer(README)
]

EXTENT = [{"value": code, "label": f"Step {code}"} for code in range(1, 6)]
YES_NO = [{"value": 1, "label": "Yes"}, {"value": 2, "label": "No"}]


def wrap(kind: str, fragment: dict[str, Any]) -> dict[str, Any]:
    """Give the whole definition that an example is part of."""
    whole: dict[str, Any] = {
        "id": "example",
        "version": "1.0.0",
        "kind": "feedback",
        "default_language": "en",
        "languages": {"en": "English"},
        "title": "Example",
        "choice_lists": {"extent": EXTENT, "yes_no": YES_NO},
        "sections": [
            {
                "id": "before",
                "questions": [
                    {"id": "extent_seen", "type": "scale", "label": "Seen?", "choices": "extent"},
                    {"id": "role_group", "type": "select_one", "label": "Group?", "choices": "yes_no"},
                ],
            }
        ],
    }
    match kind:
        case "definition":
            return fragment
        case "keys":
            lists = {**whole["choice_lists"], **fragment.get("choice_lists", {})}
            return {**whole, "languages": {"en": "English", "fr": "Français"}, **fragment, "choice_lists": lists}
        case "section":
            whole["sections"].append(fragment)
        case "question" | "refused":
            whole["sections"].append({"id": "here", "questions": [fragment]})
        case _:
            raise AssertionError(f"the README has an example of a kind that no test knows: {kind}")
    if '"score"' in json.dumps(fragment):
        whole["scorecard"] = {"domains": [{"id": "ROLE", "label": "Roles"}]}
    return whole


def build(kind: str, text: str) -> bytes:
    return json.dumps(wrap(kind, json.loads(text))).encode()


@pytest.mark.parametrize(("kind", "text"), [example for example in EXAMPLES if example.values[0] != "refused"])
def test_an_example_of_the_reference_can_be_used_as_it_stands(kind, text):
    load_definition(build(kind, text), "README.md")


@pytest.mark.parametrize(("kind", "text"), [example for example in EXAMPLES if example.values[0] == "refused"])
def test_what_the_reference_calls_refused_is_refused(kind, text):
    with pytest.raises(DefinitionError):
        load_definition(build(kind, text), "README.md")


def test_the_refused_example_is_told_both_its_faults_and_the_words_it_meant():
    (text,) = [match[2] for match in FENCE.finditer(README) if match[1] == "refused"]
    with pytest.raises(DefinitionError) as refusal:
        load_definition(build("refused", text), "README.md")
    said = str(refusal.value)
    assert "'extent'" in said or '"extent"' in said or "extent" in said
    assert "required" in said
    assert len(refusal.value.faults) == 2


def test_the_first_instrument_of_the_reference_draws_no_warning():
    (text,) = [match[2] for match in FENCE.finditer(README) if match[1] == "definition"]
    assert list(check_definition(load_definition(text, "meeting.json"))) == []


def test_every_question_type_has_its_own_heading_and_an_example_of_it():
    sections = re.split(r"^### ", README, flags=re.MULTILINE)[1:]
    by_name = {section.split("\n", 1)[0]: section for section in sections}
    assert list(by_name) == list(TYPES)
    for name, section in by_name.items():
        assert re.search(rf'"type": "{name}"', section), f"{name} has no example"


def test_every_setting_of_every_type_is_explained_under_its_heading():
    sections = re.split(r"^#+ ", README, flags=re.MULTILINE)
    for name, type_ in TYPES.items():
        section = next(part for part in sections if part.split("\n", 1)[0] == name)
        explained = section + ("".join(p for p in sections if p.startswith("integer\n")) if name == "decimal" else "")
        for setting in type_.settings:
            assert f"`{setting}`" in explained, f"{name}.{setting}"


def test_every_function_of_conditions_is_listed():
    assert [name for name in FUNCTIONS if f"`{name}(" not in README] == []


def test_every_missing_code_is_explained():
    codes = [f"−{-reason.value}" for reason in Missing]
    assert [code for code in codes if f"| {code} |" not in README] == []


SHAPES = {
    schemas.DefinitionShape: "The whole file",
    schemas.ParameterShape: "Parameters",
    schemas.SectionShape: "Sections",
    schemas.RepeatShape: "Repeated sections",
    schemas.QuestionShape: "Questions",
    schemas.ChoiceShape: "Choices and choice lists",
    schemas.SmsShape: "Text messages",
    schemas.ScoreShape: "Scores",
    schemas.ScorecardShape: "The scorecard",
}


@pytest.mark.parametrize(("shape", "heading"), SHAPES.items())
def test_every_key_is_explained_under_the_heading_of_its_object(shape, heading):
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = " ".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))
    assert [key for key in shape._declared_fields if f"`{key}`" not in rows] == []


def list_keys(value: Any) -> set[str]:
    """Give every key that a piece of JSON uses, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(list_keys, value.values()))
    return set().union(*map(list_keys, value)) if isinstance(value, list) else set()


def test_every_key_of_every_object_and_type_stands_in_an_example_that_loads():
    shown = set().union(*(list_keys(json.loads(one.values[1])) for one in EXAMPLES if one.values[0] != "refused"))
    keys = {key for shape in SHAPES for key in shape._declared_fields}
    keys |= {key for type_ in TYPES.values() for key in type_.settings}
    assert sorted(keys - shown) == []


def test_no_reserved_word_is_left_out():
    words = re.search(r"Never use (.*?) as a choice's label", README)[1]
    assert set(re.split(r", | or ", words)) == RESERVED_WORDS


def test_every_link_inside_the_reference_has_its_heading():
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    }
    assert [link for link in re.findall(r"\(#([^)]+)\)", README) if link not in headings] == []
