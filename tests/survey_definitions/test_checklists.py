"""The two checklists and the community's voice: the weights, gates and routes that are promised."""

from __future__ import annotations

from datetime import date

import pytest
from builders import INSTRUMENTS

from exports.scorecards.scores import list_items, score_domain
from forms.definition import SMS, Definition
from forms.interview import Interview
from forms.loading import load_definition
from forms.values import Answers, Missing, Value


def load(name: str) -> Definition:
    return load_definition((INSTRUMENTS / f"{name}.json").read_bytes(), name)


FORMATION = load("formation_checklist")
LEGAL = load("legal_financial_checklist")
VOICE = load("community_voice")


def list_path(definition: Definition, **answers: Value) -> list[str]:
    return [question.id for question in Interview(definition, answers, date(2026, 3, 2)).path]


def list_gates(definition: Definition) -> list[str]:
    return [id_ for id_, question in definition.questions.items() if question.score and question.score.gate == 3]


def list_weighty(definition: Definition) -> list[str]:
    return [id_ for id_, question in definition.questions.items() if question.score and question.score.weight == 2]


def list_domains(definition: Definition) -> dict[str, str]:
    scored = {id_: question.score for id_, question in definition.questions.items() if question.score}
    return {
        domain: " ".join(id_ for id_, rule in scored.items() if rule.domain == domain)
        for domain in dict.fromkeys(rule.domain for rule in scored.values())
    }


def list_dont_know_only(definition: Definition) -> tuple[list[str], list[str]]:
    """Give the scored questions that take don't know, and those that take not applicable as well."""
    scored = [question for question in definition.questions.values() if question.score]
    return [q.id for q in scored if q.dont_know], [q.id for q in scored if q.not_applicable]


def test_the_formation_checklist_weighs_and_gates_as_promised():
    assert list_gates(FORMATION) == list_weighty(FORMATION) == ["fc01", "fc09", "fc11"]
    assert list_domains(FORMATION) == {
        "GOAL": "fc01 fc02",
        "TRST": "fc03 fc04",
        "DIVR": "fc05",
        "LOCL": "fc06 fc07",
        "MUTB": "fc08",
        "ROLE": "fc09 fc10 fc11",
        "RSRC": "fc12 fc13",
        "MEVL": "fc14",
        "ADPT": "fc15",
        "EXIT": "fc16",
    }
    assert list_dont_know_only(FORMATION) == ([f"fc{n:02}" for n in range(1, 17)], ["fc15", "fc16"])


def test_readiness_by_weight_is_the_worked_example():
    """V26 of the scorecard's vectors: three gates yes, of the others 8 yes, 3 partly, 1 no, 1 not needed."""
    others = [id_ for id_ in list_dont_know_only(FORMATION)[0] if id_ not in list_gates(FORMATION)]
    answers: Answers = dict.fromkeys(list_gates(FORMATION), 3) | dict(
        zip(others, [3] * 8 + [2] * 3 + [1] + [Missing.NOT_APPLICABLE], strict=True)
    )
    assert FORMATION.scorecard
    items = [item for domain in FORMATION.scorecard.domains for item in list_items(FORMATION, domain.id)]
    assert score_domain(items, answers).score == pytest.approx(86.1111, abs=0.0001)


def test_the_conditions_of_a_go_ahead_must_be_written_down():
    assert FORMATION.questions["fc18"].required
    assert "fc18" in list_path(FORMATION, fc17=2)
    for decision in (None, 1, 3, 4):
        assert "fc18" not in list_path(FORMATION, fc17=decision)


def test_the_legal_checklist_weighs_and_gates_as_promised():
    gates = ["lf01", "lf02", "lf03", "lf06", "lf07", "lf08", "lf11", "lf12"]
    assert list_gates(LEGAL) == list_weighty(LEGAL) == gates
    assert list_domains(LEGAL) == {
        "ROLE": "lf01 lf02 lf03 lf04 lf06 lf09 lf10",
        "EXIT": "lf05 lf20",
        "TRST": "lf07 lf08 lf16 lf18",
        "RSRC": "lf11 lf12 lf13 lf14 lf15 lf19",
        "MEVL": "lf17",
    }
    assert list_dont_know_only(LEGAL) == (
        [f"lf{n:02}" for n in range(1, 21)],
        ["lf07", "lf09", "lf10", "lf14", "lf15", "lf17", "lf19"],
    )


@pytest.mark.parametrize("number", range(1, 21))
def test_a_yes_asks_for_evidence_a_person_and_a_date_on_the_web(number: int):
    id_ = f"lf{number:02}"
    follow_ups = [f"{id_}_ev", f"{id_}_who", f"{id_}_exp"]
    path = list_path(LEGAL, **{id_: 3})
    assert path[path.index(id_) + 1 :][:3] == follow_ups
    assert [LEGAL.questions[one].type for one in follow_ups] == ["text", "text", "date"]
    assert all(SMS not in LEGAL.questions[one].channels for one in follow_ups)
    for other in (1, 2, Missing.DONT_KNOW):
        assert not set(follow_ups) & set(list_path(LEGAL, **{id_: other}))


@pytest.mark.parametrize(("signed", "asked"), [(1, False), (2, True), (3, True), (Missing.DONT_KNOW, True)])
def test_what_an_agreement_says_is_asked_unless_there_is_none(signed: Value, asked: bool):
    path = list_path(LEGAL, lf03=signed)
    assert ("lf04" in path, "lf05" in path) == (asked, asked)


@pytest.mark.parametrize(("change", "asked"), [(1, True), (2, True), (3, False), (4, True), (5, True)])
def test_the_cause_of_a_change_is_asked_only_where_there_is_one(change: int, asked: bool):
    assert ("iv02" in list_path(VOICE, ivc=1, iv01=change)) is asked
    assert "iv02" not in list_path(VOICE, ivc=1, iv01=Missing.DONT_KNOW)


def test_what_the_problem_was_is_asked_of_those_who_had_one_and_need_not_be_told():
    assert "iv05" in list_path(VOICE, ivc=1, iv04=2)
    assert "iv05" not in list_path(VOICE, ivc=1, iv04=1)
    assert not VOICE.questions["iv05"].required
