"""The workbook: numbers as numbers, words as words, nothing alive in it, and a sheet that says what it is."""

import io

import openpyxl
import pytest
from study_builders import answer_all, invite, make_definition, make_scored, make_study

from exports.scorecards import FIELDS
from exports.scorecards.formats.xlsx import scorecard_xlsx
from exports.scorecards.report import build_report
from exports.scorecards.report.blocks import Table, ToDo
from exports.scorecards.results import build_results

TEN = make_definition(*(make_scored(f"q{n}", f"D{n}", core=n < 6) for n in range(10)))


def build(**more):
    groups = {
        group: [{f"q{d}": code - (place + d) % 3 for d in range(10)} for place in range(n)]
        for group, n, code in (("community", 20, 3), ("ngo", 12, 5), ("donor", 3, 4), ("school", 4, 4))
    }
    cases = invite({g: (len(found), len(found) + 5) for g, found in groups.items()})
    return build_results(make_study(TEN, answer_all(groups), cases=cases, labels=groups, **more))


@pytest.fixture(scope="module")
def results():
    return build()


@pytest.fixture(scope="module")
def book(results):
    return openpyxl.load_workbook(io.BytesIO(scorecard_xlsx(results)))


def read(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_table_of_the_report_has_its_sheet(book, results):
    names = [
        b.name.capitalize() for s in build_report(results).sections for b in s.blocks if isinstance(b, (Table, ToDo))
    ]
    assert book.sheetnames == ["About", "Scorecard", *names]


def test_the_tidy_sheet_is_the_scorecard_with_exact_numbers(book, results):
    header, *rows = read(book["Scorecard"])
    assert tuple(header) == FIELDS
    score, n = FIELDS.index("score"), FIELDS.index("n")
    assert [row[n] for row in rows] == [row.n for row in results.card.rows]
    scores = [None if row.score is None else pytest.approx(row.score) for row in results.card.rows]
    assert [row[score] for row in rows] == scores


def test_numbers_are_numbers_and_what_is_withheld_is_said_in_words(book):
    rows = read(book["Domains"])
    assert all(isinstance(row[1], float) for row in rows[1:])
    groups = read(book["Groups"])
    assert "n<5" in {cell for row in groups for cell in row}
    for sheet in (sheet for sheet in book.worksheets[2:] if sheet.title != "Todo"):
        assert None not in {cell for row in read(sheet) for cell in row}


def test_the_head_of_every_sheet_stays_in_sight(book):
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"B2"}


def test_about_says_what_the_file_is(book, results):
    facts = dict(read(book["About"])[1:])
    assert facts["Round"] == "Autumn (autumn25), closed"
    assert facts["n"] == "39"
    assert facts["Instrument"] == "Partnership feedback (partnership_feedback 1.0.0)"
    assert facts["Missing code -98"].startswith("Don't know")
    assert facts["Smallest number shown"] == "5 people"
    assert facts["Status Q"] == "suppressed, to protect people"


def test_no_cell_is_a_formula_or_a_link():
    nasty = '=HYPERLINK("http://x","y")'
    results = build(round_name=nasty, partnership="@SUM(1)")
    book = openpyxl.load_workbook(io.BytesIO(scorecard_xlsx(results)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert nasty in {cell.value for cell in cells}


def test_the_same_data_give_the_same_bytes(results):
    assert scorecard_xlsx(results) == scorecard_xlsx(build())


def test_when_few_all_said_the_extreme_the_sheet_of_domains_does_not_say_that_each_did():
    answers = answer_all({"ngo": [{f"q{d}": 5 for d in range(10)}] * 12})
    results = build_results(make_study(TEN, answers, cases=invite({"ngo": (12, 20)})))
    rows = read(openpyxl.load_workbook(io.BytesIO(scorecard_xlsx(results)))["Domains"])
    assert {row[1] for row in rows[1:]} == {"≥95"}
