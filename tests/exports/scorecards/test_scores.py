from decimal import Decimal

import pytest
from study_builders import DK, NA, NOT_IN_CHANNEL, OFF_PATH, SKIPPED, make_definition, make_question, make_scored
from vectors_file import PLACES, VECTORS

from exports.scorecards.scores import Item, Scored, list_domain_items, list_items, score_domain, score_item
from forms.definition import ScoreRule
from forms.values import Missing


def test_item_scores_are_the_worked_percents_of_maximum_possible():
    worked = VECTORS["V01"]
    assert score_item(worked["x"], worked["min"], worked["max"]) == worked["score"]
    assert score_item(worked["x"], worked["min"], worked["max"], reverse=True) == worked["reversed_x4"]
    assert score_item(7, 0, 10) == pytest.approx(worked["nps_x7_0_10"], abs=PLACES)


def test_a_published_mean_of_another_tool_lands_where_the_worked_example_says():
    worked = VECTORS["V25"]
    assert score_item(worked["psat_mean_1_7"], 1, 7) == pytest.approx(worked["pomp"], abs=PLACES)


def _items(*weights: float) -> list[Item]:
    return [Item(f"q{place}", weight, True, 1, 5) for place, weight in enumerate(weights)]


def test_a_dont_know_lowers_the_share_but_not_the_score():
    worked = VECTORS["V02a"]
    result = score_domain(_items(1, 2, 1), {"q0": 4, "q1": 3, "q2": DK})
    assert result.score == pytest.approx(worked["score"], abs=PLACES)
    assert result.share == worked["share"]


def test_below_half_of_what_applied_there_is_no_score():
    worked = VECTORS["V02b"]
    result = score_domain(_items(1, 2, 1), {"q0": 4, "q1": DK, "q2": NA})
    assert result.score is worked["score"]
    assert result.share == pytest.approx(worked["share"], abs=PLACES)


@pytest.mark.parametrize("reason", [Missing.NOT_APPLICABLE, Missing.OFF_PATH, Missing.NOT_IN_CHANNEL])
def test_what_did_not_apply_leaves_the_denominator(reason):
    assert score_domain(_items(1, 1, 1), {"q0": 4, "q1": reason, "q2": reason}).share == 1


@pytest.mark.parametrize(
    "reason",
    [Missing.DONT_KNOW, Missing.REFUSED, Missing.SKIPPED, Missing.NOT_REACHED, Missing.UNREADABLE, None],
)
def test_what_was_asked_and_not_answered_stays_in_the_denominator_and_is_never_scored(reason):
    result = score_domain(_items(1, 1), {"q0": 5, "q1": reason})
    assert (result.share, result.score) == (0.5, 100)


def test_exactly_half_is_enough_whatever_the_weights_are():
    result = score_domain(_items(0.1, 0.2, 0.3), {"q0": 5, "q1": 5, "q2": DK})
    assert result.score == pytest.approx(100)


def test_the_ends_of_a_scale_come_from_the_definition_and_not_from_the_answers():
    definition = make_definition(
        make_scored("a", "D"),
        make_scored("b", "D", reverse=True),
        make_scored("c", "D", map={1: 0, 2: 50, 3: 100, 4: 100, 5: 100}),
        make_question("d", "nps", score=ScoreRule("D")),
        make_question("e", "decimal", score=ScoreRule("D"), settings={"min": 0, "max": 4}),
    )
    items = {item.id: item for item in list_items(definition, "D")}
    assert items["a"].score(2) == 25
    assert items["b"].score(2) == 75
    assert items["c"].score(2) == 50
    assert items["d"].score(7) == pytest.approx(70)
    assert items["e"].score(Decimal("1.5")) == 37.5


def test_people_whose_two_scores_rest_on_different_answers_are_marked():
    definition = make_definition(make_scored("a", "D", core=True), make_scored("b", "D"), make_scored("c", "E"))
    items = list_domain_items(definition)

    def score(**answers):
        return [domain.score(answers, 0.5) for domain in items]

    assert score(a=5, b=1, c=3) == [Scored(100, 50, True), Scored(None, 50, True)]
    assert score(a=5, b=NOT_IN_CHANNEL, c=OFF_PATH) == [Scored(100, 100, False), Scored(None, None, False)]
    assert score(a=DK, b=1, c=SKIPPED) == [Scored(None, 0, True), Scored(None, None, False)]
