"""Stata files: labels and extended missing values, as pandas reads them."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from export_files import KINDS, make_kinds, write_file
from pandas.io.stata import StataReader
from study_builders import make_study


@pytest.fixture
def dta(tmp_path):
    path = tmp_path / "responses.dta"
    path.write_bytes(write_file(make_kinds(), "dta"))
    return path


def test_a_missing_answer_is_its_letter(dta):
    with StataReader(dta, convert_missing=True, convert_categoricals=False, convert_dates=False) as reader:
        row = reader.read().iloc[1]
    found = {name: str(row[name]) for name in ("clear", "gains__1", "change", "people", "day")}
    assert found == {"clear": ".d", "gains__1": ".l", "change": ".d", "people": ".s", "day": ".d"}
    assert (row["idea"], row["idea__st"]) == ("", -99)


def test_values_and_columns_have_their_labels(dta):
    with StataReader(dta) as reader:
        frame = reader.read(convert_categoricals=False)
        labels, columns = reader.value_labels(), reader.variable_labels()
    assert (frame.clear[0], frame.change[0], frame.people[0], frame.idea[0]) == (4, -2.5, 12, "=1+1")
    assert frame.clear.isna()[1]
    assert any(set(own.values()) >= {"Point 4", "Don't know"} for own in labels.values())
    assert columns["gains__1"] == "Question gains [Point 1]"


def test_days_and_times_are_days_and_times(dta):
    frame = pd.read_stata(dta, convert_categoricals=False)
    assert frame.day[0] == pd.Timestamp("2025-04-03")
    assert frame.started_at[0] == pd.Timestamp("2025-11-20 12:00")


def test_the_same_data_give_the_same_bytes_at_any_time(dta):
    assert write_file(make_kinds(), "dta") == dta.read_bytes()
    later = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
    data = write_file(make_kinds(as_of=later), "dta")
    assert b"<timestamp>\x1102 Mar 2026 09:05</timestamp>" in data
    assert data == write_file(make_kinds(as_of=later, computed_at=later + timedelta(days=1)), "dta")


def test_columns_are_the_same_when_nobody_answered(dta, tmp_path):
    empty = tmp_path / "empty.dta"
    empty.write_bytes(write_file(make_study(KINDS, []), "dta"))
    assert list(pd.read_stata(empty)) == list(pd.read_stata(dta, convert_categoricals=False))
