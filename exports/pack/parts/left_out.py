"""`data/left_out.csv`: whose answers to a domain's questions stay out of what is told of single questions."""

from __future__ import annotations

from collections.abc import Iterator

from exports.delimited import write_rows
from exports.pack.contents import Contents, Resource, list_fields
from exports.pack.parts.course import DISPOSITIONS
from exports.scorecards.results import Results
from exports.scorecards.telling import list_left_out
from forms.question_types.base import Cell

PATH = "data/left_out.csv"
_FIELDS = (
    ("response_id", "string", "The response"),
    ("domain", "string", "The domain whose questions are told without it; its score is told with it"),
)


def write_left_out(contents: Contents) -> None:
    """Write them on the restricted level, so that the numbers of every question can be worked out from the rows."""
    if not contents.is_restricted or not isinstance(contents.results, Results) or not contents.results.items:
        return
    title = "Answers that the numbers of single questions leave out, so that nobody can be worked out"
    with contents.archive.open(PATH, title) as stream:
        write_rows(stream, [name for name, _, _ in _FIELDS], _list(contents.results), set())
    keys = {"response_id": (DISPOSITIONS, "case_id")}
    fields = list_fields(*_FIELDS)
    contents.describe(
        Resource(path=PATH, title=title, fields=fields, primary_key=["response_id", "domain"], foreign_keys=keys)
    )


def _list(results: Results) -> Iterator[list[Cell]]:
    for domain, ids in list_left_out(results.people, results.card.hidden):
        for id_ in ids:
            yield [id_, domain]
