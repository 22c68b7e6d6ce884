"""Answers by day."""

import re
from datetime import date, timedelta

from exports.charts.days import draw_days, make_stretches, tabulate_days

MONDAY = date(2026, 3, 2)


def test_days_without_answers_between_others_are_shown_as_none():
    stretches = make_stretches({MONDAY: 3, MONDAY + timedelta(days=2): 1})
    assert [(one.label, one.count) for one in stretches] == [("2 Mar", 3), ("3 Mar", 0), ("4 Mar", 1)]
    svg = draw_days(stretches, title="T", description="D")
    assert svg.count('class="day"') == 2
    assert "2 Mar to 4 Mar" in svg
    table = tabulate_days(stretches, "By day")
    assert [[str(cell) for cell in row] for row in table.rows] == [
        ["4 Mar 2026", "1"],
        ["3 Mar 2026", "0"],
        ["2 Mar 2026", "3"],
    ]


def test_long_times_are_drawn_week_by_week_from_monday():
    stretches = make_stretches(
        {MONDAY + timedelta(days=3): 2, MONDAY + timedelta(days=6): 1, MONDAY + timedelta(days=90): 4}
    )
    assert (stretches[0].label, stretches[0].count, stretches[0].days) == ("week of 2 Mar", 3, 7)
    assert sum(one.count for one in stretches) == 7
    assert len(stretches) == 13


def test_the_tallest_bar_is_as_high_as_the_drawing_allows_and_the_others_in_proportion():
    svg = draw_days(make_stretches({MONDAY: 10, MONDAY + timedelta(days=1): 5}), title="T", description="D")
    assert [float(one) for one in re.findall(r'class="day"[^>]* height="([\d.]+)"', svg)] == [96.0, 48.0]
    assert "at most 10" in svg


def test_no_answers_are_no_days():
    assert make_stretches({}) == []
