"""The report as PDF: tagged for screen readers (PDF/UA-1), set by typst, without network and with fonts of our own."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from exports.charts.drawing import set_width
from exports.errors import ExportError
from exports.scorecards.report import Report, Section, build_report
from exports.scorecards.report.blocks import Block, Picture, Table, ToDo
from exports.scorecards.scorecard import Scorecard

STANDARD: Final = "ua-1"
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Math")
"""Latin, Greek and Cyrillic; Arabic; Hebrew; arrows and operators. What they lack is looked for among
the fonts of the machine."""
BOXES = ("Who", "By when")
_HERE = Path(__file__).parents[1]
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')


def scorecard_pdf(scorecard: Scorecard) -> bytes:
    """Give the report as PDF; the same scorecard gives the same bytes.

    Raises `ExportError` where a text is in a script that no font at hand can show: a box in place of a letter is no
    report.
    """
    report = build_report(scorecard)
    try:
        return _set(report, scorecard, own_fonts_only=True)
    except ExportError:
        return _set(report, scorecard, own_fonts_only=False)


def _set(report: Report, scorecard: Scorecard, *, own_fonts_only: bool) -> bytes:
    from typst import Compiler, TypstError

    compiler = Compiler(
        str(_HERE / "templates" / "report.typ"),
        root=str(_HERE / "templates"),
        font_paths=[str(_HERE / "fonts")],
        ignore_system_fonts=own_fonts_only,
        sys_inputs={"report": json.dumps(_describe(report), ensure_ascii=False)},
    )
    try:
        made = compiler.compile(
            format="pdf", pdf_standards=[STANDARD], timestamp=int(scorecard.study.computed_at.timestamp())
        )
    except TypstError as error:
        raise _explain(error.diagnostic) from error
    assert isinstance(made, bytes)
    return made


def _describe(report: Report) -> dict[str, Any]:
    """Give the report as plain data, as the template wants it."""
    return {
        **asdict(report),
        "fonts": FAMILIES,
        "sections": [
            {"id": section.id, "title": section.title, "blocks": _describe_blocks(section)}
            for section in report.sections
        ],
    }


def _describe_blocks(section: Section) -> list[dict[str, Any]]:
    """Give a section's blocks; on paper its drawings come last, so that the numbers stand on the first page."""
    ordered = sorted(section.blocks, key=lambda block: isinstance(block, Picture))
    return [_describe_block(block) for block in ordered]


def _describe_block(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        headings = block.table.headings
        return {
            "kind": "table",
            "caption": block.table.caption,
            "headings": [heading.label for heading in headings],
            "columns": ["first", *("number" if heading.number else "word" for heading in headings[1:])],
            "rows": [[str(cell) for cell in row] for row in block.table.rows],
            "notes": {str(place): note for place, note in block.notes.items()},
        }
    if isinstance(block, ToDo):
        return {
            "kind": "table",
            "caption": block.caption,
            "headings": [*block.headings, *BOXES],
            "columns": ["first", *("word" for _ in block.headings[1:]), *("box" for _ in BOXES)],
            "rows": [[*map(str, line), *("" for _ in BOXES)] for line in block.lines],
            "notes": {},
        }
    described = asdict(block) | {"kind": block.kind}
    if isinstance(block, Picture):
        described["svg"] = set_width(block.svg)
    return described


def _explain(diagnostic: str) -> ExportError:
    signs = sorted(set(_MISSING.findall(diagnostic)))
    if not signs:
        raise AssertionError(f"the report's template is at fault: {diagnostic}")
    scripts = sorted({name_script(sign) for text in signs for sign in text})
    return ExportError(
        f"The PDF cannot be made: no font on this machine can show {', '.join(scripts)} (such as {signs[0]}). "
        "Install one, such as the Noto fonts, or take the report as a web page or a spreadsheet."
    )


def name_script(sign: str) -> str:
    """Give the script of a letter as people call it: Devanagari, Hiragana, CJK; a sign of none by its own name."""
    name = unicodedata.name(sign, "")
    if not unicodedata.category(sign).startswith(("L", "M")) or not name:
        return name.lower() or f"U+{ord(sign):04X}"
    first = name.split()[0]
    return first if first == "CJK" else first.capitalize()
