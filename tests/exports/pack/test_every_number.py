"""Every number in the PDF is worked out again from the rows and the codebook of the restricted pack, in plain Python.

A number that stands in the paper and is neither worked out again here nor named as no result fails the test.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from accounting import account_change, account_scorecard, close, list_codes, list_told
from evaluator import Evaluator, read_pack
from export_files import write_file
from ledger import Ledger, read_paper
from plain_statistics import find_wilson
from recomputing import ANSWERED, make_round

from exports.scorecards.formats import scorecard_pdf
from exports.scorecards.results import build_results
from exports.scorecards.trend import compare_results

FEWER = {**ANSWERED, "community": 19, "business": 5, "ngo_charity": 16, "donor": 5}
LARGE = {"community": 34, "ngo_charity": 20}
ROUNDS = {
    "Welch t": (ANSWERED, FEWER, 0.0, True),
    "partially overlapping t": (ANSWERED, FEWER, 0.85, True),
    "partially overlapping t, groups alike": (LARGE, LARGE, 1.0, True),
    "paired t, groups alike": (LARGE, LARGE, 1.0, False),
}
"""How two rounds are compared -> who answered before and after, how many can be linked, and whether answers lack."""


@pytest.fixture(scope="module", params=list(ROUNDS))
def rounds(request, tmp_path_factory):
    """A round and the one before, each as an evaluator has it, and the paper on the later one."""
    first, second, linked, gaps = ROUNDS[request.param]
    earlier = make_round(11, first, linked=linked, gaps=gaps, round_name="Spring", low=1)
    later = make_round(12, second, linked=linked, gaps=gaps)
    before = build_results(earlier)
    trend = compare_results(before, build_results(later))
    assert request.param in {row.method for row in trend.rows}
    paper = read_paper(scorecard_pdf(trend.results, [before.card]), tmp_path_factory.mktemp("paper"))
    studies = earlier, replace(later, change=lambda: trend)
    return paper, *(Evaluator(read_pack(write_file(study, "pack", level="restricted"))) for study in studies)


def test_nothing_in_the_paper_is_unaccounted_for(rounds):
    paper, before, after = rounds
    ledger = Ledger(paper)
    account_scorecard(ledger, after, before)
    account_change(ledger, before, after)
    close(ledger, 500)


def test_a_wrong_number_is_found(rounds):
    paper, before, after = rounds
    answered = f"{len(after.people)} of "
    with pytest.raises(AssertionError, match="not in the paper"):
        account_scorecard(Ledger(paper.replace(answered, f"{len(after.people) + 1} of ")), after)
    ledger = Ledger(f"{paper} Another 17 people said so.")
    account_scorecard(ledger, after, before)
    account_change(ledger, before, after)
    with pytest.raises(AssertionError, match="Another 17 people"):
        close(ledger, 500)


def test_every_number_and_interval_of_the_tidy_table_comes_out_again(rounds):
    _, _, hand = rounds
    shown = [row for row in hand.pack["scorecard/scorecard.csv"] if row["score"] and row["domain"] != "NPS"]
    for row in shown:
        cell = hand.find(row["basis"], row["domain"], row["group"])
        if row["ci_lo"] and not row["ci_method"].startswith("none"):
            told = [float(row[name]) for name in ("score", "ci_lo", "ci_hi")]
            assert told == pytest.approx([cell.score, *cell.ends], abs=1e-6), row
        assert int(row["n"]) == cell.n
    assert len(shown) >= 60


def test_the_best_two_of_every_question_come_out_again_with_their_interval(rounds):
    _, _, hand = rounds
    rows = {row["item"]: row for row in hand.pack["stats/items.csv"] if row["group"] == "all" and row["top2"]}
    for item in hand.items:
        if item["variable"] not in rows:
            continue
        row, (codes, everybody) = rows[item["variable"]], list_codes(hand, item)
        best = sorted(zip(list_told(hand, item), codes, strict=True), reverse=True)
        labels = hand.list_labels(item["scale"])
        top = sorted(labels, reverse="(x" in item["score_rule"], key=int)[:2]
        share = sum(code in top for _, code in best) / len(codes)
        if len(codes) < 20 and not 0.05 <= share <= 0.95:
            continue
        kept = sum(not code.startswith("-9") for code in everybody) == len(codes)
        low, high = find_wilson(round(share * len(codes)), len(codes), hand.count_eligible("all") if kept else None)
        assert [float(row[name]) for name in ("top2", "top2_lo", "top2_hi")] == pytest.approx([share, low, high])
    assert len(rows) >= 5


def test_everybody_s_scores_come_out_again(rounds):
    _, _, hand = rounds
    scores = {row["response_id"]: row for row in hand.pack["data/scores.csv"]}
    assert set(scores) == {row["response_id"] for row in hand.pack["data/responses_wide.csv"]}
    told = 0
    for person in hand.people:
        for domain in hand.domains:
            for basis in ("core", "full"):
                found = hand.score(person, domain, basis)
                cell = scores[person["response_id"]].get(f"sc_{domain.lower()}_{basis}", "")
                assert (cell == "") if found is None else float(cell) == pytest.approx(found)
                told += found is not None
    assert told > 300
