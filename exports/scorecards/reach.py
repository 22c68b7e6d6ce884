"""Who could have answered and who did, for each column of the scorecard; nothing for hidden columns (C9, C10.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exports.disclosure import ALL, COMBINED, Breakdown
from exports.dispositions import COUNTED
from exports.responses import ROSTER, Frame
from exports.statistics.rates import Rates, find_rates

NOT_STATED = "not_stated"
"""The group of those whose group nobody knows."""

GROUP_EQUAL = "group_equal"
"""The column in which every group counts alike."""

WEIGHTED = "weighted"
"""The column in which every group counts by the size of its roster."""

TOGETHER = (GROUP_EQUAL, WEIGHTED)
"""The columns that are means of other columns."""

_OUR_COLUMNS = frozenset({ALL, COMBINED, GROUP_EQUAL, NOT_STATED, WEIGHTED})
_NEVER_ELIGIBLE = "NE"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of a column answered (I or P), how many were eligible, and the rates; none without a roster."""

    answered: int
    eligible: int | None = None
    rates: Rates | None = None

    @property
    def response_rate(self) -> float | None:
        """RR2 as a share of 1."""
        return self.rates.rr2 if self.rates else None

    def find_population(self, n: int) -> int | None:
        """Give the finite population that n people are drawn from, where it is known and can hold them."""
        return self.eligible if self.eligible is not None and self.eligible >= n else None


def name_group(group: str | None) -> str:
    """Give a group's column id; a group that is called like one of our own columns is told apart from it."""
    if group is None:
        return NOT_STATED
    return f"{group}_group" if group in _OUR_COLUMNS else group


def find_reach(frame: Frame, counts: Mapping[str, int], breakdown: Breakdown, k: int) -> dict[str, Reach]:
    """Give the reach of every column that is shown: everyone, each group, the combined groups, empty groups.

    By group the roster is known only if it knows the group of everyone who has not answered, and if the people who
    answered for the group are those who were invited for it: else a group's rate would be flattering.
    """
    cases = {name_group(group): Counter(row) for group, row in frame.cases.items()}
    total = sum(counts.values())
    reach = {}
    if total == 0 or total >= k:
        reach[ALL] = _build(frame, total, cases.values())
    by_group = _knows_groups(cases)
    for group, n in counts.items():
        if group not in breakdown.combined:
            own = [cases.get(group, Counter())] if by_group else []
            reach[group] = _build(frame, n, own)
    if breakdown.has_combined:
        own = [cases.get(group, Counter()) for group in breakdown.combined] if by_group else []
        reach[COMBINED] = _build(frame, sum(counts[group] for group in breakdown.combined), own)
    return reach


def _knows_groups(cases: Mapping[str, Counter[str]]) -> bool:
    unknown = cases.get(NOT_STATED, Counter())
    return all(name in COUNTED or name == _NEVER_ELIGIBLE for name, count in unknown.items() if count)


def _build(frame: Frame, answered: int, rows: Iterable[Counter[str]]) -> Reach:
    cases = sum(rows, Counter[str]())
    if frame.kind != ROSTER or sum(cases[name] for name in COUNTED) != answered:
        return Reach(answered)
    eligible = cases.total() - cases[_NEVER_ELIGIBLE]
    return Reach(answered, eligible, find_rates(cases))
