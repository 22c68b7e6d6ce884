"""`stats/`: what people answered to each question, reliability, groups and rates, past the scorecard's own gate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from exports.delimited import write_rows
from exports.pack.contents import Contents, Resource
from forms.question_types.base import Cell

_TITLES = {
    "items": "Each question: n, don't know, mean, shares, distribution",
    "groups": "Differences between groups, with method and degrees of freedom",
    "reliability": "Whether the questions of a domain belong together",
    "rates": "Who was asked, who answered, and the response rates",
}
_TREND = "Change since the round before, with test, degrees of freedom and warnings"
_COMPUTED = "computed_at"


def write_stats(contents: Contents) -> None:
    """Write each table that has rows."""
    for name, title in _TITLES.items():
        _write_table(contents, name, title, getattr(contents.results, name))
    if contents.trend is not None:
        _write_table(contents, "trend", _TREND, contents.trend.rows)


def _write_table(contents: Contents, name: str, title: str, rows: Sequence[Any]) -> None:
    """Write one table; when it was computed is told as the time of the data, so that nothing hangs on the clock."""
    if not rows:
        return
    types = {field.name: _find_type(field.type) for field in fields(rows[0])}
    numeric = {column for column, type_ in types.items() if type_ != "string"}
    dated = contents.whole.dated.isoformat()
    lines = ([dated if column == _COMPUTED else _write(getattr(row, column)) for column in types] for row in rows)
    path = f"stats/{name}.csv"
    with contents.archive.open(path, title) as stream:
        write_rows(stream, list(types), lines, numeric)
    described = [{"name": column, "type": type_} for column, type_ in types.items()]
    contents.describe(Resource(path=path, title=title, fields=described))


def _find_type(annotation: Any) -> str:
    """Give the Table Schema type of an annotation such as `float | None`."""
    words = str(annotation).split(" | ")
    return "integer" if words[0] == "int" else "number" if words[0] == "float" else "string"


def _write(value: object) -> Cell:
    if isinstance(value, Mapping | tuple | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    assert value is None or isinstance(value, int | float | str)
    return value
