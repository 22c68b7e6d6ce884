"""What the study gets from the service: responses without identity, and how they came about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Never, Protocol

from exports.columns import Batch, Stretch, load_times, make_batches
from forms.definition import Definition, RosterEntry
from forms.values import Answers, Rows

if TYPE_CHECKING:
    from exports.scorecards.results import Tables
    from exports.scorecards.trend import Trend

ROSTER = "roster"
SELF_SELECTED = "self_selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One interview's answers as research data: no name, no number, no token.

    `answers` has every question that asks something, coded: a value or a `Missing` reason, never `None`
    (`forms.interview.Interview.record`). `disposition` is the AAPOR class of scorecard C9:
    `I`, `P`, `R`, or `pending` while the round is open and the interview is not finished.
    `rows` has the answers of repeated sections, coded in the same way, by section id. `own_entry`: the roster entry
    that the respondent's own organisation is, which is not among the rows; unknown in anonymous rounds.
    The times are aware UTC; where only the day may be told they are dates (`exports.levels`).
    `person` is the same in all rounds of a partnership; `None` in anonymous rounds and where nobody was invited. It
    serves to compare rounds and stands in no table.
    """

    response_id: str
    group: str | None
    channel_first: str
    channel_last: str
    language: str
    disposition: str
    started_at: date
    finished_at: date | None
    answers: Answers
    rows: Rows = field(default_factory=dict)
    person: str | None = None
    own_entry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Who could have answered. `kind` is `roster` (every response came by invitation) or `self_selected`.

    `cases`: for each group id, how many invited cases of each AAPOR class there are
    (`{"community": {"I": 6, "NC": 2}}`); empty when self-selected. During fieldwork nobody is NC yet: `pending`.
    `by_channel`: the same cases by the channel of first contact (`web`, `sms`), where it is known of all of them.
    `definition`: how the list was made; another one in the next round is worth a warning.
    """

    kind: str
    cases: Mapping[str | None, Mapping[str, int]] = field(default_factory=dict)
    by_channel: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    definition: str = ""

    def eligible(self, group: str | None = None, *, everyone: bool = False) -> int | None:
        """Give the eligible roster size of a group (or of everyone), all invited but NE; unknown without a roster."""
        if self.kind != ROSTER:
            return None
        rows = self.cases.values() if everyone else [self.cases.get(group, {})]
        return sum(count for row in rows for name, count in row.items() if name != "NE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person who answered or was asked, and what became of it. `case_id` is the response's id where there is one.

    `source`: `invitation`, `open_link`, `keyword` or `import` (collected elsewhere). `attempts`: how
    many texts we sent; unknown where nothing says.
    `disposition` is the AAPOR class and `code` its number (scorecard C9), none while it may still go on.
    """

    case_id: str
    group: str | None
    source: str
    channel: str
    attempts: int | None
    disposition: str
    code: str | None
    first_at: date
    last_at: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One answer as it came, of the interview `response_id`. `section`: the page it came with, none by text.

    `rule` and `certainty` (0 to 1): how a text was read. `segments` and `status` of the text that it came with.
    """

    response_id: str
    question_id: str
    at: datetime
    channel: str
    section: str | None = None
    rule: str | None = None
    certainty: float | None = None
    segments: int | None = None
    status: str | None = None


def list_responses(batches: Iterable[Batch]) -> Iterator[Response]:
    """Give the responses of batches one by one."""
    for batch in batches:
        names = list(batch.answers)
        for id_, group, first, last, language, disposition, started, finished, person, own, values in zip(
            batch.response_ids,
            batch.groups,
            batch.channels_first,
            batch.channels_last,
            batch.languages,
            batch.dispositions,
            load_times(batch.started_at),
            load_times(batch.finished_at),
            batch.people,
            batch.own_entries,
            zip(*batch.answers.values(), strict=True),
            strict=True,
        ):
            yield Response(
                response_id=id_,
                group=group,
                channel_first=first,
                channel_last=last,
                language=language,
                disposition=disposition,
                started_at=started,
                finished_at=finished,
                answers=dict(zip(names, values, strict=True)),
                person=person,
                own_entry=own,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text of a case that is no answer, without a word of it.

    `kind`: what we sent (`invitation`, `reminder`, `follow_up`), or what came: `opening`, the first one, `word`, one
    that we obey, or `unreadable`. `question_id`: the question that it repeats, or was about. `attempts`: how often we
    handed it to the gateway. `status`: how it ended, as the gateway tells it.
    """

    case_id: str
    at: datetime
    kind: str
    question_id: str | None = None
    segments: int | None = None
    attempts: int | None = None
    status: str | None = None


def _none() -> Iterator[Never]:
    return iter(())


class Memory(Protocol):
    """Keeps what was worked out of stretches, under their names; it may forget anything at any time."""

    def recall(self, names: Sequence[str]) -> bytes | None:
        """Give what was worked out of the stretches of these names, in their order, where it is there."""

    def remember(self, names: Sequence[str], found: bytes) -> None:
        """Keep what was worked out of stretches that have been read, all of them."""


@dataclass(frozen=True, kw_only=True)
class Study:
    """One round as research data.

    `responses` is a function that streams every started interview in export order, as often as it is called.
    `group_labels`: group id -> what people call it, the definition's in its order, then the contact list's.
    `events` streams the answers as they came, in the order of the responses and then of time; `messages` the texts
    beside them, by case in the order of their names, and then of time; `cases` everybody who answered or was asked.
    `as_of`: when anything of the round last changed; files that must come out the same, byte for byte, whenever they
    are made, bear that time. `told`: the results as they were told last, where somebody keeps them; of an open round
    nothing else may be told (`exports.scorecards.published`). `change`: what changed since the round before, where
    there is one. `roster`: what the round asks about, entry by entry. `failed_gates`: what of the partnership's legal
    and financial checklist was answered no, in words. `columns`: the same responses by column, where they can be had
    faster than one by one (`batches`); `blocks`: the same in whatever order is fastest; `stretches`: these again, each
    read only when it is asked for, and `memory` keeps what they came to (`list_stretches`).
    """

    definition: Definition
    round_name: str
    round_code: str
    partnership: str
    closed: bool
    sample_data: bool
    sms_in_use: bool
    group_labels: Mapping[str, str]
    find_frame: Callable[[], Frame]
    responses: Callable[[], Iterator[Response]]
    computed_at: datetime
    as_of: datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    told: Callable[[], Tables] | None = None
    change: Callable[[], Trend | None] | None = None
    events: Callable[[], Iterator[Event]] = _none
    messages: Callable[[], Iterator[Message]] = _none
    cases: Callable[[], Iterator[Case]] = _none
    roster: tuple[RosterEntry, ...] = ()
    failed_gates: tuple[str, ...] = ()
    columns: Callable[[], Iterator[Batch]] | None = None
    blocks: Callable[[], Iterator[Batch]] | None = None
    stretches: Callable[[], Iterator[Stretch]] | None = None
    memory: Memory | None = None

    @cached_property
    def frame(self) -> Frame:
        """Who could have answered: counted when it is first asked for, since it takes a reading of all responses."""
        return self.find_frame()

    @property
    def dated(self) -> datetime:
        """When anything last changed, as far as that is known."""
        return self.as_of or self.computed_at

    def counted(self) -> Iterable[Response]:
        """Give the responses that scores are made of: complete (I) and partial (P) ones."""
        return (response for response in self.responses() if response.disposition in ("I", "P"))

    def batches(self) -> Iterator[Batch]:
        """Give the responses by column, in any order; rows of repeated sections are not among them."""
        return self.blocks() if self.blocks is not None else self.ordered_batches()

    def list_stretches(self) -> Iterator[Stretch]:
        """Give the same as `batches` in stretches, which are read when they are asked for."""
        if self.stretches is not None:
            return self.stretches()
        return (Stretch(count=len(batch), read=partial(iter, (batch,))) for batch in self.batches())

    def ordered_batches(self) -> Iterator[Batch]:
        """Give the responses by column, in export order; rows of repeated sections are not among them."""
        if self.columns is not None:
            return self.columns()
        return make_batches(self.definition, self.responses)

    def with_responses(self, responses: Callable[[], Iterator[Response]]) -> Study:
        """Give this study with other responses, which have no columns of their own."""
        return replace(self, responses=responses, columns=None, blocks=None, stretches=None, memory=None)

    def with_batches(self, work: Callable[[Batch], Batch]) -> Study:
        """Give this study with what `work` makes of its batches, which have no rows of repeated sections."""

        def columns() -> Iterator[Batch]:
            return map(work, self.ordered_batches())

        return replace(
            self,
            responses=lambda: list_responses(columns()),
            columns=columns,
            blocks=lambda: map(work, self.batches()),
            stretches=None,
            memory=None,
        )
