"""The JSON Schema of definitions says what the loader says, as far as a schema can."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from json_schema import build_document, find_faults

from forms.errors import DefinitionError
from forms.loading import load_definition
from forms.loading.descriptions import KEYS, SETTINGS
from forms.loading.json_schema import build_schema, write_schema
from forms.loading.schemas import Shape
from forms.question_types import TYPES
from tests.forms.builders import as_json, choice, definition, question, scorecard, section

FOLDER = Path(__file__).parents[3] / "survey_definitions"
INSTRUMENTS = sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".schema.json"))
SCHEMA = build_schema()
STRUCTURE = re.compile(
    r"There is no key|This key is missing|This must|There are no |There is no question type|A text must be|"
    r"`[^`]*` cannot stand here\.|.* takes no choices|.* needs choices|A condition must be|A choice's value|A band is|"
    r"Points are|.* means nothing here"
)
"""How the loader speaks of keys that are unknown or missing, and of values of the wrong kind."""

RICH = definition(
    section(
        "one",
        question("agree", "consent", required=True),
        question("role", "select_one", choices="who", sms={"label": "Who?", "choices": {"1": "Me"}, "part": 1}),
        question("why", "text", max_length=100, hint={"en": "In a few words", "fr": "En peu de mots"}),
        title="One",
        show_if="1 = 1",
    ),
    section(
        "two",
        question(
            "many", "select_multiple", min=0, max=2, choices=[choice("a"), choice("b", exclusive=True, specify=True)]
        ),
        question("age", "integer", min=1, max=99, unit="years", constraint=". > 0", constraint_message="More!"),
        question("sum", "decimal", min=0.5, max="9.5", unit={"en": "euros"}, dont_know=True, not_applicable=True),
        question("day", "date", min="2026-01-01", channels=["web"]),
        question(
            "fit", "scale", score={"domain": "A", "weight": 2, "map": {"1": 0, "5": 100}, "gate": 2, "core": True}
        ),
        question("order", "rank", max=2),
        question("less", "calculate", calculation="${age} - 1"),
        question("tell", "nps", show_if="${age} > 3"),
        question("end", "note"),
    ),
    section("goals", question("goal"), repeat={"over": "entries", "min": 1, "max": 5, "label": "goal"}),
    section("ties", question("tie", "scale"), repeat={"over": "roster"}),
    languages={"en": "English", "fr": "Français"},
    introduction="Hello",
    closing="Bye",
    parameters={"partner": {"label": "Who", "max_length": 20}},
    choice_lists={"who": [choice(1), choice(2, show_if="${agree} = 1")]},
    scorecard=scorecard("A", group_by="role", essential=["fit"], bands=[[0, "Low"], [50, "High"]], k=5, min_share=0.5),
)
JUNK: list[Any] = [None, True, False, 0, -95, 3, 0.5, 10**9, "", " ", "x", "A B", [], ["x"], {}, {"x": 1}, [[]]]


@pytest.fixture(scope="module")
def examples() -> list[dict[str, Any]]:
    return [RICH, *(json.loads(path.read_text(encoding="utf-8")) for path in INSTRUMENTS)]


def loads(document: Any) -> tuple[str, ...]:
    """Give the sentences of the loader's faults, none where it takes the document."""
    try:
        load_definition(as_json(document))
    except DefinitionError as error:
        return tuple(fault.message for fault in error.faults)
    return ()


def test_the_schema_beside_the_instruments_is_the_one_of_this_version() -> None:
    committed = (FOLDER / "definition.schema.json").read_text(encoding="utf-8")
    assert committed == write_schema(), "run: surveyapp definition schema > survey_definitions/definition.schema.json"


def test_whatever_the_loader_takes_the_schema_takes(examples: list[dict[str, Any]]) -> None:
    for example in examples:
        assert loads(example) == ()
        assert list(find_faults(SCHEMA, example, SCHEMA)) == []


def test_every_key_is_explained_to_the_author() -> None:
    for shape in Shape.__subclasses__():
        assert set(KEYS.get(shape, ())) >= set(shape().fields), f"descriptions.py lacks keys of {shape.__name__}"
    assert {key for type_ in TYPES.values() for key in type_.settings} == set(SETTINGS)


def test_every_reference_of_the_schema_leads_somewhere_and_everything_is_referred_to() -> None:
    referred = set(re.findall(r'"#/\$defs/(\w+)"', write_schema()))
    assert referred == set(SCHEMA["$defs"])


def list_places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in list_places(part, (*path, key)))]


@st.composite
def broken_documents(draw: Any) -> Any:
    """A good definition with one to three things about it changed."""
    document = copy.deepcopy(RICH)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from([path for path in list_places(document) if path]))
        around: Any = document
        for key in place[:-1]:
            around = around[key]
        match draw(st.sampled_from(["drop", "replace", "add"])):
            case "drop":
                del around[place[-1]]
            case "add" if isinstance(around, dict):
                around[draw(st.sampled_from(["odd", "choices", "min", "required", "value", "fr"]))] = draw(
                    st.sampled_from(JUNK).map(copy.deepcopy)
                )
            case _:
                around[place[-1]] = draw(st.sampled_from(JUNK).map(copy.deepcopy))
    return document


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(document=broken_documents())
def test_whatever_the_schema_refuses_the_loader_refuses(document: Any) -> None:
    if any(find_faults(SCHEMA, document, SCHEMA)):
        assert loads(document)


@given(chance=st.randoms(use_true_random=True))
def test_the_loader_finds_no_fault_of_structure_in_what_the_schema_allows(chance: Random) -> None:
    document = build_document(chance, SCHEMA, SCHEMA)
    assert list(find_faults(SCHEMA, document, SCHEMA)) == []
    assert [message for message in loads(document) if STRUCTURE.match(message)] == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"requierd": True}, "$.sections[0].questions[0].requierd"),
        ({"max_length": 0}, "$.sections[0].questions[0].max_length"),
        ({"choices": [choice(1), choice(2)]}, "$.sections[0].questions[0].choices"),
        ({"channels": ["web", "web"]}, "$.sections[0].questions[0].channels"),
        ({"type": "txt"}, "$.sections[0].questions[0].type"),
        ({"label": ""}, "$.sections[0].questions[0].label"),
    ],
)
def test_a_slip_is_marked_where_it_is(change: dict[str, Any], path: str) -> None:
    document = definition(question("why", "text", **change))
    assert list(find_faults(SCHEMA, document, SCHEMA)) == [path]
    assert loads(document)
