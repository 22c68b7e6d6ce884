"""The codebook: all that is needed to read and to score the table."""

import json
from dataclasses import replace

import pytest
from export_files import GIVEN, KINDS
from study_builders import DK, make_definition, make_question, make_response, make_scored, make_study, text

from exports.codebook import LABEL_COLUMNS, WITHHELD, build_codebook, build_labels, list_codebook_columns
from exports.summaries import summarise
from exports.table import build_table
from forms.definition import SmsWording, Text
from forms.expressions import parse
from forms.loading import load_definition


def explain(study, k=5):
    table = build_table(study)
    return {row["variable"]: row for row in build_codebook(study, [(table, summarise(table, k))])}


def answer(*values, definition=None, name="clear"):
    definition = definition or KINDS
    return make_study(definition, [make_response(n, None, {**GIVEN, name: v}) for n, v in enumerate(values)])


def test_every_column_of_the_table_has_its_row_and_no_row_has_an_unknown_cell():
    rows = explain(answer())
    assert list(rows) == build_table(answer()).header
    columns = set(list_codebook_columns(KINDS))
    assert all(set(row) <= columns for row in rows.values())


def test_a_scored_question_tells_how_it_is_scored():
    question = make_scored("clear", "ROLE", core=True, weight=2, reverse=True, show_if=parse("${who} != 7"))
    definition = make_definition(
        make_question("who", "integer"), question, make_scored("fair", "ROLE", map={1: 0, 2: 50})
    )
    rows = explain(answer(definition=definition))
    row = rows["clear"]
    assert (row["domain"], row["weight"], row["core"], row["reverse"]) == ("ROLE", "2", 1, 1)
    assert (row["min"], row["max"], row["score_rule"]) == (1, 5, "100*(5-x)/(5-1)")
    assert (row["universe"], row["measure"], row["channels"]) == ("${who} != 7", "ordinal", "web sms")
    assert len(row["comparability_key"]) == 16
    assert rows["fair"]["score_rule"] == "1=0 2=50"


def test_texts_are_told_in_every_language_as_they_were_asked():
    question = make_question("clear", sms=SmsWording(Text({"en": "Short?"}, "en")))
    question = replace(question, label=Text({"en": "How is ${partnership}?", "fr": "Et ${partnership} ?"}, "en"))
    definition = replace(make_definition(question, domains=("D",)), languages={"en": "English", "fr": "Français"})
    row = explain(replace(answer(definition=definition), parameters={"partnership": "River"}))["clear"]
    assert (row["question_en"], row["question_fr"], row["sms_en"]) == ("How is River?", "Et River ?", "Short?")


def test_where_the_reason_stands_when_there_is_no_answer():
    rows = explain(answer())
    assert rows["clear"]["missing_codes"] == rows["people"]["missing_codes"] == "-99..-91"
    assert rows["change"]["missing_codes"] == "empty; see change__st"
    assert (rows["gains__1"]["choice_code"], rows["gains__1"]["min"], rows["gains__1"]["max"]) == (1, 0, 1)


def test_counts_mean_and_spread():
    row = explain(answer(1, 2, 3, 4, 5, 5, *[DK] * 6))["clear"]
    assert (row["n_valid"], row["n_dont_know"], row["n_refused"]) == (6, 6, 0)
    assert float(row["mean"]) == pytest.approx(20 / 6, abs=1e-6)
    assert float(row["sd"]) == pytest.approx(1.632993, abs=1e-6)


def test_nothing_is_told_of_fewer_than_k():
    row = explain(answer(1, 2, 3, 4, DK, DK))["clear"]
    assert (row["n_valid"], row["n_dont_know"], row["mean"], row["sd"]) == (WITHHELD,) * 4
    assert explain(answer())["clear"]["n_valid"] == 0


def test_the_mean_of_a_choice_that_few_made_is_withheld_since_it_would_count_them():
    rows = explain(answer(*[(1,)] * 5, *[(1, 2)] * 2, *[(3,)] * 5, name="gains"))
    assert rows["gains__1"]["mean"] == "0.583333"
    assert rows["gains__2"]["mean"] is None
    assert rows["gains__2"]["n_valid"] == 12


def test_a_number_with_its_reasons_beside_it_is_counted_with_them():
    row = explain(answer(*[GIVEN["change"]] * 5, *[DK] * 5, name="change"))["change"]
    assert (row["n_valid"], row["n_dont_know"], row["mean"]) == (5, 5, "-2.500000")


def test_labels_tell_every_code_in_every_language_and_lists_keep_their_names():
    source = {
        "id": "small", "version": "1", "kind": "feedback", "default_language": "en",
        "languages": {"en": "English", "fr": "Français"}, "title": "Small",
        "choice_lists": {"extent": [
            {"value": 1, "label": {"en": "No", "fr": "Non"}}, {"value": 0, "label": "None", "exclusive": True}]},
        "sections": [{"id": "s", "questions": [
            {"id": "a", "type": "select_one", "label": "A?", "choices": "extent"},
            {"id": "b", "type": "select_one", "label": "B?", "choices": "extent"}]}],
    }  # fmt: skip
    study = make_study(load_definition(json.dumps(source)), [])
    rows = [dict(zip(LABEL_COLUMNS, row, strict=True)) for row in build_labels(study.definition, [build_table(study)])]
    own = [(row["code"], row["label"], row["lang"], row["exclusive"]) for row in rows if row["list_name"] == "extent"]
    assert own == [(1, "No", "en", 0), (1, "Non", "fr", 0), (0, "None", "en", 1), (0, "None", "fr", 1)]
    missing = {row["code"]: row["missing_class"] for row in rows if row["list_name"] == "missing"}
    assert (missing[-98], len(missing)) == ("dont_know", 9)
    assert text("x").in_("fr") == "x"
