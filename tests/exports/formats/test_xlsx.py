"""Excel: numbers are numbers, texts are texts, and nothing in the file is alive."""

import io
import re
import zipfile
from datetime import datetime

import openpyxl
from export_files import KINDS, make_kinds, write_file
from study_builders import make_response, make_study

from exports.formats import xlsx as ours


def load(study=None, **options):
    return openpyxl.load_workbook(io.BytesIO(write_file(study or make_kinds(), "xlsx", **options)))


def read(sheet):
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_book_explains_itself():
    book = load()
    assert book.sheetnames == ["Responses", "Codebook", "Labels", "About"]
    about = dict(row[:2] for row in book["About"].iter_rows(values_only=True, min_row=2))
    assert about["Rows"] == "2"
    assert about["-98"] == "Don't know"
    (clear,) = [row for row in read(book["Codebook"]) if row["variable"] == "clear"]
    assert (clear["question_en"], clear["min"], clear["max"]) == ("Question clear", 1, 5)
    assert {(row["list_name"], row["code"], row["label"]) for row in read(book["Labels"])} >= {("clear", 4, "Point 4")}


def test_numbers_are_numbers_days_are_days_and_texts_are_texts():
    first, second = read(load()["Responses"])
    assert (first["clear"], first["change"], first["people"]) == (4, -2.5, 12)
    assert (first["day"], first["idea"]) == (datetime(2025, 4, 3), "=1+1")
    assert (second["clear"], second["idea"], second["day"], second["change"]) == (-98, -99, -98, None)


def test_no_cell_is_a_formula_and_nothing_is_a_link():
    texts = ["=1+1", "+1", "-1", "@a", "http://example.org", "mailto:a@b.c", "internal:A1", "{=1}", "\t=1"]
    study = make_study(KINDS, [make_response(n, "ngo", {"idea": text}) for n, text in enumerate(texts)])
    with zipfile.ZipFile(io.BytesIO(write_file(study, "xlsx"))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not re.search("<f[ >]|<hyperlink", sheet)
        assert not [name for name in archive.namelist() if "rels" in name and "sheet" in name]
    assert [row["idea"] for row in read(load(study)["Responses"])] == texts


def test_a_number_with_more_digits_than_excel_keeps_is_a_text():
    study = make_study(KINDS, [make_response(1, None, {"people": 123_456_789_012_345_678})])
    assert read(load(study)["Responses"])[0]["people"] == "123456789012345678"


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(monkeypatch):
    monkeypatch.setattr(ours, "MOST_ROWS", 3)
    study = make_study(KINDS, [make_response(n, None, {"clear": 1}) for n in range(7)])
    book = load(study)
    assert [len(read(book[name])) for name in ("Responses", "Responses 2", "Responses 3")] == [3, 3, 1]


def test_the_same_data_give_the_same_bytes():
    assert write_file(make_kinds(), "xlsx") == write_file(make_kinds(), "xlsx")
    book = load()
    assert book.properties.created == datetime(2025, 11, 21, 12, 0)


def test_labels_on_request():
    assert read(load(shown="labels")["Responses"])[0]["clear"] == "Point 4"
