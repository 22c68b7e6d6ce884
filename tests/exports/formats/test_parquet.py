"""Parquet: typed columns, labels as metadata, flat memory."""

import io
import json
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from export_files import GIVEN, KINDS, make_kinds, write_file
from pyarrow import parquet
from study_builders import NOON, make_response, make_study

from exports.formats import parquet as ours


def read(study, **options):
    return parquet.read_table(io.BytesIO(write_file(study, "parquet", **options)))


def test_every_column_has_its_type():
    schema = read(make_kinds()).schema
    types = {name: schema.field(name).type for name in ("clear", "gains__1", "change", "people", "day", "idea")}
    assert types == {
        "clear": pa.int32(),
        "gains__1": pa.int8(),
        "change": pa.float64(),
        "people": pa.int64(),
        "day": pa.date32(),
        "idea": pa.string(),
    }
    assert pa.types.is_dictionary(schema.field("kind_of").type)


def test_values_and_reasons_stand_apart_where_a_type_cannot_hold_both():
    first, second = read(make_kinds()).to_pylist()
    assert (first["day"], first["idea"], first["change"], first["started_at"]) == (date(2025, 4, 3), "=1+1", -2.5, NOON)
    assert (second["clear"], second["people"]) == (-98, -96)
    assert (second["day"], second["day__st"], second["idea"], second["idea__st"]) == (None, -98, None, -99)
    assert second["group"] is None


def test_labels_travel_as_metadata():
    schema = read(make_kinds()).schema
    field = schema.field("clear").metadata
    assert json.loads(field[b"value_labels"])["4"] == "Point 4"
    assert (field[b"label"], field[b"measure"]) == (b"Question clear", b"ordinal")
    assert json.loads(schema.metadata[b"missing_codes"])["-98"] == "Don't know"


def test_labels_in_place_of_codes_on_request():
    assert read(make_kinds(), shown="both").to_pylist()[0]["clear__lab"] == "Point 4"


def test_the_same_data_give_the_same_bytes():
    assert write_file(make_kinds(), "parquet") == write_file(make_kinds(), "parquet")
    assert read(make_study(KINDS, [])).num_rows == 0


def test_rows_are_written_in_groups_so_that_memory_stays_flat(monkeypatch):
    monkeypatch.setattr(ours, "GROUP", 100)
    study = replace(make_study(KINDS, []), responses=lambda: (make_response(n, None, GIVEN) for n in range(450)))
    file = parquet.ParquetFile(io.BytesIO(write_file(study, "parquet")))
    assert (file.metadata.num_rows, file.num_row_groups) == (450, 5)


@pytest.mark.parametrize("format_", ["parquet", "sav", "dta", "xlsx", "json"])
def test_a_group_that_no_list_knows_is_a_text(format_):
    study = make_study(KINDS, [make_response(1, "ngo", GIVEN)], group_labels={})
    assert write_file(study, format_)
    assert read(study).to_pylist()[0]["group"] == "ngo"
