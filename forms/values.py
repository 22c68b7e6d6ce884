"""What an answer is: its typed value, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias


class Missing(Enum):
    """Why a question has no substantive answer; the value is the code that stands in exports."""

    REFUSED = -99
    DONT_KNOW = -98
    NOT_APPLICABLE = -97
    SKIPPED = -96
    OFF_PATH = -95
    NOT_REACHED = -94
    NOT_IN_CHANNEL = -93
    UNREADABLE = -92
    REMOVED = -91

    __hash__ = object.__hash__
    """Every reason is one object; looked up a million times, the hash of its name is slow."""


MISSING_CODES = frozenset(reason.value for reason in Missing)

Code: TypeAlias = int | str
"""A choice's value."""

Value: TypeAlias = int | str | Decimal | date | tuple[Code, ...] | Missing | None
"""A typed answer: a code (`scale`, `nps`, `select_one`, `consent`), several codes (`select_multiple`), a number,
a text or a date; a `Missing` reason; `None` where it was asked and left empty."""

Answers: TypeAlias = Mapping[str, Value]
"""Answers by question id. A question that is absent was not asked yet."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeated section: a stakeholder, a goal, a source of money.

    `id` is short and random where the respondent added the row, and the entry's own where it comes from a roster.
    `name`: what a roster calls it; a row that the respondent added is named by one of its answers instead.
    """

    id: str
    answers: Answers
    name: str = ""


Rows: TypeAlias = Mapping[str, tuple[Row, ...]]
"""Rows by section id, in the order in which they were added or in which the roster lists them."""

Stored: TypeAlias = object
"""A value as JSON keeps it: see `QuestionType.dump`."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What a person sent for one question, before it is read: the form field's values, or what a text was read as.

    `missing` is set where the person said so apart from the field: ticked "Don't know", texted SKIP.
    """

    values: tuple[str, ...] = ()
    missing: Missing | None = None
