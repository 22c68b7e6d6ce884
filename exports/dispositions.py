"""Which AAPOR class a case is in, from what was answered of what applied (scorecard C9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from exports.columns import Column, combine, repeat
from forms.definition import Definition
from forms.question_types import find_type
from forms.values import Answers, Missing, Rows, Value

COMPLETE = "I"
PARTIAL = "P"
BREAK_OFF = "R"
"""Break-off and refusal: both are R in the rates."""
NO_CONTACT = "NC"
OTHER = "O"
UNKNOWN = "UO"
"""Whether the person is one of those meant is not known: nothing we sent arrived."""
NOT_ELIGIBLE = "NE"
PENDING = "pending"
COUNTED = (COMPLETE, PARTIAL)
"""The classes that scores are made of."""
CLASSES = (COMPLETE, PARTIAL, BREAK_OFF, NO_CONTACT, OTHER, UNKNOWN, NOT_ELIGIBLE, PENDING)
"""All classes, in the order of the report. UH, unknown households, does not occur: people are invited by name."""

CODES = {
    COMPLETE: "1.1",
    PARTIAL: "1.2",
    BREAK_OFF: "2.12",
    NO_CONTACT: "2.2",
    OTHER: "2.3",
    UNKNOWN: "3.0",
    NOT_ELIGIBLE: "4.0",
}
REFUSAL_CODE = "2.11"

MARKS = {
    "language": OTHER,
    "illness": OTHER,
    "death": OTHER,
    "other": OTHER,
    "duplicate": NOT_ELIGIBLE,
    "not_a_stakeholder": NOT_ELIGIBLE,
    "wrong_person": NOT_ELIGIBLE,
}
"""What a coordinator may say of a case that nobody can answer for -> its class."""

DELIVERED, FAILED = "delivered", "failed"
"""What became of what we sent: something arrived (or may have), or every attempt failed for good."""

_NO_ROWS: Rows = {}
COMPLETE_SHARE = 0.8
PARTIAL_SHARE = 0.5

NOT_APPLICABLE = frozenset({Missing.NOT_APPLICABLE, Missing.OFF_PATH, Missing.NOT_IN_CHANNEL})
"""What takes a question out of the denominator, here and in the missing rule of scores."""


def find_disposition(
    definition: Definition,
    record: Answers,
    rows: Rows = _NO_ROWS,
    *,
    finished: bool,
    stopped_or_declined: bool,
    closed: bool,
) -> str:
    """Give the class of one started interview: `I`, `P`, `R`, or `pending` while it may still go on.

    `record` has every question that asks something, coded (`Interview.record`); `rows` those of repeated sections,
    which count row by row. At least 80 % of the questions that applied and every essential one answered is complete,
    at least 50 % partial, less a break-off or refusal.
    """
    records = [record, *(row.answers for section in rows.values() for row in section)]
    counting = _list_counting(definition)
    applicable = [
        value
        for one in records
        for name, value in one.items()
        if name in counting and (value.__class__ is not Missing or value not in NOT_APPLICABLE)
    ]
    return _classify(
        len(applicable),
        sum(map(is_answered, applicable)),
        _has_essentials(definition, record),
        (finished, stopped_or_declined),
        closed=closed,
    )


def find_dispositions(
    definition: Definition, records: Mapping[str, Column[Value]], ends: Column[tuple[bool, bool]], *, closed: bool
) -> Column[str]:
    """Give the classes of many interviews without repeated sections, as `find_disposition` gives that of one.

    `records`: question id -> what each has on record. `ends`: whether each is finished, and stopped or declined.
    """
    import numpy as np

    counts = np.zeros(len(ends), dtype=np.int64)
    for name, column in records.items():
        if name in _list_counting(definition):
            one = [value not in NOT_APPLICABLE and (1 << 32) + is_answered(value) for value in column.values]
            counts += np.array(one, dtype=np.int64)[column.places]
    essentials = np.ones(len(ends), dtype=bool)
    for name in definition.scorecard.essential if definition.scorecard else ():
        essentials &= records.get(name, repeat(None, len(ends))).map(_is_settled).look_up()
    different, places = np.unique(counts, return_inverse=True)
    counted = Column([(count >> 32, count & 0xFFFF_FFFF) for count in different.tolist()], places)
    facts = combine([counted, Column([False, True], essentials.astype(np.intp)), ends])
    return facts.map(lambda one: _classify(one[0][0], one[0][1], one[1], one[2], closed=closed))


def _classify(applicable: int, answered: int, essentials: bool, end: tuple[bool, bool], *, closed: bool) -> str:
    """Give the class from how many questions applied and were answered, and whether all essential ones were."""
    finished, stopped_or_declined = end
    if not (finished or stopped_or_declined or closed):
        return PENDING
    if not applicable:
        return COMPLETE if finished and not stopped_or_declined else BREAK_OFF
    share = answered / applicable
    if share >= COMPLETE_SHARE and essentials:
        return COMPLETE
    return PARTIAL if share >= PARTIAL_SHARE else BREAK_OFF


def find_case_class(
    *, interview: str | None = None, mark: str | None = None, delivery: str = DELIVERED, closed: bool
) -> str:
    """Give the class of one invited case, whether or not it was begun.

    `interview`: the class of its interview (`find_disposition`), if there is one. `mark`: a key of `MARKS`. Who is
    not eligible is out whatever was answered; every other answer outweighs a mark and a failed delivery. While the
    round is open nobody who may still answer is NC.
    """
    marked = MARKS[mark] if mark else None
    if marked == NOT_ELIGIBLE:
        return NOT_ELIGIBLE
    if interview is not None and interview != PENDING:
        return interview
    if marked is not None:
        return marked
    if interview is None and delivery == FAILED:
        return UNKNOWN
    return interview or (NO_CONTACT if closed else PENDING)


def find_code(disposition: str, *, refused: bool = False) -> str | None:
    """Give the number of a class in AAPOR's Standard Definitions; none while it is pending.

    Of R, who `refused` in so many words (declined, or STOP) is 2.11 and who broke off 2.12.
    """
    return REFUSAL_CODE if refused and disposition == BREAK_OFF else CODES.get(disposition)


def is_answered(value: Value) -> bool:
    """Whether the person answered: a value, or "don't know" or "not applicable" in so many words."""
    if isinstance(value, Missing):
        return value in (Missing.DONT_KNOW, Missing.NOT_APPLICABLE)
    return value is not None


@lru_cache(maxsize=256)
def _list_counting(definition: Definition) -> frozenset[str]:
    """Give the questions whose answers count: consent is no answer to what was asked."""
    questions = definition.questions.items()
    return frozenset(id_ for id_, one in questions if find_type(one.type).asks and one.type != "consent")


def _has_essentials(definition: Definition, record: Answers) -> bool:
    essential: Iterable[str] = definition.scorecard.essential if definition.scorecard else ()
    return all(_is_settled(record.get(name)) for name in essential)


def _is_settled(value: Value) -> bool:
    return is_answered(value) or value in NOT_APPLICABLE
