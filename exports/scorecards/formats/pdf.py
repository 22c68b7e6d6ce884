"""The report as PDF, tagged for screen readers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from exports.charts.drawing import set_width
from exports.scorecards.report import Report, Section, build_report
from exports.scorecards.report.blocks import Block, Picture, Table, ToDo
from exports.scorecards.scorecard import Scorecard
from exports.typesetting import FAMILIES, typeset

BOXES = ("Who", "By when")
_TEMPLATE = Path(__file__).parents[1] / "templates" / "report.typ"


def scorecard_pdf(scorecard: Scorecard) -> bytes:
    """Give the report as PDF; the same scorecard gives the same bytes.

    Raises `ExportError` where a text is in a script that no font at hand can show: a box in place of a letter is no
    report.
    """
    report = build_report(scorecard)
    return typeset(_TEMPLATE, "report", _describe(report), int(scorecard.study.computed_at.timestamp()))


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
