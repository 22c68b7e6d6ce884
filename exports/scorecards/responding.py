"""Response rates as a table: for everybody, each group and each channel of first contact (scorecard C9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from exports.disclosure import ALL, combine_groups
from exports.dispositions import CLASSES, COUNTED, UNKNOWN
from exports.responses import ROSTER
from exports.scorecards import notes
from exports.scorecards.facts import find_facts
from exports.scorecards.people import People
from exports.scorecards.reach import name_group
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED
from exports.statistics.rates import Rates, find_rates

GROUP, CHANNEL = "group", "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One breakdown's part: its cases by AAPOR class and its rates as shares of 1.

    `by`: `all`, `group` or `channel`. RR5 and RR6 only where no case is of unknown eligibility. While the round is
    open they are the rates so far.
    """

    partnership: str
    round: str
    by: str
    part: str
    cases: Mapping[str, int] | None = None
    eligible_share: float | None = None
    rr1: float | None = None
    rr2: float | None = None
    rr3: float | None = None
    rr4: float | None = None
    rr5: float | None = None
    rr6: float | None = None
    coop1: float | None = None
    ref1: float | None = None
    con1: float | None = None
    status: str
    note: str = ""
    definition_version: str
    computed_at: str


RATE_FIELDS = tuple(field.name for field in fields(RateRow))


def build_rates(people: People) -> list[RateRow]:
    """Give the rates of a round that invited from a list; one row without rates for an open link.

    A column that is hidden in the scorecard has neither cases nor rates.
    """
    frame = people.study.frame
    if frame.kind != ROSTER:
        return [_write(people, ALL, ALL, None, notes.NOT_FROM_A_LIST, NOT_COLLECTED)]
    by_group = {name_group(group): Counter(row) for group, row in frame.cases.items()}
    whole = sum(by_group.values(), Counter[str]())
    rows = [_write_shown(people, ALL, ALL, whole) if ALL in people.reach else _write_hidden(people, ALL, ALL)]
    for column in people.labels:
        told = people.reach.get(column)
        if column in people.breakdown.combined:
            rows.append(_write_hidden(people, GROUP, column))
        elif told and told.eligible is None:
            rows.append(_write(people, GROUP, column, None, notes.ROSTER_UNKNOWN, NOT_COLLECTED))
        elif told:
            rows.append(_write_shown(people, GROUP, column, by_group.get(column, Counter())))
    return rows + list(_list_channels(people, frame.by_channel))


def _list_channels(people: People, by_channel: Mapping[str, Mapping[str, int]]) -> Iterator[RateRow]:
    counted = {name: sum(row.get(class_, 0) for class_ in COUNTED) for name, row in by_channel.items()}
    breakdown = combine_groups(counted, people.plan.k)
    for name, row in by_channel.items():
        if name in breakdown.combined or ALL not in people.reach:
            yield _write_hidden(people, CHANNEL, name)
        else:
            yield _write_shown(people, CHANNEL, name, row)


def _write_shown(people: People, by: str, part: str, cases: Mapping[str, int]) -> RateRow:
    note = "" if people.study.closed else notes.SO_FAR
    return _write(people, by, part, {name: cases.get(name, 0) for name in CLASSES}, note, NORMAL)


def _write_hidden(people: People, by: str, part: str) -> RateRow:
    return _write(people, by, part, None, notes.explain_hidden("few", people.plan.k), SUPPRESSED)


def _write(people: People, by: str, part: str, cases: Mapping[str, int] | None, note: str, status: str) -> RateRow:
    facts = find_facts(people.study)
    rates: Rates | None = find_rates(cases) if cases else None
    known = rates is not None and cases is not None and not cases.get(UNKNOWN)
    return RateRow(
        partnership=facts.partnership,
        round=facts.round,
        by=by,
        part=part,
        cases=cases,
        eligible_share=rates.eligible_share if rates else None,
        rr1=rates.rr1 if rates else None,
        rr2=rates.rr2 if rates else None,
        rr3=rates.rr3 if rates else None,
        rr4=rates.rr4 if rates else None,
        rr5=rates.rr5 if rates and known else None,
        rr6=rates.rr6 if rates and known else None,
        coop1=rates.cooperation if rates else None,
        ref1=rates.refusal if rates else None,
        con1=rates.contact if rates else None,
        status=status,
        note=note,
        definition_version=facts.definition_version,
        computed_at=facts.computed_at,
    )
