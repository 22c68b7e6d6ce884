"""Every number in the PDF follows from the CSV and the definition alone, in plain Python."""

import re
import subprocess
from math import floor, sqrt
from statistics import mean, stdev, variance

import pytest
from recomputing import INVITED, ByHand, make_example
from scipy.stats import f, t

from exports.scorecards.formats import scorecard_pdf


@pytest.fixture(scope="module", params=[1, 2, 3])
def example(request):
    """The results of a round, and its CSV."""
    return make_example(request.param)


@pytest.fixture(scope="module")
def paper(example, tmp_path_factory):
    """What stands in the PDF, in reading order, in one line."""
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(scorecard_pdf(example[0]))
    said = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(said.split())


@pytest.fixture(scope="module")
def hand(example):
    """The same by hand, from the CSV."""
    return ByHand(example[1])


def whole(number):
    return floor(number + 0.5)


def cut(paper, start, end):
    """What stands between two headings."""
    return paper.rsplit(f" {start} ", 1)[1].split(f" {end} ", 1)[0]


def split_groups(hand, cells):
    """The groups of the PDF's table: each that is shown, and all that are not shown together as one."""
    answered = [g for g in INVITED if any(p["group"] == g for p in hand.people)]
    small = [g for g in answered if len(hand.members([g])) < 5]
    columns = [*([g] for g in answered), small]
    assert len(cells) == len(columns)
    shown = [(groups, cell) for groups, cell in zip(columns, cells, strict=True) if cell[0].isdigit()]
    hidden = [g for g in answered if not any(g in groups for groups, _ in shown)]
    return shown, hidden


def test_every_score_in_the_groups_of_the_pdf_follows_from_the_csv(paper, hand):
    checked = 0
    for domain, label in (("overall", "Overall"), *list_labels(hand)):
        for groups, cell in split_groups(hand, read_cells(paper, label))[0]:
            score, _, n = hand.find(domain, groups)
            assert cell == f"{whole(score)} ({n})", (domain, groups)
            checked += 1
    assert checked > 20


def test_every_domain_on_the_first_page_of_the_pdf_follows_from_the_csv(paper, hand):
    page = cut(paper, "Scores by domain; every group counts alike", "How to read this")
    for domain, label in list_labels(hand):
        found = re.search(rf"{label} ?(\d )?(\d+) (\d+) to (\d+) (\d+) ", page)
        shown, hidden = split_groups(hand, read_cells(paper, label))
        parts = [*(groups for groups, _ in shown), *([hidden] if hidden else [])]
        score, half, n = hand.alike(domain, parts)
        note = found[1] and re.search(rf" {found[1].strip()}\. (.*?) (\d\. |Autumn)", page)[1]
        if note and "Every person counts alike" in note:
            score, se, n = hand.find(domain, None)
            half = se * t.ppf(0.975, n - 1)
        low, high = whole(max(0, score - half)), whole(min(100, score + half))
        assert [int(cell) for cell in found.groups()[1:]] == [whole(score), low, high, n], domain


def test_the_headline_of_the_pdf_follows_from_the_csv(paper, hand):
    shown, hidden = split_groups(hand, read_cells(paper, "Overall"))
    score, half, n = hand.alike("overall", [*(groups for groups, _ in shown), *([hidden] if hidden else [])])
    assert f"{whole(score)} of 100" in paper
    assert f"95 % interval {whole(score - half)} to {whole(score + half)}, n = {n}." in paper
    pooled, se, m = hand.find("overall", None)
    reach = se * t.ppf(0.975, m - 1)
    assert (
        f"every person counts alike it is {whole(pooled)} ({whole(pooled - reach)} to {whole(pooled + reach)})" in paper
    )


def test_the_response_in_the_pdf_follows_from_the_csv_and_the_list(paper, hand):
    checked = 0
    for label, groups in (("Everyone", None), *((g.title(), [g]) for g in INVITED)):
        asked, answered = sum(INVITED[g] for g in groups or INVITED), len(hand.members(groups))
        if answered >= 5:
            rate = whole(100 * answered / asked)
            assert f" {label} {asked} {answered} {asked - answered} {rate} % " in paper
            checked += 1
    assert checked >= 4


def list_labels(hand):
    return [(domain["id"], domain["label"]["en"]) for domain in hand.definition["scorecard"]["domains"]]


def read_cells(paper, label):
    """The cells of a domain in the table of groups."""
    cell = r"(?:\d+ \(\d+\)|hidden|n<5|none|no answers|not enough domains)"
    found = re.search(rf" {label} ({cell}(?: {cell})*) ", cut(paper, "By group", "Who answered"))
    return re.findall(cell, found[1])


def find_codes(hand, id_):
    """What everybody who counts answered to a question."""
    return [int(person[id_]) for person in hand.people]


def say(question):
    """A question's words as a pattern."""
    return re.escape(question["label"]["en"])


def points_of(question, code):
    rule = question["score"]
    points = rule["map"][str(code)] if "map" in rule else 100 * (code - 1) / 4
    return 100 - points if rule.get("reverse") else points


def test_every_question_in_the_pdf_follows_from_the_csv(paper, hand):
    page, asked, told = cut(paper, "Questions, by domain", "How the answers fall:"), sum(INVITED.values()), 0
    for question in hand.scored:
        label, domain = say(question), dict(list_labels(hand))[question["score"]["domain"]]
        found = re.search(rf"{label} {domain} (\d+) (?:(\d+) to (\d+)|none) (\d+) (\d+) % ", page)
        if found is None:
            assert re.search(rf"{label} {domain} (hidden|n<5) ", page), question["id"]
            continue
        codes = find_codes(hand, question["id"])
        scores = [points_of(question, code) for code in codes if code > -90]
        applied = [code for code in codes if code not in (-97, -95, -93)]
        assert int(found[5]) == whole(100 * applied.count(-98) / len(applied)), question["id"]
        if int(found[4]) == len(scores):
            half = t.ppf(0.975, len(scores) - 1) * stdev(scores) / sqrt(len(scores)) * sqrt(1 - len(scores) / asked)
            low, high = whole(max(0, mean(scores) - half)), whole(min(100, mean(scores) + half))
            assert [int(part) for part in found.groups()[:3]] == [whole(mean(scores)), low, high], question["id"]
            told += 1
        else:
            assert int(found[4]) < len(scores), "some are left out, nobody is invented"
    assert told >= 3


def test_how_answers_fall_on_their_scale_follows_from_the_csv(paper, hand):
    page, told = cut(paper, "Question by question", "Would people recommend"), 0
    for question in hand.scored:
        given = [code for code in find_codes(hand, question["id"]) if code > -90]
        shares = [whole(100 * given.count(code) / len(given)) for code in range(1, 6)]
        told += bool(
            re.search(rf"{say(question)} {' '.join(f'{share} %' for share in shares)} \d+ % {len(given)}\b", page)
        )
    assert told >= 3


def test_recommendations_in_the_pdf_follow_from_the_csv(paper, hand):
    given = [code for code in find_codes(hand, "pf07") if code > -90]
    promoters, detractors = (sum(test(code) for code in given) for test in (lambda c: c >= 9, lambda c: c <= 6))
    size = len(given) + 3
    p, d = (promoters + 0.75) / size, (detractors + 0.75) / size
    half = 1.959964 * sqrt((p + d - (p - d) ** 2) / size)
    score, low, high = (whole(100 * x) for x in ((promoters - detractors) / len(given), p - d - half, p - d + half))
    assert f" Everyone {score} {low} to {high} {len(given)} Promoters " in paper


def test_both_bases_in_the_pdf_follow_from_the_csv(paper, hand):
    page, checked = cut(paper, "Core questions and all questions", "How well the questions hold"), 0
    for domain, label in list_labels(hand):
        cell = r"(?:(\d+) \((\d+)\)|none|hidden|n<5)"
        found = re.search(rf"{label} {cell} {cell} {cell} {cell} ", page)
        for basis, score, n in (("core", found[1], found[2]), ("full", found[5], found[6])):
            if score is not None:
                value, _, people = hand.domain(domain, basis, None)
                assert (int(score), int(n)) == (whole(value), people), (domain, basis)
                checked += 1
    assert checked >= 10


def test_the_reliability_in_the_pdf_follows_from_the_csv(paper, hand):
    core = [question for question in hand.scored if question["score"].get("core")]
    codes = [[int(person[question["id"]]) for question in core] for person in hand.people]
    rows = [[points_of(q, c) for q, c in zip(core, row, strict=True)] for row in codes if min(row) > -90]
    k, n = len(core), len(rows)
    if n < 20:
        assert " Core index 6 not shown" in paper
        return
    alpha = k / (k - 1) * (1 - sum(variance(column) for column in zip(*rows, strict=True)) / variance(map(sum, rows)))
    low, high = (1 - (1 - alpha) * f.ppf(q, n - 1, (n - 1) * (k - 1)) for q in (0.975, 0.025))
    assert f" Core index {k} {n} {alpha:.2f} {low:.2f} to {high:.2f} " in paper


def test_cases_and_rates_in_the_pdf_follow_from_the_csv_and_the_list(paper, hand):
    answered, asked = len(hand.people), sum(INVITED.values())
    found = re.search(r" Everyone (\d+) 0 (\d+) (\d+) 0 0 0 (\d+) % (\d+) % ", paper)
    assert int(found[1]) == answered
    assert int(found[2]) + int(found[3]) == asked - answered
    assert {int(found[4]), int(found[5])} == {whole(100 * answered / asked)}


def test_groups_against_the_rest_in_the_pdf_follow_from_the_csv(paper, hand):
    page, compared = cut(paper, "Groups against the rest, in points", "How well the questions hold together"), []
    for domain, label in list_labels(hand):
        for group in INVITED:
            row = rf" {label} {group.title()} ([+-]\d+) (-?\d+) to (-?\d+) (\d+) (\d+) (<?\d\.\d+) "
            if found := re.search(row, page):
                compared.append((found, *compare_with_rest(hand, domain, group)))
    adjusted = adjust_by_holm([p for *_, p in compared])
    for (found, difference, half, n, m, _), p in zip(compared, adjusted, strict=True):
        told = [int(part) for part in found.groups()[:5]]
        assert told == [whole(difference), whole(difference - half), whole(difference + half), n, m]
        assert found[6] == ("<0.001" if p < 0.001 else f"{p:.3f}")
    assert len(compared) >= 5


def compare_with_rest(hand, domain, group):
    """Welch's t of a group against everybody else: difference, half of the interval, both n, p."""
    basis = "core" if domain in hand.core_domains else "full"
    sides = [hand.members([group]), [p for p in hand.people if p["group"] != group]]
    one, other = ([s for p in side if (s := hand.score(p, domain, basis)) is not None] for side in sides)
    a, b = variance(one) / len(one), variance(other) / len(other)
    df = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))
    difference = mean(one) - mean(other)
    p = 2 * t.sf(abs(difference) / sqrt(a + b), df)
    return difference, t.ppf(0.975, df) * sqrt(a + b), len(one), len(other), p


def adjust_by_holm(ps):
    raised, highest = list(ps), 0.0
    for place, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        highest = max(highest, min(1.0, (len(ps) - place) * ps[index]))
        raised[index] = highest
    return raised
