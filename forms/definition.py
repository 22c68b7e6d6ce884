"""The definition: one version of one instrument, frozen. `loading` makes it from JSON; nothing ever changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from forms.values import Code, Value

if TYPE_CHECKING:
    from forms.expressions import Expression

WEB = "web"
SMS = "sms"
CHANNELS = (WEB, SMS)
IMPORT = "import"
"""How answers that were collected elsewhere came, on paper or by another tool; no question names it."""

RESPONSE_COLUMNS = (
    "response_id",
    "round",
    "definition_version",
    "group",
    "channel_first",
    "channel_last",
    "language",
    "disposition",
    "started_at",
    "finished_at",
)
"""The columns that every table of responses begins with; no question may be called so."""

ROW_COLUMNS = ("response_id", "row", "row_name")
"""The columns that every table of rows begins with; the name is what a roster calls the row."""

ENTRIES = "entries"
ROSTER = "roster"
SOURCES_OF_ROWS = (ENTRIES, ROSTER)
MOST_ROWS = 100
"""Rows that a repeat may have at most; 30 unless the definition says otherwise."""

KINDS = ("feedback", "stakeholder_map", "impact", "assessment", "checklist", "register")


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people, by language code; the default language stands in where a translation is missing."""

    by_language: Mapping[str, str]
    default_language: str

    def in_(self, language: str) -> str:
        """Give the words in this language, else in the default language."""
        return self.by_language.get(language) or self.by_language[self.default_language]


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted answer: the value that is stored and the label that is shown."""

    value: Code
    label: Text
    exclusive: bool = False
    show_if: Expression | None = None
    specify: bool = False


@dataclass(frozen=True, slots=True)
class SmsWording:
    """How a question is texted: its own words, shorter choice labels, and in which part (2: only in a follow-up).

    `follow_up`: the answer that agrees to the follow-up; nothing where the question does not ask for that.
    """

    label: Text | None = None
    choices: Mapping[Code, Text] = field(default_factory=dict)
    part: int = 1
    follow_up: Code | None = None


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """How one question counts towards a domain (scorecard C1, C2)."""

    domain: str
    weight: float = 1.0
    reverse: bool = False
    map: Mapping[Code, float] | None = None
    gate: Code | None = None
    core: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """One thing asked. `settings` holds the keys that only its type knows (`max_length`, `min`, `max`, `unit`).

    `name`: what conditions and texts call it: its id, unless it is asked once for each row of a section.
    """

    id: str
    name: str = ""
    type: str
    label: Text
    hint: Text | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    dont_know: bool = False
    not_applicable: bool = False
    private: bool = False
    channels: tuple[str, ...] = CHANNELS
    sms: SmsWording = SmsWording()
    score: ScoreRule | None = None
    show_if: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Text | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    specification: Question | None = None
    """The free text beside the choice that asks for it: a question of its own id, asked only together with this one."""
    choices_vary: bool = field(init=False)
    """Whether which choices are open depends on earlier answers."""

    def __post_init__(self) -> None:
        """Work out once what every page and every text asks again."""
        object.__setattr__(self, "name", self.name or self.id)
        object.__setattr__(self, "choices_vary", any(choice.show_if is not None for choice in self.choices))

    def specifies(self, value: Value) -> bool:
        """Whether this answer is, or has among its choices, the one that asks for free text beside it."""
        chosen = value if isinstance(value, tuple) else (value,)
        return self.specification is not None and any(c.specify and c.value in chosen for c in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """That a section is answered once for each row, and what gives the rows.

    `over`: `entries` (the respondent adds rows, at least `min`, at most `max`) or `roster` (a row for each entry of
    the round's roster but the respondent's own organisation). `label`: the id of the question whose answer names a
    row that was added.
    """

    over: str
    min: int = 0
    max: int = 30
    label: str | None = None

    @property
    def adds(self) -> bool:
        """Whether the respondent adds the rows."""
        return self.over == ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry:
    """One entry of the roster given when a round is published. `attributes`: its further columns, by name."""

    id: str
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """Questions shown together on the web; SMS ignores it."""

    id: str
    questions: tuple[Question, ...]
    title: Text | None = None
    show_if: Expression | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """Questions scored and reported together."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """How answers become a scorecard: domains, grouping, the missing rule, k, essential questions, bands."""

    domains: tuple[Domain, ...] = ()
    source: str = "voice"
    group_by: str | None = None
    min_share: float = 0.5
    k: int = 5
    essential: tuple[str, ...] = ()
    bands: tuple[tuple[float, str], ...] = (
        (0, "Fragile"),
        (40, "Emerging"),
        (60, "Established"),
        (80, "Sustained"),
    )


@dataclass(frozen=True, slots=True)
class Parameter:
    """A word the coordinator fills in when publishing, piped into texts as `${id}`."""

    id: str
    label: Text
    max_length: int = 80


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """One version of one instrument. `source` is the JSON it was made from, exactly as it is frozen into a round.

    Compared by identity, so that it can be a key of caches; compare `source` to compare contents.
    """

    id: str
    version: str
    kind: str
    default_language: str
    languages: Mapping[str, str]
    title: Text
    sections: tuple[Section, ...]
    introduction: Text | None = None
    closing: Text | None = None
    parameters: tuple[Parameter, ...] = ()
    scorecard: Scorecard | None = None
    source: str = ""

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """All questions by id, in the order in which they stand; a specification stands after its question."""
        found: dict[str, Question] = {}
        for _, question in self.walk():
            found[question.id] = question
            if question.specification is not None:
                found[question.specification.id] = question.specification
        return found

    @cached_property
    def repeats(self) -> tuple[Section, ...]:
        """The sections that are answered once for each row."""
        return tuple(section for section in self.sections if section.repeat is not None)

    @property
    def needs_roster(self) -> bool:
        """Whether a round needs a roster: a section is answered once for each of its entries."""
        return any(section.repeat is not None and not section.repeat.adds for section in self.sections)

    @cached_property
    def repeated(self) -> Mapping[str, Section]:
        """The ids of the questions that are asked once for each row, each with its section."""
        return {
            id_: section
            for section in self.repeats
            for question in section.questions
            for id_ in (question.id, question.specification.id if question.specification else question.id)
        }

    def walk(self) -> Iterator[tuple[Section, Question]]:
        """Give every question with its section, in order."""
        for section in self.sections:
            for question in section.questions:
                yield section, question

    def find_section(self, section_id: str) -> Section | None:
        """Give the section of this id, or nothing."""
        return next((section for section in self.sections if section.id == section_id), None)

    def choose_language(self, *wishes: str | None) -> str:
        """Give the first wish that the definition speaks (`fr-CA` is served by `fr`), else its default language."""
        for wish in wishes:
            for code in (wish or "", (wish or "").replace("_", "-").split("-")[0].lower()):
                if code in self.languages:
                    return code
        return self.default_language
