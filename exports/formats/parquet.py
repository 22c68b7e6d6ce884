"""Parquet: typed columns with their labels as metadata, written in groups of rows, so that memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from exports.formats.base import Format
from exports.missing import REASONS
from exports.options import Options
from exports.responses import Study
from exports.table import build_table
from exports.typed import TypedCell, TypedTable, is_numeric, type_table
from exports.variables import Variable
from forms.values import Missing

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 10_000
"""Rows in memory at once."""


class Parquet(Format):
    """An Apache Parquet file for Python, R, DuckDB and data lakes."""

    name = "parquet"
    extension = "parquet"
    media_type = "application/vnd.apache.parquet"
    title = "Parquet, for Python, R and DuckDB"
    has_one_table = True

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write the table of responses; lists are dictionaries, texts and dates have missing codes beside them."""
        import pyarrow as pa
        from pyarrow import parquet

        language = study.definition.choose_language(options.language)
        table = type_table(build_table(study, options))
        schema = _build_schema(table, study, options, language)
        rows = table.rows()
        with parquet.ParquetWriter(pa.PythonFile(stream, mode="w"), schema, compression="zstd") as writer:
            while batch := list(islice(rows, GROUP)):
                writer.write_batch(_build_batch(table, schema, batch))


def _build_schema(table: TypedTable, study: Study, options: Options, language: str) -> pa.Schema:
    import pyarrow as pa

    facts = {
        "round": study.round_name,
        "definition": study.definition.id,
        "version": study.definition.version,
        "level": options.level,
        "language": language,
        "as_of": study.dated.isoformat(),
        "sample_data": json.dumps(study.sample_data),
        "missing_codes": _dump({str(reason.code): reason.label for reason in REASONS}),
    }
    fields = [
        pa.field(variable.name, _find_type(variable), metadata=_describe(table, variable, language))
        for variable in table.variables
    ]
    return pa.schema(fields, metadata=facts)


def _find_type(variable: Variable) -> pa.DataType:
    import pyarrow as pa

    if variable.kind in ("flag", "status"):
        return pa.int8()
    if variable.kind == "number":
        whole = variable.question is not None and variable.question.type in ("integer", "rank")
        return pa.int64() if whole else pa.float64()
    if variable.kind == "code":
        return pa.int32() if is_numeric(variable) else pa.dictionary(pa.int32(), pa.string())
    if variable.kind == "date":
        return pa.date32()
    if variable.kind == "time":
        return pa.timestamp("us", tz="UTC")
    return pa.dictionary(pa.int32(), pa.string()) if variable.kind == "label" else pa.string()


def _describe(table: TypedTable, variable: Variable, language: str) -> dict[str, str]:
    told = {"label": variable.find_label(language), "measure": variable.measure, "kind": variable.kind}
    labels = variable.find_values(language)
    if labels:
        told["value_labels"] = _dump({str(code): label for code, label in labels.items()})
    if table.holds_codes(variable) or variable.kind == "status":
        told["missing_values"] = _dump([reason.code for reason in REASONS])
    return told


def _build_batch(table: TypedTable, schema: pa.Schema, rows: list[list[TypedCell]]) -> pa.RecordBatch:
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    arrays = [
        pa.array(list(_convert(cells, field.type)), type=field.type)
        for cells, field in zip(columns, schema, strict=True)
    ]
    return pa.record_batch(arrays, schema=schema)


def _convert(cells: tuple[TypedCell, ...], kind: Any) -> Iterator[Any]:
    import pyarrow as pa

    words = pa.types.is_string(kind) or pa.types.is_dictionary(kind)
    for cell in cells:
        value = cell.value if isinstance(cell, Missing) else cell
        yield str(value) if words and value is not None and not isinstance(value, date) else value


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
