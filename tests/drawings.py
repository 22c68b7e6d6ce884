"""Builders of drawings: every kind, as many things as wanted, with each state and with awkward labels among them."""

from datetime import date, timedelta

from exports.charts.bars import Bar, draw_bars
from exports.charts.days import draw_days, make_stretches, tabulate_days
from exports.charts.drawing import EMPTY, SUPPRESSED
from exports.charts.grid import Stakeholder, draw_grid, tabulate_grid
from exports.charts.likert import Spread, draw_likert, tabulate_likert
from exports.charts.network import Arc, Node, draw_network, tabulate_network
from exports.charts.progress import Indicator, draw_progress, tabulate_progress
from exports.charts.response import Reached, draw_response, tabulate_response
from exports.charts.trend import Point, draw_trend, tabulate_trend
from exports.charts.views import Pair, View, draw_views, tabulate_views

BANDS = [("Fragile", 0, 40), ("Emerging", 40, 60), ("Established", 60, 80), ("Sustained", 80, 100)]
POINTS = ("Not at all", "A little", "Partly", "Mostly", "Fully")
LABELS = (
    "Trust",
    "Shared goals",
    "الثقة والشفافية (2025)",
    "Trust, transparency and communication between all of the partners, and everybody they work with",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    '<script>alert("x")</script> & Söhne',
    "地域の知識が計画を形づくる",
    "Roles",
)
ABSENT = ((SUPPRESSED, "n<5"), (EMPTY, "no answers"))


def label(n):
    return LABELS[n % len(LABELS)] + ("" if n < len(LABELS) else f" {n}")


def make_bars(n):
    rows = []
    for i in range(n):
        if i % 6 in (3, 5):
            state, words = ABSENT[i % 6 == 5]
            rows.append(Bar(label(i), words, state))
        else:
            score = (i * 37) % 101
            lo, hi = score - 9, score + 8
            rows.append(
                Bar(label(i), f"{score} ({lo}–{hi}) · n {20 + i} · Emerging", score=score, lo=lo, hi=hi, band=i % 4)
            )
    return rows


def make_points(n):
    points = []
    for i in range(n):
        if i % 6 in (2, 5):
            state, words = ABSENT[i % 6 == 5]
            points.append(Point(f"Round {i + 1}", words, state))
        else:
            score = 30 + (i * 13) % 60
            more = {
                "score": score,
                "lo": score - 8,
                "hi": score + 7,
                "n": "25",
                "interval": f"{score - 8} to {score + 7}",
            }
            points.append(
                Point(
                    f"Round {i + 1}",
                    str(score),
                    broken="questions changed" if i % 6 == 1 and i > 1 else "",
                    change="no clear change",
                    **more,
                )
            )
    return points


def make_spreads(n):
    spreads = []
    for i in range(n):
        if i % 6 in (3, 5):
            state, words = ABSENT[i % 6 == 5]
            spreads.append(Spread(label(i), words, state))
        else:
            parts = [(i * 7 + k * 5) % 9 for k in range(5)]
            whole = sum(parts) or 1
            shares = tuple(part / whole for part in parts)
            spreads.append(Spread(label(i), f"n {whole} · don't know 12 %", shares=shares, dont_know=0.12, n=whole))
    return spreads


def make_groups(n):
    groups = []
    for i in range(n):
        if i % 6 == 3:
            groups.append(Reached(label(i), "n<5: not shown", SUPPRESSED))
        else:
            asked, rate = 40, ((i * 17) % 41) / 40
            said = round(asked * rate)
            groups.append(
                Reached(label(i), f"{said} of 40 answered, {40 - said} missing", answered=said, invited=40, rate=rate)
            )
    return groups


def make_pairs(n):
    pairs = []
    for i in range(n):
        voice, own = (i * 31) % 101, (i * 31 + 20) % 101
        view = View(str(voice), score=voice, lo=max(0, voice - 8), hi=min(100, voice + 8), n=20)
        if i % 6 in (3, 5):
            state, words = ABSENT[i % 6 == 5]
            view = View(words, state)
        other = View(str(own), score=own, n=3)
        pairs.append(Pair(label(i), f"stakeholders {view.words} · self {own}", view, other))
    return pairs


def make_indicators(n):
    kinds = [
        Indicator(
            "Households with clean water",
            "40 → 70 → 80 households · 75 %",
            achievement=0.75,
            baseline="40",
            actual="70",
            target="80",
        ),
        Indicator(
            "Cases of illness (should fall)",
            "20 → 12 → 10 cases · 80 %",
            achievement=0.8,
            baseline="20",
            actual="12",
            target="10",
        ),
        Indicator(
            "Trees planted",
            "0 → 65 → 50 trees · 130 %, above target",
            achievement=1.3,
            baseline="0",
            actual="65",
            target="50",
        ),
        Indicator(
            "Drop-outs",
            "8 → 10 → 0 pupils · moved away from the target",
            achievement=-0.25,
            baseline="8",
            actual="10",
            target="0",
            status="regressed",
        ),
        Indicator(
            "Teachers trained",
            "? → 150 → 200 teachers · 75 % of the target, no baseline",
            achievement=0.75,
            actual="150",
            target="200",
            status="no_baseline",
            estimated=True,
        ),
        Indicator(
            "Plots in use", "the target is the baseline: no progress can be computed", EMPTY, status="definition_error"
        ),
        Indicator("Far off", "-300 %", achievement=-3.0, baseline="1", actual="2", target="3"),
        Indicator(LABELS[5], "n<5", SUPPRESSED),
    ]
    return [kinds[i % len(kinds)] for i in range(n)]


def make_stakeholders(n):
    return [
        Stakeholder(label(i), 1 + (i * 1.7) % 4, 1 + (i * 1.3) % 4, (1, 2, 3, 4, 5, None)[i % 6], i % 4 == 0, 3)
        if i % 11 != 10
        else Stakeholder(label(i), None, 3.0)
        for i in range(n)
    ]


def make_network(n):
    nodes = [Node(f"o{i}", label(i), f"Sector {i % 4 + 1}", i % 5 != 4) for i in range(n)]
    arcs = [
        Arc(f"o{i}", f"o{j}", 2 + (i + j) % 3)
        for i in range(n)
        for j in range(n)
        if i != j and i % 7 != 6 and j % 7 != 6 and i % 5 != 4 and (i * i + j * 3) % 11 < 2
    ]
    return nodes, arcs


def make_days(n):
    return make_stretches({date(2026, 2, 20) + timedelta(days=day): 1 + day % 5 for day in range(n)})


def draw_all(n):
    """Every kind of drawing with n things, by name."""
    words = {"title": "A title", "description": "A description."}
    nodes, arcs = make_network(n)
    return {
        "bars": draw_bars(make_bars(n), BANDS, **words),
        "trend": draw_trend(make_points(n), **words),
        "likert": draw_likert(make_spreads(n), POINTS, **words),
        "response": draw_response(make_groups(n), **words),
        "views": draw_views(make_pairs(n), **words),
        "progress": draw_progress(make_indicators(n), **words),
        "grid": draw_grid(make_stakeholders(n), **words),
        "network": draw_network(nodes, arcs, **words),
        "days": draw_days(make_days(n), **words),
    }


def tabulate_all(n):
    """The table of every kind of drawing with n things, by name."""
    return {
        "trend": tabulate_trend(make_points(n), "A caption"),
        "likert": tabulate_likert(make_spreads(n), POINTS, "A caption"),
        "response": tabulate_response(make_groups(n), "A caption"),
        "views": tabulate_views(make_pairs(n), "A caption"),
        "progress": tabulate_progress(make_indicators(n), "A caption"),
        "grid": tabulate_grid(make_stakeholders(n), "A caption"),
        "network": tabulate_network(*make_network(n), "A caption"),
        "days": tabulate_days(make_days(n), "A caption"),
    }
