"""The report as PDF, tagged for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from exports.charts.drawing import find_proportion, set_width, take_off_halos
from exports.scorecards.report import Report, Section, build_report
from exports.scorecards.report.blocks import Block, Picture, Table, ToDo
from exports.scorecards.results import Tables
from exports.scorecards.scorecard import Scorecard
from exports.typesetting import FAMILIES, typeset

BOXES = ("Who", "By when")
_TALLEST = 138.0
"""The height that a drawing may have on a page, in percent of the width of its text."""
_SHORT = 16
"""Letters that stand on one line in any column."""
_TEMPLATE = Path(__file__).parents[1] / "templates" / "report.typ"


def scorecard_pdf(results: Tables, earlier: Sequence[Scorecard] = ()) -> bytes:
    """Give the report as PDF; the same scorecard gives the same bytes.

    Raises `ExportError` where a text is in a script that no font at hand can show: a box in place of a letter is no
    report.
    """
    report = build_report(results, earlier)
    return typeset(_TEMPLATE, "report", _describe(report), int(results.card.study.computed_at.timestamp()))


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
    """Give a section's blocks, in the order they have on paper."""
    ordered = sorted(section.blocks, key=lambda block: isinstance(block, Picture) and block.late)
    return [_describe_block(block) for block in ordered]


def _describe_block(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        headings = block.table.headings
        return {
            "kind": "table",
            "caption": block.table.caption,
            "headings": [heading.label for heading in headings],
            "columns": ["first", *("number" if heading.number else "word" for heading in headings[1:])],
            "weights": _weigh([[str(cell) for cell in row] for row in block.table.rows], [h.label for h in headings]),
            "rows": [[str(cell) for cell in row] for row in block.table.rows],
            "notes": {str(place): note for place, note in block.notes.items()},
        }
    if isinstance(block, ToDo):
        return {
            "kind": "table",
            "caption": block.caption,
            "headings": [*block.headings, *BOXES],
            "columns": ["first", *("word" for _ in block.headings[1:]), *("box" for _ in BOXES)],
            "weights": _weigh([[*map(str, line), *BOXES] for line in block.lines], [*block.headings, *BOXES]),
            "rows": [[*map(str, line), *("" for _ in BOXES)] for line in block.lines],
            "notes": {},
        }
    described = asdict(block) | {"kind": block.kind}
    if isinstance(block, Picture):
        described["svg"] = take_off_halos(set_width(block.svg))
        described["width"] = min(100.0, _TALLEST / find_proportion(block.svg))
    return described


def _weigh(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> list[float]:
    """Give each column the room that its words ask for, by the root of the longest; 0: just as much as it needs."""
    longest = [max((len(row[place]) for row in rows), default=0) for place in range(len(headings))]
    weights = [
        0.0 if max(cell, len(heading)) <= _SHORT else max(cell, len(heading) / 2) ** 0.5
        for cell, heading in zip(longest, headings, strict=True)
    ]
    return [round(weight, 2) for weight in (weights if any(weights) else [1.0, *weights[1:]])]
