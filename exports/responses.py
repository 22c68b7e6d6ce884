"""What the study gets from the service: responses without identity, and how they came about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forms.definition import Definition
from forms.values import Answers, Rows

ROSTER = "roster"
SELF_SELECTED = "self_selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One interview's answers as research data: no name, no number, no token.

    `answers` has every question that asks something, coded: a value or a `Missing` reason, never `None`
    (`forms.interview.Interview.record`). `disposition` is the AAPOR class of scorecard C9:
    `I`, `P`, `R`, or `pending` while the round is open and the interview is not finished.
    `rows` has the answers of repeated sections, coded in the same way, by section id.
    """

    response_id: str
    group: str | None
    channel_first: str
    channel_last: str
    language: str
    disposition: str
    started_at: datetime
    finished_at: datetime | None
    answers: Answers
    rows: Rows = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Who could have answered. `kind` is `roster` (every response came by invitation) or `self_selected`.

    `cases`: for each group id, how many invited cases of each AAPOR class there are
    (`{"community": {"I": 6, "NC": 2}}`); empty when self-selected. During fieldwork nobody is NC yet: `pending`.
    """

    kind: str
    cases: Mapping[str | None, Mapping[str, int]] = field(default_factory=dict)

    def eligible(self, group: str | None = None, *, everyone: bool = False) -> int | None:
        """Give the eligible roster size of a group (or of everyone), all invited but NE; unknown without a roster."""
        if self.kind != ROSTER:
            return None
        rows = self.cases.values() if everyone else [self.cases.get(group, {})]
        return sum(count for row in rows for name, count in row.items() if name != "NE")


@dataclass(frozen=True, kw_only=True)
class Study:
    """One round as research data.

    `responses` is a function that streams every started interview in export order, as often as it is called.
    `group_labels`: group id -> what people call it, the definition's in its order, then the contact list's.
    """

    definition: Definition
    round_name: str
    round_code: str
    partnership: str
    closed: bool
    sample_data: bool
    sms_in_use: bool
    group_labels: Mapping[str, str]
    frame: Frame
    responses: Callable[[], Iterator[Response]]
    computed_at: datetime

    def counted(self) -> Iterable[Response]:
        """Give the responses that scores are made of: complete (I) and partial (P) ones."""
        return (response for response in self.responses() if response.disposition in ("I", "P"))
