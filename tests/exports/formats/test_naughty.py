"""Texts that break programs come back from every format exactly as they were stored."""

import io
import json

import openpyxl
import pyreadstat
import pytest
from export_files import read_csv, write_file
from naughty import NAUGHTY, STORED, read_workbook_text
from pyarrow import parquet
from study_builders import make_definition, make_question, make_response, make_study

from exports.cells import GUARDED_STARTS, unguard
from forms.text import normalise

STUDY = make_study(
    make_definition(make_question("idea", "text"), domains=("D",)),
    [make_response(number, None, {"idea": text}) for number, text in enumerate(STORED)],
)


def test_there_are_hundreds_of_them_and_what_is_kept_is_kept_as_it_is():
    assert len(NAUGHTY) >= 507
    assert len(STORED) > 400
    assert [normalise(text) for text in STORED] == list(STORED)


def read_cells():
    return [row["idea"] for row in read_csv(write_file(STUDY, "csv"))]


def test_csv():
    assert [unguard(cell) for cell in read_cells()] == list(STORED)
    assert not [cell for cell in read_cells() if cell.startswith(GUARDED_STARTS) and not cell.startswith("'")]


def test_long_csv():
    assert [unguard(row["value_text"]) for row in read_csv(write_file(STUDY, "long"))] == list(STORED)


def test_json():
    rows = json.loads(write_file(STUDY, "json"))["tables"]["responses"]["rows"]
    assert [row["idea"] for row in rows] == list(STORED)


def test_xlsx():
    sheet = openpyxl.load_workbook(io.BytesIO(write_file(STUDY, "xlsx")))["Responses"]
    header, *rows = sheet.iter_rows()
    place = [cell.value for cell in header].index("idea")
    assert {row[place].data_type for row in rows} == {"s"}
    # The workbook says what looks like its own escapes with an escape, which Excel takes back and openpyxl does not.
    assert [read_workbook_text(row[place].value) for row in rows] == list(STORED)


@pytest.mark.parametrize(("format_", "read"), [("sav", pyreadstat.read_sav), ("dta", pyreadstat.read_dta)])
def test_statistics_programs(tmp_path, format_, read):
    path = tmp_path / f"responses.{format_}"
    path.write_bytes(write_file(STUDY, format_))
    assert list(read(path)[0]["idea"]) == list(STORED)


def test_parquet():
    table = parquet.read_table(io.BytesIO(write_file(STUDY, "parquet")))
    assert table["idea"].to_pylist() == list(STORED)
