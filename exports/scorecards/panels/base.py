"""The contract of a panel: which instruments feed it, and what it makes of a round's answers that are no opinions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from exports.responses import Response, Study
from exports.scorecards.notes import SAMPLE
from exports.scorecards.report.blocks import Section, Sentence
from exports.scorecards.rows import Row
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED
from forms.definition import Definition
from forms.question_types import find_type
from forms.values import Answers, Missing
from forms.values import Row as Entry

SELF, RECORD, VOICE = "self", "record", "voice"
TEAM_ONLY = "Shown to the coordinating team only: it describes people and organisations by name."
AFTER_CLOSE = "Told when the round is closed."
MISSING = "Not collected: this instrument does not ask {ids}."
NOTHING = "Not collected: nobody has entered anything."


Criteria = Mapping[str, tuple[tuple[str, str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a panel, as a row of the tidy table has it.

    `n`: how many entries stand behind it. Points are from 0 to 100 where `note` names no other unit; `word` is what
    the number is called.
    """

    domain: str
    score: float | None = None
    n: int | None = None
    lo: float | None = None
    hi: float | None = None
    method: str | None = None
    word: str | None = None
    status: str = NORMAL
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a panel says of a round. `restricted`: for the coordinating team alone.

    `criteria`: OECD-DAC criterion -> what stands there (label, id of the section, words). `instead`: the round is
    about this, and the report leaves out the parts on opinions.
    """

    rows: tuple[Row, ...]
    sections: tuple[Section, ...] = ()
    criteria: Criteria = field(default_factory=dict)
    restricted: bool = False
    instead: bool = False


class Panel(ABC):
    """One panel. Its inputs are questions by the ids that the instruments that come along give them.

    `needs`: the questions of a repeated section without which it says nothing; others may be absent, and what hangs
    on them is not collected. `files`: repeated section -> what its table is called in the evaluation pack.
    `restricted`: for the coordinating team alone. `waits`: it tells what people said, so it waits for the close of a
    round. `instead`: it stands in place of the parts on opinions.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    source: ClassVar[str] = RECORD
    needs: ClassVar[tuple[str, ...]] = ()
    files: ClassVar[Mapping[str, str]] = {}
    restricted: ClassVar[bool] = False
    waits: ClassVar[bool] = False
    instead: ClassVar[bool] = False

    def fits(self, definition: Definition) -> bool:
        """Whether the instrument asks what the panel needs."""
        return definition.kind in self.kinds and not self.list_lacking(definition)

    def list_lacking(self, definition: Definition) -> list[str]:
        """Give the questions that the panel needs and the instrument does not ask."""
        return [id_ for id_ in self.needs if id_ not in definition.repeated]

    def tell(self, study: Study) -> Told:
        """Say what the answers of a round come to."""
        figures, sections, criteria = self.build(study)
        return Told(
            rows=self.write(study, figures),
            sections=tuple(sections),
            criteria=criteria,
            restricted=self.restricted,
            instead=self.instead,
        )

    def withhold(self, study: Study) -> Told:
        """Say that there is something that this reader may not see."""
        return self._tell_absence(study, SUPPRESSED, TEAM_ONLY)

    def wait(self, study: Study) -> Told:
        """Say that this is told when the round is closed."""
        return self._tell_absence(study, NOT_COLLECTED, AFTER_CLOSE)

    def lack(self, study: Study) -> Told:
        """Say that the instrument does not ask what the panel needs."""
        said = MISSING.format(ids=", ".join(self.list_lacking(study.definition)))
        return self._tell_absence(study, NOT_COLLECTED, said)

    @abstractmethod
    def build(self, study: Study) -> Built:
        """Give the figures, the sections of the report, and what stands under the OECD-DAC criteria."""

    def build_nothing(self, domain: str, title: str, note: str = NOTHING) -> Built:
        """Give what is told where nobody has entered anything."""
        figure = Figure(domain=domain, n=0, status=NOT_COLLECTED, note=note)
        return [figure], [Section(self.name, title, (Sentence(note),))], {}

    def write(self, study: Study, figures: Iterable[Figure]) -> tuple[Row, ...]:
        """Write figures as rows of the tidy table."""
        return tuple(write_row(study, self.name, self.source, figure) for figure in figures)

    def _tell_absence(self, study: Study, status: str, note: str) -> Told:
        rows = self.write(study, [Figure(domain=self.name.upper(), status=status, note=note)])
        section = Section(self.name, self.name.capitalize(), (Sentence(note),))
        return Told(rows=rows, sections=(section,), instead=self.instead)


Built = tuple[list[Figure], list[Section], Criteria]
"""Figures, sections of the report, and what stands under the OECD-DAC criteria."""


def write_row(study: Study, panel: str, source: str, figure: Figure) -> Row:
    """Write one figure as a row of the tidy table."""
    note = " ".join(part for part in (SAMPLE if study.sample_data else "", figure.note) if part)
    return Row(
        partnership=study.partnership,
        round=study.round_name,
        panel=panel,
        domain=figure.domain,
        source=source,
        basis="full",
        group="all",
        n=figure.n,
        score=figure.score,
        ci_lo=figure.lo,
        ci_hi=figure.hi,
        ci_method=figure.method,
        band=figure.word,
        status=figure.status,
        note=note,
        definition_version=study.definition.version,
        computed_at=study.computed_at.isoformat(),
    )


def find_status(score: float | None) -> str:
    """Give the status of a number that is there, or was not collected."""
    return NOT_COLLECTED if score is None else NORMAL


def list_counted(study: Study) -> list[Response]:
    """Give the responses that count, the earliest first: of two entries for the same thing the later one holds."""
    return sorted(study.counted(), key=lambda one: (_find_time(one), one.response_id))


def list_entries(study: Study, question: str) -> Iterator[tuple[Response, Entry]]:
    """Give every row of the repeated section that asks this question, in the order in which they were entered."""
    section = study.definition.repeated[question].id
    for response in list_counted(study):
        for entry in response.rows.get(section, ()):
            yield response, entry


def find_number(answers: Answers, question: str) -> float | None:
    """Give a number or code, or nothing where there is none."""
    value = answers.get(question)
    return float(value) if isinstance(value, int | Decimal) else None


def find_code(answers: Answers, question: str) -> int | None:
    """Give a code, or nothing where there is none."""
    value = answers.get(question)
    return value if isinstance(value, int) else None


def find_words(answers: Answers, question: str) -> str:
    """Give a text on one line; empty where there is none."""
    value = answers.get(question)
    return " ".join(value.split()) if isinstance(value, str) else ""


def find_date(answers: Answers, question: str) -> date | None:
    """Give a date, or nothing where there is none."""
    value = answers.get(question)
    return value if isinstance(value, date) else None


def say_choice(definition: Definition, answers: Answers, question: str) -> str:
    """Give an answer from a list in words; empty where there is none."""
    value, asked = answers.get(question), definition.questions.get(question)
    if asked is None or value is None or isinstance(value, Missing):
        return ""
    return find_type(asked.type).describe(asked, value, definition.choose_language("en"))


def find_day(study: Study) -> date:
    """Give the day that what was entered describes: when anything of the round last changed."""
    return study.dated.date()


def find_today(study: Study) -> date:
    """Give the day on which it is told: time goes on for what expires. In the pack it is the same as `find_day`."""
    return study.computed_at.date()


def _find_time(response: Response) -> str:
    at = response.finished_at or response.started_at
    return at.isoformat() if isinstance(at, datetime) else f"{at.isoformat()}T00:00:00+00:00"
