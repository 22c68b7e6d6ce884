"""The evaluation pack: what is in it at each level, that it verifies, and that it comes out the same every time."""

import hashlib
import io
import json
import time
import zipfile
from dataclasses import replace
from datetime import timedelta

import pandas
import pyreadstat
import pytest
from export_files import GIVEN, KINDS, read_csv, write_file
from frictionless import Package
from frictionless import system as frictionless_system
from instruments import DEFINITIONS
from pyarrow.parquet import read_table
from study_builders import (
    DK,
    NOON,
    invite,
    make_definition,
    make_question,
    make_response,
    make_scored,
    make_study,
    text,
)

from exports.errors import ExportError
from exports.pack.archive import MANIFEST
from exports.responses import Case, Event
from exports.scorecards.results import build_results
from exports.scorecards.trend import compare_results
from forms.definition import Choice, Repeat, Section
from forms.values import Row

ITEMS = ("clear", "fair")
SECRET = "The mayor's cousin took it."
GROUPS = tuple(Choice(code, text(name)) for code, name in enumerate(("ngo", "donor", "school"), start=1))
PEOPLE = Section(
    id="stakeholders",
    questions=(make_question("near"), make_question("who", "text")),
    repeat=Repeat(over="roster", label="who"),
)
DEFINITION = make_definition(
    make_question("grp", "select_one", choices=GROUPS),
    make_scored("clear", "ROLE", core=True),
    make_scored("fair", "ROLE"),
    *(question for question in KINDS.questions.values() if question.id != "clear"),
    group_by="grp",
)
DEFINITION = replace(DEFINITION, sections=(*DEFINITION.sections, PEOPLE))


def make_event(response_id, question, number):
    at = NOON + timedelta(seconds=30 * number)
    facts = {"channel": "sms", "rule": "digit", "certainty": 1.0, "segments": 1}
    return Event(response_id=response_id, question_id=question, at=at, **facts)


def make_case(response):
    facts = {"source": "invitation", "channel": "web", "attempts": 1, "disposition": "I", "code": "1.1"}
    return Case(case_id=response.response_id, group=response.group, first_at=NOON, last_at=NOON, **facts)


def make_round(**facts):
    """Nine from a large group, two each from two small ones; one of them is known by a comment and by a name."""
    people = []
    for number, group in enumerate(["ngo"] * 9 + ["donor"] * 2 + ["school"] * 3):
        code = ("ngo", "donor", "school").index(group) + 1
        answers = {**GIVEN, "grp": code, "clear": number % 5 + 1, "fair": DK if number == 3 else 2, "idea": SECRET}
        rows = {"stakeholders": (Row("n1", {"near": 2, "who": SECRET}, "Acme"), Row("n2", {"near": DK, "who": DK}))}
        people.append(make_response(number, group, answers, rows=rows))
    events = [make_event(p.response_id, name, n) for p in people for n, name in enumerate(("clear", "fair", "clear"))]
    cases = [make_case(p) for p in people]
    frame = invite({"ngo": (9, 20), "donor": (2, 4), "school": (3, 5)})
    study = make_study(DEFINITION, people, cases=frame, as_of=NOON, parameters={"partnership": "River"}, **facts)
    return replace(study, events=lambda: iter(events), cases=lambda: iter(cases))


@pytest.fixture(scope="module")
def packs():
    """The three packs: level -> path -> content."""
    found = {}
    for level in ("summary", "research", "restricted"):
        with zipfile.ZipFile(io.BytesIO(write_file(make_round(), "pack", level=level))) as archive:
            found[level] = {name: archive.read(name) for name in archive.namelist()}
    return found


def test_a_summary_has_aggregates_only(packs):
    folders = {path.split("/")[0] for path in packs["summary"]}
    assert folders == {"scorecard", "stats", "metadata", "instrument", "datapackage.json", "README.txt", MANIFEST}
    everything = b"".join(packs["summary"].values())
    for word in (SECRET.encode(), b"r00003", b"Acme"):
        assert word not in everything


def test_research_and_restricted_have_every_file_of_the_table(packs):
    expected = {
        *("README.txt", "datapackage.json", MANIFEST, "data/responses_wide.csv", "data/responses_wide_labels.csv"),
        *("data/responses_long.csv", "data/labels.csv", "data/codebook.csv", "data/codebook.xlsx"),
        *("data/dispositions.csv", "data/stakeholders.csv", "scorecard/scorecard.csv", "scorecard/scorecard.pdf"),
        *("scorecard/scorecard.xlsx", "stats/items.csv", "stats/groups.csv", "stats/reliability.csv"),
        *("spss/responses.sav", "spss/responses.sps", "stata/responses.dta", "stata/responses.do"),
        *("metadata/ddi-codebook.xml", "instrument/form_en.pdf", "instrument/sms-script_en.txt"),
        *("data/stakeholders_labels.csv", "data/stakeholders.parquet", "spss/stakeholders.sav"),
        *("spss/stakeholders.sps", "spss/stakeholders.tsv", "stata/stakeholders.dta", "stata/stakeholders.do"),
    }
    for level in ("research", "restricted"):
        assert expected <= set(packs[level])
    assert "data/paradata.csv" in packs["restricted"]
    assert "data/paradata.csv" not in packs["research"]


def test_research_tells_no_comment_no_name_no_time_and_no_small_group(packs):
    files = {path: content for path, content in packs["research"].items() if not path.endswith((".xlsx", ".pdf"))}
    for path, content in files.items():
        assert SECRET.encode() not in content, path
        assert b"Acme" not in content, path
        assert not path.endswith(".csv") or b"T12:0" not in content or not path.startswith("data/"), path
    rows = read_csv(files["data/responses_wide.csv"])
    assert {row["group"] for row in rows} == {"ngo", "combined"}
    assert {row["grp"] for row in rows if row["group"] == "combined"} == {"-91"}
    assert {row["group"] for row in read_csv(files["data/dispositions.csv"])} == {"ngo", "combined"}
    assert read_csv(packs["restricted"]["data/stakeholders.csv"])[0]["row_name"] == "Acme"


def test_every_file_has_its_checksum_and_nothing_else_is_listed(packs):
    for files in packs.values():
        lines = [line.split("  ") for line in files[MANIFEST].decode().splitlines()]
        assert {path for _, path in lines} == set(files) - {MANIFEST}
        assert all(hashlib.sha256(files[path]).hexdigest() == digest for digest, path in lines)


@pytest.mark.parametrize("level", ["summary", "research", "restricted"])
def test_the_same_data_give_the_same_bytes_whenever_and_wherever_they_are_made(level):
    one = write_file(make_round(), "pack", level=level)
    time.sleep(1.1)  # libraries that put the clock into a file do it by the second
    assert one == write_file(make_round(computed_at=NOON + timedelta(days=99)), "pack", level=level)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("level", ["summary", "research", "restricted"])
def test_frictionless_accepts_the_data_package_with_its_foreign_keys(packs, tmp_path, level):
    for path, content in packs[level].items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    with frictionless_system.use_context(trusted=True):
        report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.flatten(["name", "type", "message"]) == []
    assert report.stats["tasks"] == {"summary": 5, "research": 14, "restricted": 16}[level]


def test_the_package_says_what_codes_mean_and_how_tables_hang_together(packs):
    package = json.loads(packs["restricted"]["datapackage.json"])
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    tables = {resource["name"]: resource["schema"] for resource in package["resources"]}
    fields = {field["name"]: field for field in tables["responses_wide"]["fields"]}
    assert fields["clear"]["categories"][3] == {"value": 4, "label": "Point 4"}
    assert "-98" in fields["clear"]["missingValues"]
    assert "missingValues" not in fields["change"]
    key = {"fields": ["response_id"], "reference": {"resource": "responses_wide", "fields": ["response_id"]}}
    assert tables["stakeholders"]["foreignKeys"] == [key]
    assert tables["stakeholders"]["primaryKey"] == ["response_id", "row"]


def test_rows_of_a_repeated_section_are_the_same_in_every_format(packs, tmp_path):
    files = packs["restricted"]
    codes = read_csv(files["data/stakeholders.csv"])
    words = read_csv(files["data/stakeholders_labels.csv"])
    for name, kind in (("spss/stakeholders.sav", "sav"), ("stata/stakeholders.dta", "dta")):
        (tmp_path / f"rows.{kind}").write_bytes(files[name])
    sav, facts = pyreadstat.read_sav(tmp_path / "rows.sav", user_missing=True)
    dta = pandas.read_stata(tmp_path / "rows.dta", convert_categoricals=False, convert_missing=True)
    parquet = read_table(io.BytesIO(files["data/stakeholders.parquet"])).to_pylist()
    assert [(row["response_id"], row["row"]) for row in words] == [(row["response_id"], row["row"]) for row in codes]
    assert len(codes) == len(sav) == len(dta) == len(parquet) == 28
    for row, one, other, third, said in zip(
        codes, sav.to_dict("records"), dta.to_dict("records"), parquet, words, strict=True
    ):
        assert row["response_id"] == one["response_id"] == other["response_id"] == third["response_id"]
        assert int(row["near"]) == one["near"]
        given = int(row["near"]) > 0
        assert str(other["near"]) == (row["near"] if given else ".d") or float(other["near"]) == int(row["near"])
        assert said["near"] == ("Point 2" if given else "Don't know")
        assert third["near"] == int(row["near"])
    assert facts.variable_value_labels["near"][2] == "Point 2"


def test_paradata_tell_how_answers_came_and_not_what_they_were(packs):
    rows = read_csv(packs["restricted"]["data/paradata.csv"])[:3]
    assert [(row["item_id"], row["seconds"], row["retries"]) for row in rows] == [
        ("clear", "", "0"),
        ("fair", "30.000", "0"),
        ("clear", "30.000", "1"),
    ]
    assert {(row["parser_result"], row["segments"]) for row in rows} == {("digit", "1")}


def test_change_since_the_round_before_is_told_where_there_is_one():
    before, after = build_results(make_round(round_name="Before")), build_results(make_round())
    trend = compare_results(before, after)
    study = make_round(change=lambda: trend)
    with zipfile.ZipFile(io.BytesIO(write_file(study, "pack", level="summary"))) as archive:
        rows = read_csv(archive.read("stats/trend.csv"))
        told = [row for row in read_csv(archive.read("scorecard/scorecard.csv")) if row["trend_word"]]
        page = archive.read("scorecard/scorecard.html").decode()
    assert "Since Before" in page
    assert {
        (row["subject"], row["basis"], row["group"], row["word"]) for row in rows if row["subject"] not in ITEMS
    } == {(row["domain"], row["basis"], row["group"], row["trend_word"]) for row in told}
    assert {(row["round_before"], row["computed_at"]) for row in rows} == {("Before", NOON.isoformat())}


def test_the_readme_says_what_one_must_know(packs):
    for level, files in packs.items():
        told = files["README.txt"].decode()
        for words in ("HOW TO CITE", "HANDLE WITH CARE", "-98  Don't know", "Data as of: 2025-11-20 12:00 UTC"):
            assert words in told, level
        assert all(path in told for path in files if path not in ("README.txt", MANIFEST))


def test_what_no_font_can_show_is_left_out_and_said(monkeypatch):
    def refuse(*_):
        raise ExportError("No font at hand can show it.")

    monkeypatch.setattr("exports.pack.parts.instrument.write_form", refuse)
    with zipfile.ZipFile(io.BytesIO(write_file(make_round(), "pack", level="summary"))) as archive:
        assert "instrument/form_en.pdf" not in archive.namelist()
        assert "instrument/form_en.pdf is left out. No font at hand" in archive.read("README.txt").decode()


def test_sample_data_are_called_so():
    with zipfile.ZipFile(io.BytesIO(write_file(make_round(sample_data=True), "pack", level="summary"))) as archive:
        assert "Sample data" in archive.read("README.txt").decode()
        assert "Sample data" in archive.read("metadata/ddi-codebook.xml").decode()


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_instrument_makes_a_pack_before_anybody_has_answered(name):
    definition = DEFINITIONS[name]
    with zipfile.ZipFile(io.BytesIO(write_file(make_study(definition, []), "pack", level="restricted"))) as archive:
        assert archive.read("instrument/definition.json").decode() == definition.source
        assert "instrument/form.xlsx" in archive.namelist()
        assert len([path for path in archive.namelist() if path.endswith(".pdf")]) >= len(definition.languages)
