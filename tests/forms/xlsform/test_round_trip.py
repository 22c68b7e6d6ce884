"""Exported and imported again, a definition is the same; and what is exported is an XLSForm to others too."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from canonical_forms import canonical, parts
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from json_schema import build_document
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from forms.definition import Definition
from forms.errors import DefinitionError
from forms.loading import load_definition, load_file
from forms.loading.json_schema import build_schema
from forms.xlsform import read_xlsform, write_xlsform
from tests.forms.builders import as_json, choice, definition, load, question, scorecard, section

FOLDER = Path(__file__).parents[3] / "survey_definitions"
INSTRUMENTS = sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".schema.json"))
SCHEMA = build_schema()


def go_round(loaded: Definition, folder: Path) -> Definition:
    """Export, import, and hold that nothing was said and nothing changed."""
    path = folder / "form.xlsx"
    path.write_bytes(write_xlsform(loaded))
    imported = read_xlsform(path)
    assert [remark.sentence() for remark in imported.remarks] == []
    assert canonical(imported.text) == canonical(loaded.source)
    assert parts(imported.definition) == parts(loaded)
    return imported.definition


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.stem)
def test_an_instrument_comes_back_as_it_was(path: Path, tmp_path: Path) -> None:
    go_round(load_file(path), tmp_path)


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.stem)
def test_pyxform_takes_an_exported_instrument_as_it_is(path: Path) -> None:
    warnings: list[str] = []
    converted = convert(io.BytesIO(write_xlsform(load_file(path))), warnings=warnings, file_type=".xlsx")
    assert "<h:html" in converted.xform
    assert [warning for warning in warnings if "missing" not in warning] == []


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.stem)
def test_every_cell_is_a_text_and_none_is_a_formula(path: Path) -> None:
    book = load_workbook(io.BytesIO(write_xlsform(load_file(path))))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value is not None}
    assert kinds == {"s"}


RICH = definition(
    section(
        "one",
        question("agree", "consent", required=True),
        question(
            "one", "select_one", choices="who", sms={"label": "Who?", "choices": {"1": "Me=I\nmyself"}, "part": 2}
        ),
        question("why", "text", max_length=100, hint={"en": "In a few words", "fr": "En peu de mots"}, private=True),
        title="One",
        show_if="1=1",
    ),
    section(
        "two",
        question(
            "many", "select_multiple", min=0, max=2, choices=[choice("a"), choice("b", exclusive=True, specify=True)]
        ),
        question("age", "integer", min=1, max=99, unit="years", constraint=". != 7", constraint_message="More!"),
        question("sum", "decimal", min=0.5, max="9.5", unit={"en": "euros"}, dont_know=True, not_applicable=False),
        question("day", "date", min="2026-01-01", channels=["web"], constraint=". <= today() and . != '2026-02-01'"),
        question(
            "fit", "scale", score={"domain": "A", "weight": 2, "map": {"1": 0, "5": 100}, "gate": 2, "core": True}
        ),
        question("order", "rank", max=2, show_if="selected(${many}, 'b') or (${age} != 3 and ${one} = '1')"),
        question("less", "calculate", calculation="sum(${age}, 1,2) - count(${age}, ${day})"),
        question("data", "nps", show_if="${less} > 3", label={"en": "=1+1", "fr": "@x ${where}  «\u00a0y\u202f»"}),
        question("end", "note", label="**not** <b>bold</b> # \\n _x0041_ ‘curly’ “quotes” yes\n\n- a"),
    ),
    section(
        "goals",
        question("goal", required=True),
        question("near", "scale", show_if="string-length(${goal}) > 3"),
        title={"en": "Goals", "fr": "Buts"},
        repeat={"over": "entries", "min": 1, "max": 5, "label": "goal"},
    ),
    section("partners", question("met", "scale", label="${partners}?"), repeat={"over": "roster"}),
    section("why_not", question("known", "calculate", calculation="count(${goals})"), question("last", "note")),
    languages={"en": "English", "fr": "Français (de France)"},
    introduction="Hello ${where}",
    closing="Bye",
    parameters={"where": {"label": "It's where", "max_length": 20}, "who": {"label": "Who"}},
    choice_lists={"who": [choice(1), choice(2, show_if="${agree} = 1")], "unused": [choice("x"), choice(-5, "yes")]},
    scorecard=scorecard("A", group_by="one", essential=["fit"], bands=[[0, "Low"], [50.5, "yes"]], k=5, min_share=0.5),
)


def test_every_key_comes_back_as_it_was(tmp_path: Path) -> None:
    go_round(load_definition(as_json(RICH)), tmp_path)


def prune(document: Any) -> Definition | None:
    """Give every question its own id and take out whatever the loader refuses, until it takes the rest."""
    for place, built in enumerate(document["sections"]):
        built["id"] = f"s{place}"
        for number, asked in enumerate(built["questions"]):
            asked["id"] = f"q{place}_{number}"
    for _ in range(60):
        try:
            return load_definition(json.dumps(document))
        except DefinitionError as error:
            if not all(take_out(document, fault.path) for fault in error.faults[:1]):
                return None
    return None


def take_out(document: Any, path: str) -> bool:
    """Take out the innermost thing on a JSON path that can be missed: a key, or one of several in a list."""
    around: list[tuple[Any, Any]] = []
    inside = document
    for key, place, odd in re.findall(r'\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\[(".*?")\]', path):
        step = key or (int(place) if place else json.loads(odd))
        if not isinstance(inside, dict | list) or (isinstance(inside, dict) and step not in inside):
            break
        around.append((inside, step))
        inside = inside[step]
    for holder, step in reversed(around):
        if step not in ("id", "type", "label", "value", "title", "sections", "questions", "version") and (
            isinstance(holder, dict) or len(holder) > 1
        ):
            del holder[step]
            return True
    return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=True))
def test_whatever_the_schema_builds_and_the_loader_takes_comes_back(tmp_path: Path, chance: Random) -> None:
    loaded = prune(build_document(chance, SCHEMA, SCHEMA))
    assume(loaded is not None)
    assert loaded is not None
    go_round(loaded, tmp_path)


words = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(label=words, french=words, hint=words, short=words, unit=words)
def test_whatever_is_written_comes_back_letter_by_letter(tmp_path: Path, **said: str) -> None:
    built: dict[str, Any] = definition(
        question(
            "a",
            "integer",
            label={"en": said["label"], "fr": said["french"]},
            hint=said["hint"],
            sms={"label": said["short"]},
            unit=said["unit"],
        ),
        question(
            "b", "select_one", sms={"choices": {"1": said["short"], "2": {"en": said["hint"], "fr": said["label"]}}}
        ),
        languages={"en": "English", "fr": "Français"},
    )
    try:
        loaded = load_definition(as_json(built))
    except DefinitionError:
        assume(False)
    path = tmp_path / "form.xlsx"
    path.write_bytes(write_xlsform(loaded))
    assert parts(read_xlsform(path).definition) == parts(loaded)


def test_a_cell_that_was_edited_counts_and_is_told(tmp_path: Path) -> None:
    loaded = load(question("age", "integer", min=1), question("why", show_if="${age}!=3"))
    path = tmp_path / "form.xlsx"
    path.write_bytes(write_xlsform(loaded))
    book = load_workbook(path)
    sheet = book["survey"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    places = {sheet.cell(line, heads["name"]).value: line for line in range(2, sheet.max_row + 1)}
    sheet.cell(places["why"], heads["relevant"]).value = "${age} > 18"
    sheet.cell(places["why"], heads["label::English (en)"]).value = "Why so?"
    book.save(path)
    imported = read_xlsform(path)
    why = imported.definition.questions["why"]
    assert why.show_if is not None
    assert (why.show_if.text, why.label.in_("en")) == ("${age} > 18", "Why so?")
    assert ["changed after it was exported" in remark.message for remark in imported.remarks] == [True]


def test_odk_is_told_what_our_keys_and_our_missing_answers_mean() -> None:
    loaded = load_definition(as_json(RICH))
    sheet = load_workbook(io.BytesIO(write_xlsform(loaded)))["survey"]
    heads = [cell.value for cell in sheet[1]]
    rows = {line[heads.index("name")].value: line for line in sheet.iter_rows(min_row=2)}

    def cell(name: str, column: str) -> Any:
        return rows[name][heads.index(column)].value

    assert cell("age", "constraint") == ". >= 1 and . <= 99 and (. != '' and . != 7)"
    assert cell("many", "constraint") == (
        "count-selected(.) >= 0 and count-selected(.) <= 2 and not(selected(., 'b') and count-selected(.) > 1)"
    )
    assert cell("day", "constraint").startswith(". >= date('2026-01-01') and (. <= today()")
    assert cell("less", "calculation").startswith("(coalesce(${age}, 0) + coalesce(1, 0) + coalesce(2, 0))")
    assert cell("many__oth", "relevant") == "selected(${many}, 'b')"
    assert cell("one", "choice_filter") == "(name != '2' or (${agree} = 1))"
    assert cell("agree", "type") == "select_one Consent"


def test_a_text_too_long_for_a_cell_is_refused() -> None:
    loaded = load(question("a", label="x" * 40_000))
    with pytest.raises(DefinitionError, match="too long for a cell"):
        write_xlsform(loaded)
