import random
from dataclasses import replace

import pytest
from plain_reading import read_plainly
from scipy import stats
from study_builders import answer_all, invite, make_definition, make_question, make_response, make_scored, make_study

from exports.disclosure import ALL, CORE, FULL
from exports.scorecards.estimates import OVERALL
from exports.scorecards.formats import scorecard_html
from exports.scorecards.reach import GROUP_EQUAL
from exports.scorecards.results import build_results
from exports.scorecards.trend import compare_results

QUESTIONS = (
    *(make_scored(f"q{n}", f"D{n}", core=n < 6) for n in range(10)),
    make_question("would_recommend", "nps"),
)
TEN = make_definition(*QUESTIONS)


def crowd(n, seed, low=1, high=5, **more):
    chance = random.Random(seed)
    return [
        {f"q{d}": chance.randint(low, high) for d in range(10)} | {"would_recommend": chance.randint(0, 10)} | more
        for _ in range(n)
    ]


def build(groups, *, invited=None, definition=TEN, links=None, **more):
    """A round by invitation, twice as many invited as answered; `links` names the people in their order."""
    cases = invite({g: (len(people), (invited or {}).get(g, 2 * len(people))) for g, people in groups.items()})
    responses = answer_all(groups)
    if links is not None:
        responses = [replace(one, person=link) for one, link in zip(responses, links, strict=True)]
    return build_results(make_study(definition, responses, cases=cases, labels=groups, **more))


def find(rows, **facts):
    (found,) = [row for row in rows if all(getattr(row, name) == value for name, value in facts.items())]
    return found


def scores(results, domain):
    place = results.people.domain_ids.index(domain)
    return [person.scores[place].full for person in read_plainly(results.card.study)]


def test_rounds_whose_people_cannot_be_linked_are_compared_by_welch():
    before, after = build({"ngo": crowd(30, 1, 1, 3)}, round_name="Spring"), build({"ngo": crowd(25, 2, 3, 5)})
    trend = compare_results(before, after)
    row = find(trend.rows, subject="D7", basis=FULL, group=ALL)
    theirs = stats.ttest_ind(scores(after, "D7"), scores(before, "D7"), equal_var=False)
    assert (row.method, row.p, row.df) == ("Welch t", pytest.approx(theirs.pvalue), pytest.approx(theirs.df))
    assert row.adjustment == "Holm"
    assert (row.check, row.word, row.pairs) == ("Mann-Whitney", "clear rise", 0)
    filled = trend.card.find(FULL, "D7", ALL)
    assert filled.delta == pytest.approx(filled.score - before.card.find(FULL, "D7", ALL).score)
    assert (filled.delta_ci_lo, filled.delta_ci_hi, filled.p_adj) == (row.ci_lo, row.ci_hi, row.p_adj)
    assert (filled.trend_word, filled.effect) == ("clear rise", row.effect)
    assert trend.card.compared_with == "Spring"


def test_p_values_of_the_ten_domains_are_raised_together():
    trend = compare_results(build({"ngo": crowd(30, 1)}), build({"ngo": crowd(30, 2)}))
    rows = [r for r in trend.rows if (r.basis, r.group) == (FULL, ALL) and r.subject.startswith("D")]
    assert len(rows) == 10
    smallest = min(rows, key=lambda row: row.p)
    assert smallest.p_adj == pytest.approx(min(1, 10 * smallest.p))
    overall = find(trend.rows, subject=OVERALL, basis=FULL, group=ALL)
    assert overall.p_adj == overall.p


def test_a_difference_within_chance_is_no_rise():
    people = crowd(30, 1)
    row = find(compare_results(build({"ngo": people}), build({"ngo": people})).rows, subject="D7", group=ALL)
    assert (row.delta, row.word) == (0.0, "no clear change")
    assert "within what chance could produce" in row.note


def test_the_same_people_in_both_rounds_are_compared_with_themselves():
    links = [f"p{n}" for n in range(20)]
    before, after = build({"ngo": crowd(20, 1)}, links=links), build({"ngo": crowd(20, 2)}, links=links)
    row = find(compare_results(before, after).rows, subject="D7", group=ALL)
    theirs = stats.ttest_rel(scores(after, "D7"), scores(before, "D7"))
    assert (row.method, row.p, row.pairs) == ("paired t", pytest.approx(theirs.pvalue), 20)
    assert (row.effect_name, row.check) == ("d_av", "Wilcoxon")


@pytest.mark.parametrize("more", [1, 5])
def test_who_is_in_one_round_only_stays_in_so_that_nobody_is_told_apart(more):
    """The mean of the pairs alone, less the two published means, would speak of those who are no pair."""
    links = [f"p{n}" for n in range(25)]
    before = build({"ngo": crowd(25, 1)}, links=links)
    after = build({"ngo": crowd(25 + more, 2)}, links=[*links, *[None] * more])
    row = find(compare_results(before, after).rows, subject="D7", group=ALL)
    told = after.card.find(FULL, "D7", ALL).score - before.card.find(FULL, "D7", ALL).score
    assert (row.method, row.pairs, row.delta) == ("partially overlapping t", 25, pytest.approx(told))


def test_a_few_links_are_as_good_as_none():
    links = [*["p1", "p2"], *[None] * 18]
    rows = [build({"ngo": crowd(20, seed)}, links=links) for seed in (1, 2)]
    assert find(compare_results(*rows).rows, subject="D7", group=ALL).method == "Welch t"


def test_where_a_question_changed_the_line_is_broken():
    asked = list(QUESTIONS)
    asked[7] = replace(asked[7], label=replace(asked[7].label, by_language={"en": "Quite another question"}))
    before, after = build({"ngo": crowd(30, 1)}), build({"ngo": crowd(30, 2)}, definition=make_definition(*asked))
    card = compare_results(before, after).card
    broken = card.find(FULL, "D7", ALL)
    assert (broken.status, broken.trend_word, broken.delta) == ("B", "not comparable", None)
    assert "the line is broken here" in broken.note
    assert card.find(FULL, OVERALL, ALL).status == "B"
    assert card.find(CORE, OVERALL, ALL).delta is not None
    assert card.find(FULL, "D6", ALL).trend_word in ("no clear change", "clear rise", "clear fall")


def test_fewer_than_ten_answers_have_no_trend():
    for few, many in ((8, 30), (30, 8)):
        row = compare_results(build({"ngo": crowd(few, 1)}), build({"ngo": crowd(many, 2)})).card.find(FULL, "D7", ALL)
        assert (row.trend_word, row.delta) == ("too few answers", None)


def test_what_one_round_hides_has_no_trend():
    before = build({"ngo": crowd(30, 1), "donor": crowd(3, 3), "school": crowd(4, 4)})
    after = build({"ngo": crowd(30, 2), "donor": crowd(12, 5), "school": crowd(14, 6)})
    card = compare_results(before, after).card
    assert (card.find(FULL, "D7", "donor").delta, card.find(FULL, "D7", "donor").trend_word) == (
        None,
        "too few answers",
    )
    assert card.find(FULL, "D7", "ngo").delta is not None
    assert card.find(FULL, "D7", GROUP_EQUAL).trend_word == "not comparable"
    back = compare_results(after, before).card
    assert (back.find(FULL, "D7", "donor").delta, back.find(FULL, "D7", "donor").trend_word) == (None, None)


def test_groups_alike_change_by_the_mean_of_the_groups_changes():
    before = build({"ngo": crowd(20, 1), "donor": crowd(12, 3)})
    after = build({"ngo": crowd(18, 2), "donor": crowd(15, 5)})
    card = compare_results(before, after).card
    own = [card.find(FULL, "D7", group).delta for group in ("ngo", "donor")]
    row = card.find(FULL, "D7", GROUP_EQUAL)
    assert row.delta == pytest.approx(sum(own) / 2)
    assert row.delta == pytest.approx(row.score - before.card.find(FULL, "D7", GROUP_EQUAL).score)


def test_the_overall_changes_by_the_difference_of_the_two():
    before, after = build({"ngo": crowd(30, 1)}), build({"ngo": crowd(30, 2)})
    row = compare_results(before, after).card.find(FULL, OVERALL, ALL)
    assert row.delta == pytest.approx(row.score - before.card.find(FULL, OVERALL, ALL).score)
    assert row.delta_ci_lo < row.delta < row.delta_ci_hi


def test_people_who_chose_themselves_have_a_difference_and_no_test():
    open_link = build_results(make_study(TEN, answer_all({"ngo": crowd(30, 1)}), labels=["ngo"]))
    row = compare_results(open_link, build({"ngo": crowd(30, 2)})).card.find(FULL, "D7", ALL)
    assert row.delta is not None
    assert (row.p_adj, row.delta_ci_lo, row.trend_word) == (None, None, "not comparable")


def test_a_shift_of_channels_groups_or_response_is_a_warning():
    spring = [make_response(n, "ngo", answers) for n, answers in enumerate(crowd(30, 1))]
    autumn = [make_response(n, "ngo", a, channel_first="sms" if n < 15 else "web") for n, a in enumerate(crowd(30, 2))]
    before = build_results(make_study(TEN, spring, cases=invite({"ngo": (30, 40)}), labels=["ngo"]))
    after = build_results(make_study(TEN, autumn, cases=invite({"ngo": (30, 100)}), labels=["ngo"]))
    trend = compare_results(before, after)
    assert any("by sms went from 0 % to 50 %" in warning for warning in trend.warnings)
    assert any("response rate went from 75 % to 30 %" in warning for warning in trend.warnings)
    assert "response rate went" in trend.card.find(FULL, OVERALL, ALL).note
    assert compare_results(before, before).warnings == ()


def test_questions_are_compared_too_and_called_exploratory():
    trend = compare_results(build({"ngo": crowd(30, 1, 1, 3)}), build({"ngo": crowd(30, 2, 3, 5)}))
    row = find(trend.rows, subject="q7")
    assert (row.adjustment, row.word) == ("Benjamini-Hochberg", "clear rise")
    assert "Exploratory" in row.note


def test_the_net_promoter_score_changes_by_the_difference_of_the_two():
    before, after = build({"ngo": crowd(30, 1)}), build({"ngo": crowd(40, 2)})
    row = compare_results(before, after).card.find(CORE, "NPS", ALL)
    assert row.delta == pytest.approx(row.score - before.card.find(CORE, "NPS", ALL).score)


def test_rounds_of_two_instruments_are_not_compared():
    other = replace(TEN, id="another")
    with pytest.raises(ValueError, match="same instrument"):
        compare_results(build({"ngo": crowd(30, 1)}, definition=other), build({"ngo": crowd(30, 1)}))


def test_the_report_tells_the_change_of_everybody_where_not_the_same_groups_are_shown():
    before = build({"ngo": crowd(30, 1, 1, 3), "donor": crowd(3, 3), "school": crowd(4, 4)}, round_name="Spring")
    after = build({"ngo": crowd(30, 2, 3, 5), "donor": crowd(12, 5), "school": crowd(14, 6)})
    page = scorecard_html(compare_results(before, after).results)
    assert "Since Spring: clear rise" in page
    assert "every person counted alike)." in page
    assert "The change is told with every person counted alike." in page


def test_every_change_is_the_difference_of_the_numbers_that_both_rounds_tell():
    """So it tells nothing, as far as sums go, that the two scorecards do not tell."""
    chance = random.Random(9)
    rounds = []
    for seed in (1, 2):
        groups = {"ngo": crowd(20, seed), "donor": crowd(14, seed + 5), "school": crowd(11, seed + 9)}
        links = [f"p{n}" if chance.random() < 0.85 else None for n in range(45)]
        rounds.append(build(groups, links=links))
    before, after = rounds
    checked = 0
    for row in compare_results(before, after).card.rows:
        if row.delta is not None:
            assert row.delta == pytest.approx(row.score - before.card.find(row.basis, row.domain, row.group).score)
            checked += 1
    assert checked > 60
