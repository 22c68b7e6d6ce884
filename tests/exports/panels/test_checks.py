from pathlib import Path

import pytest
from vectors_file import PLACES, VECTORS

from exports.panels.checks import CONDITIONAL, STOP, judge_checklist
from forms.loading import load_definition
from forms.values import Missing

ROOM = Path(__file__).parents[3] / "survey_definitions"
FORMATION = load_definition((ROOM / "formation_checklist.json").read_text("utf-8"))
LEGAL = load_definition((ROOM / "legal_financial_checklist.json").read_text("utf-8"))
NO, PARTLY, YES = 1, 2, 3


def fill(definition, code=YES, **more):
    scored = {id_: code for id_, question in definition.questions.items() if question.score}
    return scored | more


def test_the_worked_checklist_is_ready():
    worked = VECTORS["V26"]
    gates = [id_ for id_, q in FORMATION.questions.items() if q.score and q.score.gate is not None]
    others = [id_ for id_, q in FORMATION.questions.items() if q.score and id_ not in gates]
    assert len(gates) == 3
    codes = [YES] * 8 + [PARTLY] * 3 + [NO] + [Missing.NOT_APPLICABLE] * (len(others) - 12)
    found = judge_checklist(FORMATION, dict.fromkeys(gates, YES) | dict(zip(others, codes, strict=True)))
    assert found.score == pytest.approx(worked["score"], abs=PLACES)
    assert found.result == worked["result"]


def test_a_gate_that_is_a_no_stops_whatever_the_score():
    found = judge_checklist(FORMATION, fill(FORMATION, fc11=NO))
    assert (found.result, found.failed) == (STOP, ("fc11",))


@pytest.mark.parametrize("answer", [PARTLY, Missing.DONT_KNOW, Missing.SKIPPED])
def test_a_gate_that_is_not_reached_makes_it_conditional(answer):
    found = judge_checklist(FORMATION, fill(FORMATION, fc09=answer))
    assert (found.result, found.failed, found.open_gates) == (CONDITIONAL, (), ("fc09",))


@pytest.mark.parametrize("code, result", [(YES, "Ready"), (PARTLY, "Not ready")])
def test_without_an_open_gate_the_score_says_it(code, result):
    gates = {"fc01": YES, "fc09": YES, "fc11": YES}
    assert judge_checklist(FORMATION, fill(FORMATION, code, **gates)).result in (result, "Ready with work")


def test_a_gate_that_does_not_apply_is_no_gate():
    assert judge_checklist(LEGAL, fill(LEGAL, lf07=Missing.NOT_APPLICABLE)).open_gates == ()


def test_evidence_whose_date_has_passed_counts_as_partly():
    found = judge_checklist(LEGAL, fill(LEGAL), expired={"lf01", "lf09"})
    assert (found.expired, found.open_gates) == (("lf01", "lf09"), ("lf01",))
    assert found.score < 100
    assert judge_checklist(LEGAL, fill(LEGAL, lf01=NO), expired={"lf01"}).failed == ("lf01",)


def test_nothing_answered_is_no_result():
    silent = dict.fromkeys(fill(LEGAL), Missing.NOT_APPLICABLE)
    found = judge_checklist(LEGAL, silent)
    assert (found.score, found.result) == (None, "Too little answered")
