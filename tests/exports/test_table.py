"""The wide table: how codes, labels and several choices stand in it."""

import pytest
from export_files import read_csv, write_file
from study_builders import DK, make_definition, make_question, make_response, make_study

from exports.options import Options
from exports.table import build_table
from exports.variables import NAME, fit_name

LONG = "a" * 32
DEFINITION = make_definition(
    make_question("clear"), make_question(LONG), make_question("gains", "select_multiple"), domains=("D",)
)
RESPONSE = make_response(1, "ngo", {"clear": 4, LONG: DK, "gains": (1, 3)})


def read(**options):
    return read_csv(write_file(make_study(DEFINITION, [RESPONSE]), "csv", **options))[0]


def test_labels_stand_beside_codes_on_request():
    row = read(shown="both")
    assert (row["clear"], row["clear__lab"]) == ("4", "Point 4")
    assert (row[LONG], row["a" * 27 + "__lab"]) == ("-98", "Don't know")


def test_several_choices_stand_in_one_column_on_request():
    row = read(multiple="joined")
    assert row["gains"] == "1 3"
    assert "gains__1" not in row
    assert read(multiple="joined", shown="labels")["gains"] == "Point 1, Point 3"
    row = read(multiple="both")
    assert (row["gains"], row["gains__1"], row["gains__2"]) == ("1 3", "1", "0")


@pytest.mark.parametrize("shown", ["codes", "labels", "both"])
@pytest.mark.parametrize("multiple", ["columns", "joined", "both"])
def test_every_name_is_one_that_statistics_programs_take(shown, multiple):
    header = build_table(make_study(DEFINITION, []), Options(shown=shown, multiple=multiple)).header
    assert all(NAME.fullmatch(name) for name in header)
    assert len({name.casefold() for name in header}) == len(header)


def test_a_name_that_is_taken_gives_way():
    assert fit_name("a" * 32, "__lab", {"a" * 27 + "__LAB"}) == "a" * 26 + "2__lab"


def test_complete_interviews_alone_on_request():
    partial = make_response(2, "ngo", {"clear": 4}, disposition="P")
    study = make_study(DEFINITION, [RESPONSE, partial])
    assert [row["response_id"] for row in read_csv(write_file(study, "csv", included="complete"))] == ["r00001"]


def test_a_wish_that_is_none_is_refused():
    with pytest.raises(ValueError, match="everything"):
        Options(level="everything")
