"""`data/`: the responses wide and long, the repeated sections, labels and codebook. Only where rows may be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from exports.codebook import LABEL_COLUMNS, build_codebook, build_labels, list_codebook_columns
from exports.delimited import write_rows, write_table
from exports.formats.parquet import Parquet
from exports.formats.xlsx import SheetWriter, Xlsx, open_book
from exports.long import LONG_COLUMNS, LONG_NUMERIC, build_long
from exports.options import LABELS
from exports.pack.contents import Contents, Resource, list_fields, name_fields
from exports.pack.schemas import describe_table
from exports.scorecards.panels import NETWORK
from exports.table import Table, build_repeats, build_table
from forms.question_types.base import Cell

WIDE = "data/responses_wide.csv"
NODES = "data/stakeholders.csv"
"""The organisations of a network (`nodes.py`)."""
_CODEBOOK_NUMBERS = {"reverse": "integer", "core": "integer", "weight": "number"}
_LONG_TYPES = {"value_num": "number", "status": "integer"}
_WITHHELD = ["", "withheld"]


def write_data(contents: Contents) -> None:
    """Write the tables of answers and all that explains them."""
    if not contents.has_rows:
        return
    _write_wide(contents)
    _write_long(contents)
    _write_repeats(contents)
    _write_labels(contents)
    _write_codebook(contents)


def find_path(contents: Contents, table: Table) -> str:
    """Give where the table in codes stands."""
    return WIDE if table is contents.tables[0] else f"data/{table.name}.csv"


def _write_wide(contents: Contents) -> None:
    archive, study, options = contents.archive, contents.study, contents.options
    wide, title = contents.tables[0], "Responses, one row each, in codes"
    with archive.open(WIDE, title) as stream:
        write_table(wide, stream)
    fields = describe_table(wide, contents.language)
    contents.describe(Resource(path=WIDE, title=title, fields=fields, primary_key=["response_id"]))
    _write_in_words(contents, WIDE, build_table(study, replace(options, shown=LABELS)), ["response_id"])
    for format_, title in ((Parquet(), "Responses for Python, R and DuckDB"), (Xlsx(), "Responses for Excel")):
        with archive.open(f"data/responses.{format_.extension}", title) as stream:
            format_.write_told(study, stream, options)


def _write_in_words(contents: Contents, path: str, table: Table, key: Sequence[str]) -> None:
    """Write a table in words beside the one in codes."""
    path, title = f"{path.removesuffix('.csv')}_labels.csv", "The same in words, to be read in a spreadsheet"
    with contents.archive.open(path, title) as stream:
        write_table(table, stream)
    fields = [{"name": name, "type": "string"} for name in table.header]
    keys = {"response_id": (WIDE, "response_id")}
    contents.describe(Resource(path=path, title=title, fields=fields, primary_key=key, foreign_keys=keys))


def _write_long(contents: Contents) -> None:
    path, title = "data/responses_long.csv", "Responses, one row for each answer"
    with contents.archive.open(path, title) as stream:
        write_rows(stream, LONG_COLUMNS, build_long(contents.study, contents.options), LONG_NUMERIC)
    contents.describe(
        Resource(
            path=path,
            title=title,
            fields=name_fields(LONG_COLUMNS, _LONG_TYPES),
            foreign_keys={"respondent_id": (WIDE, "response_id")},
        )
    )


def _write_repeats(contents: Contents) -> None:
    study, options = contents.study, contents.options
    labelled = build_repeats(study, replace(options, shown=LABELS))
    for section, table, words in zip(study.definition.repeats, contents.tables[1:], labelled, strict=True):
        path, title = find_path(contents, table), f"Rows of the repeated section {table.name}"
        with contents.archive.open(path, title) as stream:
            write_table(table, stream)
        contents.describe(
            Resource(
                path=path,
                title=title,
                fields=describe_table(table, contents.language),
                primary_key=["response_id", "row"],
                foreign_keys={"response_id": (WIDE, "response_id"), **_lead_to_nodes(contents, table.name)},
            )
        )
        _write_in_words(contents, path, words, ["response_id", "row"])
        title = f"Rows of {table.name} for Python, R and DuckDB"
        with contents.archive.open(f"data/{table.name}.parquet", title) as stream:
            Parquet().write_told(study, stream, replace(options, section=section.id))


def _lead_to_nodes(contents: Contents, name: str) -> dict[str, tuple[str, str]]:
    """Give the key from the ties of a network to its organisations."""
    is_network = NETWORK.fits(contents.whole.definition) and name in NETWORK.files.values()
    return {"row": (NODES, "id")} if is_network else {}


def _write_labels(contents: Contents) -> None:
    path, title = "data/labels.csv", "What the codes mean, in every language"
    with contents.archive.open(path, title) as stream:
        write_rows(stream, LABEL_COLUMNS, build_labels(contents.study.definition, contents.tables), {"code", "order"})
    fields = list_fields(
        ("list_name", "string", "List of choices; in the codebook under scale"),
        ("code", "string", "What stands in the tables"),
        ("label", "string", "What people read"),
        ("lang", "string", "Language of the label"),
        ("order", "integer", "Place in the list"),
        ("exclusive", "integer", "1: cannot be chosen together with another"),
        ("missing_class", "string", "Why there is no answer"),
    )
    contents.describe(Resource(path=path, title=title, fields=fields, primary_key=["list_name", "code", "lang"]))


def _write_codebook(contents: Contents) -> None:
    title = "What every column means"
    columns = list_codebook_columns(contents.study.definition)
    pairs = list(zip(contents.tables, contents.summaries, strict=True))
    rows: list[list[Cell]] = [[row.get(name) for name in columns] for row in build_codebook(contents.study, pairs)]
    numeric = {name for name in columns if name.startswith("n_") or name in ("min", "max", "mean", "sd")}
    with contents.archive.open("data/codebook.csv", title) as stream:
        write_rows(stream, columns, rows, numeric)
    with contents.archive.open("data/codebook.xlsx", title) as stream:
        book = open_book(contents.study, stream)
        SheetWriter(book).write("Codebook", columns, rows)
        book.close()
    fields = [_describe_column(name) for name in columns]
    contents.describe(Resource(path="data/codebook.csv", title=title, fields=fields, primary_key=["table", "variable"]))


def _describe_column(name: str) -> dict[str, Any]:
    if name.startswith("n_"):
        return {"name": name, "type": "integer", "missingValues": _WITHHELD}
    if name in ("mean", "sd"):
        return {"name": name, "type": "number", "missingValues": _WITHHELD}
    return {"name": name, "type": _CODEBOOK_NUMBERS.get(name, "string")}
