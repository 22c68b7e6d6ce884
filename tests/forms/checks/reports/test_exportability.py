"""What SPSS and Stata make of the columns, and what they would cut."""

from __future__ import annotations

import dataclasses

from forms.checks.reports.exportability import LIMITS, Exportability, build_exportability
from tests.forms.builders import choices, load, question


def cut(report: Exportability) -> set[tuple[str, str, str]]:
    return {(one.program, one.what, one.path) for one in report.cut}


def test_every_column_is_listed_with_its_question_and_kind() -> None:
    report = build_exportability(
        load(question("a"), question("m", "select_multiple", choices=choices(1, 2)), question("n", "note"))
    )
    assert [(one.name, one.question, one.kind) for one in report.columns] == [
        ("a", "a", "text"),
        ("m__1", "m", "flag"),
        ("m__2", "m", "flag"),
    ]
    assert report.refused == report.repeated == report.cut == ()


def test_a_label_is_measured_by_each_programs_own_measure() -> None:
    at = "$.sections[0].questions[0].label"
    assert cut(build_exportability(load(question("a", label="x" * 80)))) == set()
    assert cut(build_exportability(load(question("a", label="x" * 81)))) == {("Stata", "variable label", at)}
    assert cut(build_exportability(load(question("a", label="x" * 256)))) == {("Stata", "variable label", at)}
    both = {("Stata", "variable label", at), ("SPSS", "variable label", at)}
    assert cut(build_exportability(load(question("a", label="x" * 257)))) == both
    assert cut(build_exportability(load(question("a", label="é" * 129)))) == both, "SPSS counts bytes"


def test_the_label_of_a_choice_is_measured_once_for_its_list() -> None:
    lists = {"l": choices((1, "x" * 121), 2)}
    report = build_exportability(
        load(question("a", "scale", choices="l"), question("b", "scale", choices="l"), choice_lists=lists)
    )
    assert cut(report) == {("SPSS", "value label", "$.choice_lists.l[0].label")}
    assert (report.cut[0].size, report.cut[0].most, report.cut[0].unit) == (121, 120, "bytes")


def test_a_text_that_may_outgrow_spss_is_told() -> None:
    report = build_exportability(load(question("a", max_length=9_000)))
    assert cut(report) == {("SPSS", "text", "$.sections[0].questions[0].max_length")}
    assert cut(build_exportability(load(question("a", max_length=8_000)))) == set()


def test_a_name_that_a_program_refuses_or_that_stands_twice_is_told() -> None:
    built = load(question("a"), question("b"))
    section = built.sections[0]
    names = ("x" * 33, "Round")
    renamed = tuple(dataclasses.replace(q, id=name) for q, name in zip(section.questions, names, strict=True))
    report = build_exportability(
        dataclasses.replace(built, sections=(dataclasses.replace(section, questions=renamed),))
    )
    assert [one.fits for one in report.refused] == [{"SPSS": True, "Stata": False}, {"SPSS": False, "Stata": False}]
    assert report.repeated == ("Round",)


def test_every_limit_names_who_says_so() -> None:
    assert all(limit.source for limit in LIMITS)
    assert {one["source"] for one in build_exportability(load(question("a"))).as_json()["limits"]} == {
        limit.source for limit in LIMITS
    }
