import csv
import io
import json

import pytest
from study_builders import (
    DK,
    answer_all,
    invite,
    make_definition,
    make_question,
    make_response,
    make_scored,
    make_study,
)

from exports.disclosure import ALL, COMBINED, CORE, FULL
from exports.scorecards import FIELDS, build_scorecard
from exports.scorecards.estimates import OVERALL
from exports.scorecards.formats import scorecard_csv, scorecard_json
from exports.scorecards.reach import GROUP_EQUAL, NOT_STATED

C18 = (
    "partnership, round, panel, domain, source, basis, group, n, n_eligible, rr2, score, ci_lo, ci_hi, ci_method",
    "band, status, delta, delta_ci_lo, delta_ci_hi, p_adj, effect, trend_word, note, definition_version, computed_at",
)
KEYS = ", ".join(C18).split(", ")

TEN = make_definition(*(make_scored(f"q{n}", f"D{n}", core=n < 6) for n in range(10)))


def people(n, code=4, **more):
    """People who answered alike but for one, so that intervals have a width."""
    return [{f"q{d}": (code if place else code - 1) for d in range(10)} | more for place in range(n)]


def build(groups, invited=None, definition=TEN, **more):
    cases = None if invited is None else invite({g: (len(groups.get(g, [])), n) for g, n in invited.items()})
    return build_scorecard(make_study(definition, answer_all(groups), cases=cases, labels=groups, **more))


def test_a_row_has_the_published_keys_in_order_in_json_and_csv():
    card = build({"ngo": people(12)}, {"ngo": 20})
    content = json.loads(scorecard_json(card))
    assert (content["round"], content["definition"]) == ("autumn25", "partnership_feedback")
    assert list(FIELDS) == KEYS == list(content["rows"][0])
    rows = list(csv.DictReader(io.StringIO(scorecard_csv(card), newline="")))
    assert list(rows[0]) == KEYS
    assert len(rows) == len(content["rows"])
    assert float(rows[0]["score"]) == content["rows"][0]["score"]


def test_every_basis_domain_and_group_has_one_row():
    card = build({"ngo": people(12), "donor": people(7), "school": []}, {"ngo": 20, "donor": 9, "school": 3})
    keys = [(row.basis, row.domain, row.group) for row in card.rows]
    columns = [ALL, GROUP_EQUAL, "ngo", "donor", "school"]
    core = [OVERALL, *(f"D{n}" for n in range(6))]
    full = [OVERALL, *(f"D{n}" for n in range(10))]
    assert keys == [(b, d, c) for b, domains in ((CORE, core), (FULL, full)) for d in domains for c in columns]


def test_domains_without_core_questions_have_no_core_rows_and_say_so_where_texts_are_in_use():
    card = build({"ngo": people(12)}, {"ngo": 20}, sms_in_use=True)
    assert card.find(CORE, "D7", ALL) is None
    assert "Web only" in card.find(FULL, "D7", ALL).note
    assert "Web only" not in card.find(FULL, "D3", ALL).note
    assert "Web only" not in build({"ngo": people(12)}, {"ngo": 20}).find(FULL, "D7", ALL).note


def test_the_core_index_goes_by_its_name():
    assert "Core index (6 domains)." in build({"ngo": people(12)}).find(CORE, OVERALL, ALL).note


def test_an_overall_needs_seven_of_ten_domains_and_the_core_index_all_of_its_own():
    silent = {f"q{n}": DK for n in (0, 9, 8)}
    card = build({"ngo": people(12, **silent)})
    assert card.find(FULL, OVERALL, ALL).score == pytest.approx(card.find(FULL, "D5", ALL).score)
    core = card.find(CORE, OVERALL, ALL)
    assert (core.score, core.status) == (None, "L")
    assert "Only 5 of 6 domains can be shown; an overall needs 6." in core.note
    fewer = build({"ngo": people(12, **silent, q7=DK)}).find(FULL, OVERALL, ALL)
    assert (fewer.score, fewer.status) == (None, "L")


def test_an_overall_that_leaves_domains_out_names_them():
    assert "Without D9." in build({"ngo": people(12, q9=DK)}).find(FULL, OVERALL, ALL).note


def test_a_domain_that_nobody_answered_was_not_collected():
    row = build({"ngo": people(12, q9=DK)}).find(FULL, "D9", ALL)
    assert (row.status, row.n, row.score, row.band) == ("L", 0, None, None)


def test_nobody_below_k_gets_any_number():
    card = build({"ngo": people(4)}, {"ngo": 9})
    assert {row.status for row in card.rows} == {"Q"}
    assert {(row.n, row.n_eligible, row.rr2, row.score) for row in card.rows} == {(None,) * 4}
    assert card.reach == {}
    assert card.dispositions == {}


def test_hidden_groups_are_counted_together_and_rates_of_each_are_masked():
    invited = {"ngo": 20, "donor": 5, "school": 6}
    card = build({"ngo": people(12), "donor": people(3), "school": people(4)}, invited)
    hidden, joint = card.find(FULL, "D1", "donor"), card.find(FULL, "D1", COMBINED)
    assert (hidden.status, hidden.n, hidden.n_eligible, hidden.rr2) == ("Q", None, None, None)
    assert "Fewer than 5 answers" in hidden.note
    assert "Counted in Other groups combined." in hidden.note
    assert (joint.n, joint.n_eligible, joint.rr2) == (7, 11, pytest.approx(7 / 11))
    assert card.find(FULL, "D1", GROUP_EQUAL).score == pytest.approx(
        (joint.score + card.find(FULL, "D1", "ngo").score) / 2
    )


def test_with_one_group_there_is_only_the_pooled_score():
    assert GROUP_EQUAL not in build({"ngo": people(12)}, {"ngo": 20}).columns


def test_answers_of_people_who_chose_themselves_have_no_interval_and_no_rate():
    for row in build({"ngo": people(12), "donor": people(11)}).rows:
        assert (row.ci_lo, row.ci_hi, row.rr2, row.n_eligible) == (None,) * 4
        assert row.band.startswith("(")
        assert row.ci_method == "none: self-selected"
        assert "we cannot say how many people saw it" in row.note


def test_a_complete_count_says_that_it_has_no_sampling_error():
    row = build({"ngo": people(12)}, {"ngo": 12}).find(FULL, "D1", ALL)
    assert (row.ci_method, row.ci_lo, row.ci_hi) == ("complete count", row.score, row.score)
    assert "Complete count: no sampling error." in row.note


def test_one_mind_is_told_as_such():
    row = build({"ngo": people(12)[1:]}, {"ngo": 20}).find(FULL, "D1", ALL)
    assert (row.score, row.ci_lo, row.ci_hi) == (75.0, 75.0, 75.0)
    assert "All gave the same answer." in row.note


def test_a_group_whose_roster_is_unknown_has_no_rate_and_the_wider_interval():
    """An invited person without a group may belong to any: a group's roster is then not known."""
    responses = answer_all({"ngo": people(12), "donor": people(8)})
    known = {"ngo": {"I": 12, "NC": 3}, "donor": {"I": 8, "NC": 4}}
    sure = build_scorecard(make_study(TEN, responses, cases=known)).find(FULL, "D1", "ngo")
    unsure = build_scorecard(make_study(TEN, responses, cases={**known, None: {"NC": 5}}))
    row = unsure.find(FULL, "D1", "ngo")
    assert (sure.n_eligible, row.n_eligible, row.rr2) == (15, None, None)
    assert row.ci_hi - row.ci_lo > sure.ci_hi - sure.ci_lo
    assert unsure.find(FULL, "D1", ALL).n_eligible == 32


def test_people_whose_group_nobody_knows_are_a_group_of_their_own():
    card = build({"ngo": people(12), None: people(6)}, {"ngo": 20, None: 6})
    assert card.find(FULL, "D1", NOT_STATED).n == 6
    assert card.columns[NOT_STATED] == "Group not stated"


def test_a_round_without_groups_has_no_group_rows():
    card = build({None: people(12)}, {None: 20})
    assert set(card.columns) == {ALL}


def test_a_group_that_is_called_like_one_of_our_columns_is_told_apart():
    card = build({"all": people(6), "combined": people(7)}, {"all": 9, "combined": 9})
    assert (card.find(FULL, "D1", "all_group").n, card.find(FULL, "D1", ALL).n) == (6, 13)


def test_break_offs_and_pending_interviews_are_not_scored():
    responses = [make_response(n, "ngo", answers) for n, answers in enumerate(people(6))]
    responses += [make_response(9, "ngo", people(1)[0], disposition=d) for d in ("R", "pending")]
    card = build_scorecard(make_study(TEN, responses))
    assert card.find(FULL, "D1", ALL).n == 6


def test_sample_data_is_marked_in_every_row():
    card = build({"ngo": people(12)}, sample_data=True)
    assert all(row.note.startswith("Sample data: these answers are made up.") for row in card.rows)
    assert json.loads(scorecard_json(card))["sample_data"] is True


def test_an_instrument_without_scores_has_no_rows():
    definition = make_definition()
    assert build({"ngo": []}, definition=definition).rows == ()


def test_text_in_the_csv_is_formula_safe():
    rows = csv.DictReader(io.StringIO(scorecard_csv(build({"ngo": people(6)}, partnership="=1+1")), newline=""))
    assert next(rows)["partnership"] == "'=1+1"


def test_the_same_answers_in_any_order_give_the_same_bytes():
    responses = answer_all({"ngo": people(12), "donor": people(8, q3=1)})
    one, other = (build_scorecard(make_study(TEN, order, labels=["ngo"])) for order in (responses, responses[::-1]))
    assert scorecard_json(one) == scorecard_json(other)


def test_few_people_of_one_extreme_mind_are_told_as_a_range_in_every_output():
    card = build({"ngo": [{f"q{d}": 5 for d in range(10)}] * 12}, {"ngo": 20})
    row = card.find(FULL, "D1", ALL)
    assert (row.score, row.ci_lo, row.ci_hi, row.status) == (95.0, 95.0, 100.0, "A")
    assert "told only as a range" in row.note
    assert "same answer" not in row.note
    many = build({"ngo": [{f"q{d}": 5 for d in range(10)}] * 20}, {"ngo": 30}).find(FULL, "D1", ALL)
    assert (many.score, many.ci_lo) == (100.0, 100.0)


WITH_NPS = make_definition(
    *(make_scored(f"q{n}", f"D{n}", core=n < 6) for n in range(10)), make_question("would_recommend", "nps")
)


def recommend(*answers):
    return [{f"q{d}": 4 for d in range(10)} | {"would_recommend": answer} for answer in answers]


def test_the_net_promoter_score_is_a_row_of_its_own_and_in_no_domain():
    groups = {"ngo": recommend(*[10] * 12, *[8] * 6, *[3] * 6), "donor": recommend(*[9] * 3)}
    card = build(groups, {"ngo": 40, "donor": 9}, definition=WITH_NPS)
    rows = {row.group: row for row in card.rows if row.domain == "NPS"}
    assert list(rows) == [ALL]
    assert (rows[ALL].basis, rows[ALL].n, rows[ALL].ci_method) == (CORE, 27, "adjusted Wald")
    assert rows[ALL].score == pytest.approx(100 * (15 - 6) / 27)
    assert "Promoters 56 %, passives 22 %, detractors 22 %." in rows[ALL].note
    assert "NPS" not in card.find(FULL, OVERALL, ALL).note


def test_below_twenty_answers_there_are_counts_and_no_net_promoter_score():
    groups = {"ngo": recommend(*[10] * 12, 3, 8, DK), "donor": recommend(*[9] * 7)}
    rows = {row.group: row for row in build(groups, definition=WITH_NPS).rows if row.domain == "NPS"}
    assert (rows["ngo"].score, rows["ngo"].status, rows["ngo"].n) == (None, "U", 14)
    assert "Promoters 12, passives 1, detractors 1." in rows["ngo"].note
    assert (rows[ALL].n, rows[ALL].ci_lo) == (21, None)


def test_groups_count_by_the_size_of_their_rosters_where_that_is_wanted():
    groups = {"ngo": people(12, code=5), "donor": people(8, code=2)}
    plain = build(groups, {"ngo": 20, "donor": 60})
    assert plain.find(FULL, "D1", "weighted") is None
    study = make_study(TEN, answer_all(groups), cases=invite({"ngo": (12, 20), "donor": (8, 60)}), labels=groups)
    card = build_scorecard(study, weighted=True)
    row = card.find(FULL, "D1", "weighted")
    ngo, donor = card.find(FULL, "D1", "ngo").score, card.find(FULL, "D1", "donor").score
    assert row.score == pytest.approx((20 * ngo + 60 * donor) / 80, abs=1.5)
    assert "worth 13.2 equal answers of 20." in row.note
    unknown = build_scorecard(make_study(TEN, answer_all(groups), labels=groups), weighted=True)
    assert unknown.find(FULL, "D1", "weighted").score is None
