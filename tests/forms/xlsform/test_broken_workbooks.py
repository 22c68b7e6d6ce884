"""Whatever is handed in as an XLSForm is read or refused in a sentence, in seconds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from workbooks import build, items, row

from forms.errors import DefinitionError
from forms.xlsform import read_xlsform

BYTES = {
    "nothing": (b"", ".xlsx", "is empty"),
    "words": (b"hello", ".xlsx", "no Excel workbook"),
    "the beginning of a zip": (b"PK\x03\x04 and then nothing", ".xlsx", "no Excel workbook"),
    "an old workbook that is none": (b"\xd0\xcf\x11\xe0 junk" * 9, ".xls", "cannot be read"),
    "a CSV in UTF-16": ("survey,a".encode("utf-16"), ".csv", "cannot be read"),
    "Markdown without a table": (b"# Hello", ".md", "cannot be read"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, ".png", "no Excel workbook"),
}


def find_refusal(path: Path) -> str:
    with pytest.raises(DefinitionError) as refused:
        read_xlsform(path)
    return str(refused.value)


@pytest.mark.parametrize("name", BYTES)
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str) -> None:
    data, suffix, about = BYTES[name]
    path = tmp_path / f"form{suffix}"
    path.write_bytes(data)
    assert about in find_refusal(path)


def test_a_zip_that_is_no_workbook_and_one_that_unpacks_without_end_are_refused(tmp_path: Path) -> None:
    for name, size, about in (
        ("other.txt", 10, "is broken"),
        ("xl/worksheets/sheet1.xml", 16 * 10**7, "more than 150 MB"),
    ):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
            for _ in range(max(size // 10**7, 1)):
                part.write(b" " * min(size, 10**7))
        (tmp_path / "form.xlsx").write_bytes(packed.getvalue())
        assert about in find_refusal(tmp_path / "form.xlsx")


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "No such file" in find_refusal(tmp_path / "form.xlsx")
    assert "directory" in find_refusal(tmp_path)


def test_entities_in_a_sheet_are_not_expanded(tmp_path: Path) -> None:
    path = build(tmp_path / "form.xlsx", survey=[row("text", "a")])
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '">'
    bomb += '<!ENTITY d "' + "&c;" * 50 + '"><!ENTITY e "' + "&d;" * 50 + '">]>'
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith(("sharedStrings.xml", "sheet1.xml")):
                text = bomb + text.replace("<t>a</t>", "<t>&e;</t>")
            new.writestr(name, text)
    path.write_bytes(packed.getvalue())
    find_refusal(path)


QUESTION = row("text", "a")
FORMS: dict[str, tuple[dict[str, list[dict[str, Any]]], str]] = {
    "no survey sheet": ({"choices": items("l", 1), "other": [{"x": 1}]}, "no sheet `survey`"),
    "a survey sheet without rows": ({"survey": [{"type": None, "name": None}]}, "No question of this form"),
    "nothing that can be asked": ({"survey": [row("start", "s"), row("geopoint", "g")]}, "survey!A3: `g` is a place"),
    "two rows of one name": ({"survey": [QUESTION, QUESTION]}, "survey!3"),
    "a list that is missing": ({"survey": [row("select_one l", "a")]}, "choices"),
    "a list that is another": ({"survey": [row("select_one l", "a")], "choices": items("k", 1, 2)}, "l"),
    "a type that nobody knows": ({"survey": [row("txet", "a")]}, "txet"),
    "a name that XLSForm refuses": ({"survey": [row("text", "1 a")]}, "survey!2"),
    "a row without a name": ({"survey": [{"type": "text", "label": "x"}]}, "no name"),
    "a group left open": ({"survey": [row("begin_group", "g"), QUESTION]}, "begin_group"),
    "a group closed twice": ({"survey": [QUESTION, row("end_group")]}, "end_group"),
    "a group closed as a repeat": ({"survey": [row("begin_group", "g"), QUESTION, row("end_repeat")]}, "end_repeat"),
    "a condition on itself": ({"survey": [row("text", "a", relevant="${a} = 1")]}, "in a circle: `a` → `a`"),
    "conditions in a circle": (
        {
            "survey": [
                row("text", "a", relevant="${b} = 'x'"),
                row("calculate", "b", calculation="${c} + 1"),
                row("begin_group", "g", relevant="${a} = 'x'"),
                row("integer", "c"),
                row("end_group"),
            ]
        },
        "`a` → `b` → `c` → `a`",
    ),
    "a name that is nowhere": ({"survey": [row("text", "a", relevant="${b} = 1")]}, "'b'"),
    "a reference left open": ({"survey": [row("text", "a", relevant="${b")]}, "survey!2"),
    "a choice that stands twice": (
        {"survey": [row("select_one l", "a")], "choices": items("l", 1, 1)},
        "choices!3",
    ),
    "a column that stands twice": ({"survey": [{**QUESTION, "relevant": "1 = 1", "relevance": "1 = 2"}]}, "relevan"),
    "groups without end": (
        {"survey": [*(row("begin_group", f"g{n}") for n in range(900)), QUESTION, *[row("end_group")] * 900]},
        "nested too deep",
    ),
    "more questions than anybody answers": ({"survey": [row("text", f"a{n}") for n in range(2_100)]}, "at most 2,000"),
    "more rows than pyxform bears": ({"survey": [row("text", f"a{n}") for n in range(5_100)]}, "5,000 rows"),
    "a cell as long as a book": (
        {"survey": [{**QUESTION, "label": "x" * 32_000}, {**QUESTION, "name": "1"}]},
        "survey!3",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    sheets, about = FORMS[name]
    said = find_refusal(build(tmp_path / "form.xlsx", **sheets))
    assert about in said
    assert "Traceback" not in said


def test_a_hundred_thousand_rows_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = build(tmp_path / "form.xlsx", survey=[row("text", f"a{n}") for n in range(20_100)])
    assert "more than 20,000 rows" in find_refusal(path)


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 9_000 + "1 = 1" + ")" * 9_000,
        "not(" * 300 + "1 = 1" + ")" * 300,
        "${a} = 1 or " * 2_000 + "1 = 1",
        "'" * 999,
    ],
)
def test_a_hostile_expression_costs_itself_only(tmp_path: Path, hostile: str) -> None:
    imported = read_xlsform(build(tmp_path / "form.xlsx", survey=[QUESTION, row("text", "b", relevant=hostile)]))
    assert [question.show_if for question in imported.definition.questions.values()] == [None, None]
    assert "survey!D3" in {remark.where for remark in imported.remarks}


def test_a_formula_is_read_as_it_last_showed_and_told(tmp_path: Path) -> None:
    path = build(tmp_path / "form.xlsx", survey=[QUESTION, row("text", "b", hint="=1+1")])
    imported = read_xlsform(path)
    assert imported.definition.questions["b"].hint is None
    assert ("survey!D3", True) in {(one.where, "formula" in one.message) for one in imported.remarks}
