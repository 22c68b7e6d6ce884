"""SPSS files: labels, one range of missing values, measures; and PSPP reads them."""

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyreadstat
import pytest
from export_files import KINDS, make_kinds, write_file
from study_builders import make_study


@pytest.fixture
def sav(tmp_path):
    path = tmp_path / "responses.sav"
    path.write_bytes(write_file(make_kinds(), "sav"))
    return path


def test_codes_keep_their_labels_and_missing_codes_are_missing(sav):
    frame, meta = pyreadstat.read_sav(sav, user_missing=True, disable_datetime_conversion=True)
    assert list(frame.clear) == [4, -98]
    labels = meta.variable_value_labels["clear"]
    assert (labels[1.0], labels[-98.0]) == ("Point 1", "Don't know")
    assert meta.missing_ranges["clear"] == [{"lo": -99.0, "hi": -91.0}]
    assert meta.variable_value_labels["kind_of"]["other"] == "Another"
    assert meta.column_names_to_labels["gains__1"] == "Question gains [Point 1]"
    assert meta.variable_measure["clear"] == "ordinal"
    assert meta.variable_measure["change"] == "scale"
    plain, _ = pyreadstat.read_sav(sav)
    assert plain[["clear", "gains__1", "people", "day"]].isna().iloc[1].all()


def test_free_numbers_and_texts_have_their_reason_beside_them(sav):
    frame, meta = pyreadstat.read_sav(sav, user_missing=True)
    assert frame.change[0] == -2.5
    assert frame.change.isna()[1]
    assert "change" not in meta.missing_ranges
    assert frame.change__st[1] == -98
    assert (list(frame.idea), frame.idea__st[1]) == (["=1+1", ""], -99)


def test_days_and_times_are_days_and_times(sav):
    frame, meta = pyreadstat.read_sav(sav)
    assert str(frame.day[0]) == "2025-04-03"
    assert frame.started_at[0] == datetime(2025, 11, 20, 12, 0)
    assert meta.original_variable_types["started_at"] == "DATETIME20"


def test_the_same_data_give_the_same_bytes_at_any_time(sav):
    assert write_file(make_kinds(), "sav") == sav.read_bytes()
    meta = pyreadstat.read_sav(sav)[1]
    assert meta.creation_time == datetime(2025, 11, 21, 12, 0)
    later = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
    data = write_file(make_kinds(as_of=later), "sav")
    assert data[92:109] == b"02 Mar 2609:05:07"
    assert data == write_file(make_kinds(as_of=later, computed_at=later + timedelta(days=1)), "sav")


def test_columns_are_the_same_when_nobody_answered(sav, tmp_path):
    empty = tmp_path / "empty.sav"
    empty.write_bytes(write_file(make_study(KINDS, []), "sav"))
    assert pyreadstat.read_sav(empty)[1].column_names == pyreadstat.read_sav(sav)[1].column_names


def test_labels_and_texts_that_are_too_long_are_cut_between_characters(tmp_path):
    question = KINDS.questions["clear"]
    words = replace(question.label, by_language={"en": "é" * 200})
    long = replace(KINDS, sections=(replace(KINDS.sections[0], questions=(replace(question, label=words),)),))
    path = tmp_path / "long.sav"
    path.write_bytes(write_file(make_study(long, []), "sav"))
    assert pyreadstat.read_sav(path)[1].column_names_to_labels["clear"] == "é" * 128


PROGRAM = """GET FILE='{path}'.
FREQUENCIES /VARIABLES=clear gains__1 idea__st.
DESCRIPTIVES /VARIABLES=change people.
LIST /VARIABLES=response_id day idea.
"""


@pytest.mark.skipif(not shutil.which("pspp") and not os.environ.get("CI"), reason="PSPP is not installed")
def test_pspp_opens_it_with_labels_and_counts_no_missing_code(sav, tmp_path):
    program = tmp_path / "look.sps"
    program.write_text(PROGRAM.format(path=sav), encoding="utf-8")
    ended = subprocess.run(
        ["pspp", "-O", "format=csv", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert "Valid,Point 4,1,50.0%,100.0%,100.0%" in lines
    assert "Missing,Don't know,1,50.0%,," in lines
    assert any(line.startswith("Question change,1,-2.5") for line in lines)
    assert "r00001,2025/04/03,=1+1" in lines
    assert "error" not in ended.stdout
