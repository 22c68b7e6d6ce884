"""JSON: what the columns mean and the responses as objects; texts as they are, missing codes as numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any, BinaryIO

from exports.formats.base import Format
from exports.options import Options
from exports.responses import Study
from exports.table import Table, build_repeats, build_table
from exports.variables import Variable
from forms.question_types.base import Cell


class Json(Format):
    """One JSON object: `round`, `definition`, `version`, `level`, and for each table its `variables` and `rows`."""

    name = "json"
    extension = "json"
    media_type = "application/json"
    title = "JSON, for programs"

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write one line for each row; a number keeps all its digits, an empty cell is null."""
        language = study.definition.choose_language(options.language)
        text = TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
        try:
            head = {
                "round": study.round_code,
                "round_name": study.round_name,
                "definition": study.definition.id,
                "version": study.definition.version,
                "level": options.level,
                "language": language,
                "sample_data": study.sample_data,
            }
            text.write(_dump(head)[:-1] + ',"tables":{')
            for place, table in enumerate((build_table(study, options), *build_repeats(study, options))):
                text.write(",\n" if place else "\n")
                text.write(f"{_dump(table.name)}:{_dump({'variables': _describe(table, language)})[:-1]},")
                text.write('"rows":[')
                text.writelines(_write_rows(table))
                text.write("\n]}")
            text.write("\n}}\n")
            text.flush()
        finally:
            text.detach()


def _describe(table: Table, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": variable.name,
            "kind": variable.kind,
            "measure": variable.measure,
            "label": variable.find_label(language),
            "values": [{"value": code, "label": label} for code, label in variable.find_values(language).items()],
        }
        for variable in table.variables
    ]


def _write_rows(table: Table) -> Iterator[str]:
    names = [_dump(name) for name in table.header]
    for place, row in enumerate(table.rows()):
        cells = (
            f"{name}:{_write(variable, cell)}" for name, variable, cell in zip(names, table.variables, row, strict=True)
        )
        yield ("," if place else "") + "\n{" + ",".join(cells) + "}"


def _write(variable: Variable, cell: Cell) -> str:
    if variable.kind == "number" and isinstance(cell, str):
        return cell  # exact digits: a float would round them
    return _dump(None if cell == "" and variable.question is None else cell)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
