"""The report of a scorecard, passage by passage, as an evaluator works it out again (`evaluator.Evaluator`)."""

from __future__ import annotations

from math import sqrt
from statistics import mean, variance

from evaluator import read_rule
from ledger import say
from plain_statistics import (
    Z,
    adjust_by_holm,
    find_alpha,
    find_change,
    find_error,
    find_p,
    find_spearman_brown,
    find_t,
    find_welch_df,
    find_whole,
)

NAMED = (
    r"\d+ November 2025, \d\d:\d\d UTC( \d+ / \d+)?",  # when it was computed, and the foot of the page
    r"\(page \d+\)",
    r"[a-z_]+ version 1\.0\.0",
    r"in the last 12 months",  # words of a question
    r"\(\d of \d\)",  # a drawing in several pieces
    r"95 % interval(?! -?\d)",  # what a column is called
    r"OECD-DAC 2019",
    r"n<[35]|(Fewer|fewer) than (3|5|10|20) (people|answers|complete)|from 20 on",  # k, and other limits of rules
    r"(?<=Fragile )0 to under 40|(?<=Emerging )40 to under 60|(?<=Established )60 to under 80|(?<=Sustained )80 and",
    r"(?<=Emerging: )40 to under 60|(?<=Established: )60 to under 80|(?<=Sustained: )80 and above",  # bands
    r"Every answer becomes 0 to 100: 0 is the lowest answer offered, 100|needs at least 7 of 10|fewer than 30 %",
    r"9 or 10 less the share of those who said 0 to 6: from −100 to 100|points from 0 to 100 as in",
    r"more than 15 points|domains under 60",
    r"From 0 \(the questions have nothing in common\) to 1; from about 0\.7|at least 10 answers|(?<=\d )of 100",
    r"RR[124](?! \d)",  # what rates are called
    r"(?<=Sustained) 0 40 60 80 100|0 25 50 75 100",  # the ends and limits of drawn scales
    r"(?<= )[1-9]\. (?=■|Not|Web|Every|Fewer|A group|Community|Business|Without|The difference)",  # footnotes
)
CASES = ("I", "P", "R", "NC", "O", "UO", "NE")
WORDS = {"I": "complete", "NC": "no answer", "R": "broken off or refused", "P": "partial"}


def account_scorecard(ledger, hand, before=None):
    """Everything that the report says of one round, but how it changed since the one before."""
    account_questions(ledger, hand)  # first, since some rows contain those of a domain
    account_first_page(ledger, hand)
    account_response(ledger, hand)
    account_groups(ledger, hand)
    account_bases(ledger, hand)
    account_promoters(ledger, hand, before)
    account_comparisons(ledger, hand)
    account_reliability(ledger, hand)
    account_rates(ledger, hand)


def close(ledger, at_least):
    """Strike out what is no result; then nothing may be left, and enough was worked out."""
    for pattern in NAMED:
        ledger.name(pattern)
    assert not ledger.list_left(), "\n".join(ledger.list_left())
    assert ledger.struck >= at_least


def choose(hand, domain):
    """The row that stands for a domain or the overall: core questions if there are any, groups alike where all are."""
    texted = any("Web only" in row["note"] for row in hand.rows.values())
    basis = "core" if domain in hand.core_domains or (domain == "overall" and texted) else "full"
    alike = hand.rows.get((basis, domain, "group_equal"))
    even = alike is not None and alike["score"] and "Without" not in alike["note"]
    return basis, domain, "group_equal" if even else "all"


def say_score(cell):
    if cell.n < 20 and not 5 <= cell.score <= 95:
        return "≤5" if cell.score < 5 else "≥95"
    return str(find_whole(cell.score))


def say_ends(ends, least=0.0):
    return tuple(find_whole(end) for end in (max(least, ends[0]), min(100.0, ends[1])))


def say_interval(cell, least=0.0):
    return "none" if say_score(cell)[0] in "≤≥" else "{} to {}".format(*say_ends(cell.ends, least))


def say_percent(share):
    return f"{find_whole(100 * share)} %"


def say_signed(number):
    return say(f"{find_whole(number):+d}")


def account_first_page(ledger, hand):
    lines = {domain: choose(hand, domain) for domain in ("overall", *hand.domains)}
    cells = {domain: hand.find(*key) for domain, key in lines.items()}
    basis, _, column = lines["overall"]
    whole, pooled = cells["overall"], hand.find(basis, "overall", "all")
    ledger.account("Overall", say_score(whole), "of 100")
    said = f"95 % interval {say_interval(whole)}, n = {whole.n}\\."
    if column == "group_equal":
        said += " Every group counts alike here; if every person counts alike it is "
        said += f"{say_score(pooled)} \\({say_interval(pooled)}\\)"
    ledger.account(said)
    if basis == "core":
        ledger.account(f"Core index \\({len(hand.core_domains)} domains\\)")
    for n in {cells[domain].n for domain, key in lines.items() if "Self-rated" in hand.rows[key]["note"]}:
        ledger.account(f"Self-rated by {n} people")
    for domain, label in hand.domains.items():
        cell, name = cells[domain], say(label)
        ledger.account(name + r"[1-9]?", say_score(cell), say_interval(cell), str(cell.n))
        spread = say_interval(cell).replace(" to ", "–")
        ledger.account(name, r"(?:\(web only\) )?" + f"{say_score(cell)} \\({spread}\\) · n {cell.n}")
        if f"{label}:" in ledger.text:
            ledger.account(f"{name}: {say_score(cell)}, {say_interval(cell)}, n {cell.n}")
        if cell.score < 60:
            account_todo(ledger, hand, domain, cell)


def account_todo(ledger, hand, domain, cell):
    """The lowest questions of a low domain; that they are low, the table of questions tells."""
    means = {
        item["variable"]: mean(scores)
        for item in hand.list_items(domain, "full")
        if (scores := list_told(hand, item)) and find_question(hand, item)["mean"]
    }
    low = (
        sorted((score, id_) for id_, score in means.items() if score < 60)[:3]
        or sorted((score, id_) for id_, score in means.items())[:1]
    )
    label = say(f"{hand.domains[domain]} ({say_score(cell)})")
    for score, id_ in low:
        ledger.account(say(hand.asked[id_]["question_en"]), label, str(find_whole(score)))
    if not low:
        ledger.account(say(hand.domains[domain]), label, say_score(cell))


def account_change(ledger, before, after):
    """The change of every domain, and the rounds side by side."""
    tested = {(r["basis"], r["subject"], r["group"]): r for r in after.pack["stats/trend.csv"]}
    told = {}
    for domain in ("overall", *after.domains):
        basis, _, column = choose(after, domain)
        told[domain] = basis, domain, column if tested[basis, domain, column]["delta"] else "all"
    found = {key: compare(before, after, *key, tested) for key in told.values() if tested[key]["delta"]}
    raised = raise_ps(before, after, tested, {column for *_, column in told.values()})
    for domain, key in told.items():
        name = say(after.domains.get(domain, "Overall"))
        delta, (low, high), _ = found[key]
        p = "<0.001" if raised[key] < 0.001 else f"{raised[key]:.3f}"
        ends = f"{find_whole(low)} to {find_whole(high)}"
        ledger.account(name, say_score(after.find(*key)), say_signed(delta), ends, p)
        if domain == "overall":
            ledger.account(rf"\({say_signed(delta)} points, 95 % interval {ends}")
        basis, _, column = key
        both = [hand.find(basis, domain, column) for hand in (before, after)]
        if domain == "overall":
            for label, cell in zip(("Spring", "Autumn"), both, strict=True):
                ledger.account(label, say_score(cell), say_interval(cell), str(cell.n))
            ledger.account(say_score(both[0]), "Spring", say_score(both[1]), "Autumn")
        else:
            ledger.account(name, *(f"{say_score(cell)} \\({cell.n}\\)" for cell in both))


def compare(before, after, basis, domain, column, tested):
    """A change with its interval and p."""
    row = tested[basis, domain, column]
    if column == "group_equal":
        parts = [compare(before, after, basis, domain, cell, tested) for cell in after.cells]
        errors = [(error, df) for _, _, (error, df) in parts]
        spread = sum(error**2 for error, _ in errors)
        df = spread**2 / sum(error**4 / df for error, df in errors)
        delta, error = mean(delta for delta, _, _ in parts), sqrt(spread) / len(parts)
    else:
        one, other = (hand.list_scores(basis, domain, column) for hand in (before, after))
        assert (int(row["n_before"]), int(row["n_after"])) == (len(one), len(other))
        delta = mean(other) - mean(one)
        error, df = find_change(one, other, int(row["pairs"]), float(row["correlation"] or 0))
    half = find_t(df) * error
    return delta, (delta - half, delta + half), (error, df)


def raise_ps(before, after, tested, columns):
    """Holm over the ten domains of a column: on the full basis, and on the core one where a domain has it."""
    raised = {}
    for column in columns:
        tables = [
            [("full", domain, column) for domain in after.domains],
            [(choose(after, domain)[0], domain, column) for domain in after.domains],
        ]
        for keys in [*tables, [("core", "overall", column)]]:
            own = [key for key in keys if tested.get(key, {}).get("p")]
            changes = [compare(before, after, *key, tested) for key in own]
            ps = adjust_by_holm([find_p(abs(delta) / error, df) for delta, _, (error, df) in changes])
            for key, p in zip(own, ps, strict=True):
                raised[key] = max(p, raised.get(key, 0.0))
    return raised


def account_response(ledger, hand):
    """Who was asked and who answered: in the first sentence, as a picture, as a table, and in cases."""
    answered, eligible = len(hand.people), hand.count_eligible("all")
    shares = ", ".join(
        f"{say(hand.name(c))} {say_percent(len(hand.list_people(c)) / hand.count_eligible(c))}" for c in hand.cells
    )
    said = f"{answered} of {eligible} invited people answered \\({say_percent(answered / eligible)}\\)"
    ledger.account(f"{said}; {shares}\\." if hand.cells else f"{said}\\.")
    empty = [group for group in hand.labels if not hand.answered[group] and sum(hand.cases[group].values())]
    for column in ("all", *hand.cells, *empty):
        n, of = len(hand.list_people(column)), hand.count_eligible(column)
        name = say(hand.name(column))
        ledger.account(f"{name} {n} of {of} answered · {say_percent(n / of)} · {of - n} missing")
        ledger.account(name, str(of), str(n), str(of - n), say_percent(n / of))
    cases = sum(hand.cases.values(), start=type(hand.answered)())
    rates = f"Response rate RR2 {say_percent(answered / eligible)}, RR1 {say_percent(cases['I'] / eligible)}"
    told = {class_: f"{WORDS[class_]} {n}" for class_, n in cases.items() if n}
    in_order = sorted(told.values(), key=ledger.text.index)
    ledger.account(f"{', '.join(in_order)}\\. {rates}", times=2)


def account_groups(ledger, hand):
    """Every domain by group."""
    columns = [group for group in hand.labels if hand.answered[group]] + (["combined"] if hand.combined else [])
    for domain in ("overall", *hand.domains) if columns else ():
        basis = choose(hand, domain)[0]
        cells = []
        for column in columns:
            if hand.is_shown(basis, domain, column):
                cell = hand.find(basis, domain, column)
                cells.append(f"{say_score(cell)} \\({cell.n}\\)")
            else:
                cells.append("(?:hidden|n<5|none|no answers|not enough domains)")
        ledger.account(say(hand.domains.get(domain, "Overall")), *cells)


def account_bases(ledger, hand):
    """Core questions and all questions, everyone and groups alike."""
    for domain in ("overall", *hand.domains):
        cells = []
        columns = ["all", "group_equal"] if len(hand.cells) > 1 else ["all"]
        for basis, column in ((b, c) for b in ("core", "full") for c in columns):
            if hand.is_shown(basis, domain, column):
                cell = hand.find(basis, domain, column)
                cells.append(f"{say_score(cell)} \\({cell.n}\\)")
            else:
                cells.append("(?:none|hidden|n<5|not enough domains)")
        ledger.account(say(hand.domains.get(domain, "Overall")), *cells)


def find_question(hand, item):
    rows = hand.pack["stats/items.csv"]
    return next(row for row in rows if (row["item"], row["group"]) == (item["variable"], "all"))


def list_codes(hand, item):
    """The codes of those whose answers are told, and of everybody."""
    everybody = [person[item["variable"]] for person in hand.people]
    told = [p[item["variable"]] for p in hand.people if (p["response_id"], item["domain"]) not in hand.out]
    return [code for code in told if not code.startswith("-9")], everybody


def list_told(hand, item):
    return [read_rule(item["score_rule"])(code) for code in list_codes(hand, item)[0]]


def account_questions(ledger, hand):
    """Every scored question: mean, interval, n, don't know, the two best answers; then how the answers fall."""
    eligible = hand.count_eligible("all")
    for item in hand.items:
        name, domain = say(item["question_en"]), say(hand.domains[item["domain"]])
        if not find_question(hand, item)["mean"]:
            continue
        (codes, everybody), scores = list_codes(hand, item), list_told(hand, item)
        asked = [code for code in everybody if code not in ("-97", "-95", "-93")]
        n, unsaid = len(scores), say_percent(asked.count("-98") / len(asked))
        if n < 20 and not 5 <= mean(scores) <= 95:
            told = "≤5" if mean(scores) < 5 else "≥95"
        else:
            told, half = str(find_whole(mean(scores))), find_t(n - 1) * find_error(scores, eligible)
            told += " {} to {}".format(*say_ends((mean(scores) - half, mean(scores) + half)))
        labels = hand.list_labels(item["scale"])
        best = sorted(labels, key=read_rule(item["score_rule"]))[-2:]
        share = sum(code in best for code in codes) / n
        two = say_percent(share) if n >= 20 or 0.05 <= share <= 0.95 else "≤5 %" if share < 0.05 else "≥95 %"
        ranked = "x" in item["score_rule"]  # points given one by one may be the same for two codes
        ledger.account(name, domain, told, str(n), unsaid, two if ranked else "none")
        if n >= 20:
            shares = [codes.count(code) / n for code in labels]
            pieces = " ".join(f"(?:{find_whole(100 * s)} )?" for s in shares)
            ledger.account(name, *map(say_percent, shares), unsaid, str(n))
            ledger.account(name, f"{pieces.replace(' (', '(')}{unsaid[:-2]} n {n} · don't know {unsaid}")


def account_promoters(ledger, hand, before=None):
    """Whether people would recommend the partnership: the score, or the three counts where few answered."""
    for column in ("all", *hand.cells) if ("core", "NPS", "all") in hand.rows else ():
        points = hand.list_scores("core", "NPS", column)
        n, counts = len(points), [points.count(value) for value in (100.0, 0.0, -100.0)]
        name = say(hand.name(column))
        if n < 20:
            said = "Promoters {}, passives {}, detractors {}".format(*counts)
            if hand.rows["core", "NPS", column]["status"] != "Q":
                ledger.account(f"{name} counts only none {n}(?: none)? {said}")
            continue
        p, d = (counts[0] + 0.75) / (n + 3), (counts[2] + 0.75) / (n + 3)
        half = Z * sqrt((p + d - (p - d) ** 2) / (n + 3))
        ends = "{} to {}".format(*say_ends((100 * (p - d - half), 100 * (p - d + half)), -100.0))
        shares = [f"{find_whole(100 * count / n)} %" for count in counts]
        said = "Promoters {}, passives {}, detractors {}".format(*shares)
        change = say_promoters_change(before, hand, column)
        ledger.account(f"{name} {find_whole(mean(points))} {ends} {n}{change} {said}")


def say_promoters_change(before, hand, column):
    """The change of the net promoter score, where there is a round before."""
    if before is None:
        return ""
    tested = {(r["basis"], r["subject"], r["group"]): r for r in hand.pack["stats/trend.csv"]}
    if not tested["core", "NPS", column]["delta"]:
        return " none"
    delta, (low, high), _ = compare(before, hand, "core", "NPS", column, tested)
    return rf" {say_signed(delta)} \({find_whole(low)} to {find_whole(high)}\)"


def account_comparisons(ledger, hand):
    """Each group against everybody else."""
    shown = [
        row for row in hand.pack.get("stats/groups.csv", ()) if row["difference"] and row["subject"] in hand.domains
    ]
    found = []
    for row in shown:
        others = [cell for cell in hand.cells if cell != row["group"]]
        one = hand.list_scores(row["basis"], row["subject"], row["group"])
        other = hand.list_scores(row["basis"], row["subject"], *others)
        a, b = variance(one) / len(one), variance(other) / len(other)
        df = find_welch_df(a, b, len(one), len(other))
        found.append((mean(one) - mean(other), sqrt(a + b), df, len(one), len(other)))
    ps = adjust_by_holm([find_p(abs(difference) / error, df) for difference, error, df, _, _ in found])
    for row, (difference, error, df, n, m), p in zip(shown, found, ps, strict=True):
        half = find_t(df) * error
        ledger.account(
            say(hand.domains[row["subject"]]),
            say(hand.name(row["group"])),
            say_signed(difference),
            f"{find_whole(difference - half)} to {find_whole(difference + half)}",
            f"{n} {m}",
            "<0.001" if p < 0.001 else f"{p:.3f}",
        )


def account_reliability(ledger, hand):
    """The core index, and every domain of several questions."""
    scales = {"Core index": [item for item in hand.items if item["core"] == "1"]}
    scales |= {label: hand.list_items(domain, "full") for domain, label in hand.domains.items()}
    for label, items in scales.items():
        if len(items) < 2:
            continue
        rows = [[person[item["variable"]] for item in items] for person in hand.people]
        rules = [read_rule(item["score_rule"]) for item in items]
        whole = [
            [rule(code) for rule, code in zip(rules, row, strict=True)]
            for row in rows
            if not any(code.startswith("-9") for code in row)
        ]
        if len(whole) < 20:
            ledger.account(say(label), f"{len(items)} not shown not shown none")
        elif len(items) == 2:
            ledger.account(say(label), f"2 {len(whole)} {find_spearman_brown(whole):.2f} none")
        else:
            alpha, low, high = find_alpha(whole)
            ledger.account(say(label), f"{len(items)} {len(whole)} {alpha:.2f} {low:.2f} to {high:.2f}")


def account_rates(ledger, hand):
    """How cases ended, of everybody and of each group."""
    for column in ("all", *(group for group in hand.labels if group not in hand.combined)):
        cases = {class_: sum(hand.cases[g][class_] for g in hand.list_groups(column)) for class_ in CASES}
        asked = sum(cases.values()) - cases["NE"]
        if not asked and not hand.cases[column]:
            ledger.account(say(hand.name(column)), *["0"] * 7, *["none"] * 5)
            continue
        both, reached = cases["I"] + cases["P"], cases["I"] + cases["P"] + cases["R"] + cases["O"]
        shares = [cases["I"] / asked, both / asked, both / asked, cases["R"] / asked, reached / asked]
        ledger.account(say(hand.name(column)), *map(str, cases.values()), *map(say_percent, shares))
