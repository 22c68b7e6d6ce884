"""Channel fit: what every question is as a text message, and what a whole interview by text costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median_low
from typing import Any

from forms.checks.combinations import Combinations, UndecidedError
from forms.checks.texting import LONGEST_ENTRY, fill_longest
from forms.definition import SMS, Definition, Question, RosterEntry, Section
from forms.expressions import Scope
from forms.interview import Interview
from forms.question_types import find_type
from forms.rows import build_row
from forms.sms.framing import LONGEST_NAME, add_languages, ask_consent, say_thanks
from forms.sms.prompts import build_prompt
from forms.sms.segments import count_segments

REFERENCE = "XXXX-XXXX"
OPENING, CLOSING = "opening", "closing"
TRIED = "every combination of the answers that decide the path"
ASSUMED_ENTRIES = 10
"""How many entries a roster is taken to have while it is not known."""
BOUNDS = "bounds: the answers that decide the path are too many to be tried"
_TODAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class TextFit:
    """One text in one language, with the longest words that may be filled in.

    `question`: its id, or `opening` and `closing` for our own first and last text. `part` 2 is texted only later.
    `forced_by`: the character that forces UCS-2, with its code point. `units`: septets or 16-bit units.
    """

    question: str
    path: str
    language: str
    part: int
    text: str
    encoding: str
    units: int
    segments: int
    forced_by: str | None
    code_point: str | None


@dataclass(frozen=True, slots=True)
class InterviewCost:
    """How many segments we send in one complete interview of part 1, without reminders, help or repetitions.

    `shortest`: with the group known beforehand; `typical`: the median over all combinations with every question
    answered, or that of all questions without a condition where `basis` says bounds. Prices are in the currency of
    the price given.
    """

    language: str
    shortest: int
    typical: int
    longest: int
    basis: str
    entries: int = 0
    price: tuple[Decimal, Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class ChannelFit:
    """What the SMS channel makes of a definition; without texted questions both are empty."""

    texts: tuple[TextFit, ...]
    interviews: tuple[InterviewCost, ...]

    @property
    def costly(self) -> tuple[TextFit, ...]:
        """The texts that take more than one segment."""
        return tuple(text for text in self.texts if text.segments > 1)

    def as_json(self) -> dict[str, Any]:
        """Give the report as JSON holds it; prices are exact decimals in texts."""
        names = ("shortest", "typical", "longest")
        costs = [
            asdict(cost) | {"price": cost.price and dict(zip(names, map(str, cost.price), strict=True))}
            for cost in self.interviews
        ]
        return {"texts": [asdict(text) for text in self.texts], "interviews": costs}


def build_channel_fit(
    definition: Definition,
    *,
    parameters: Mapping[str, str] | None = None,
    price: Decimal | None = None,
    roster: Sequence[RosterEntry] = (),
) -> ChannelFit:
    """Build every text of the interview in every language, and count what a whole interview sends.

    `parameters`: what is filled in for a round; what is not given counts at its longest. `price`: of one segment.
    `roster`: what the round asks about; without it, `ASSUMED_ENTRIES` entries with names as long as ours may be.
    """
    filled = {parameter.id: "x" * parameter.max_length for parameter in definition.parameters} | dict(parameters or {})
    open_ = _drop_conditions(definition)
    assumed = [RosterEntry(id=str(n), name=LONGEST_ENTRY) for n in range(1, ASSUMED_ENTRIES + 1)]
    entries = tuple(roster or assumed) if definition.needs_roster else ()
    interview = Interview(open_, {}, _TODAY, parameters=filled, roster=entries)
    if not interview.questions_in(SMS):
        return ChannelFit((), ())
    texts = tuple(_list_texts(definition, open_, interview))
    texts += tuple(text for language in definition.languages for text in _frame(definition, interview, language))
    stretches = _find_stretches(definition, len(entries))
    costs = tuple(
        replace(_add_up(definition, language, texts, stretches, price), entries=len(entries))
        for language in definition.languages
    )
    return ChannelFit(texts, costs)


def _list_texts(definition: Definition, open_: Definition, interview: Interview) -> Iterator[TextFit]:
    """Give the text of every question; of a roster's, that of the last entry by the longest name."""
    names = [entry.name for entry in interview.roster]
    for place, section in enumerate(open_.sections):
        part = section
        if section.repeat is not None and interview.roster:
            part = build_row(section, interview.roster[-1].id)
        for number, question in enumerate(part.questions):
            if SMS in question.channels and find_type(question.type).asks:
                longest = fill_longest(definition, question, max(names, key=len, default=LONGEST_ENTRY))
                path = f"$.sections[{place}].questions[{number}]"
                for language in definition.languages:
                    text = build_prompt(interview, longest, language)
                    if question.type == "consent":
                        text = add_languages(text, language, definition.languages)
                    yield _measure(question.name, path, language, question.sms.part, text)


def _frame(definition: Definition, interview: Interview, language: str) -> list[TextFit]:
    """Give our own first text, where the definition has no question for consent, and our last."""
    framed = []
    questions = interview.questions_in(SMS)
    if not any(question.type == "consent" for question in questions):
        who = interview.parameters.get("partnership") or "x" * LONGEST_NAME
        opening = ask_consent(language, who, len(questions), confidential=True)
        framed.append(_measure(OPENING, "$", language, 1, add_languages(opening, language, definition.languages)))
    closing = interview.say(definition.closing.in_(language), language) if definition.closing else None
    framed.append(_measure(CLOSING, "$.closing", language, 1, say_thanks(language, REFERENCE, closing)))
    return framed


def _measure(question: str, path: str, language: str, part: int, text: str) -> TextFit:
    cost = count_segments(text)
    code_point = None if cost.forced_by is None else f"U+{ord(cost.forced_by):04X}"
    return TextFit(
        question, path, language, part, text, cost.encoding, cost.units, cost.segments, cost.forced_by, code_point
    )


def _drop_conditions(definition: Definition) -> Definition:
    """Give the definition as if everything were asked, so that the counter `3/8` has its longest form."""
    sections = tuple(
        replace(section, show_if=None, questions=tuple(replace(q, show_if=None) for q in section.questions))
        for section in definition.sections
    )
    return replace(definition, sections=sections)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the interview that is texted so many `times`: the questions outside rosters, or those of one entry.

    `always`: the questions that every path texts; `routed`: those with a condition; `tried`: which of them each path
    texts; `complete`: those of the paths on which everything is answered. The last two are empty where the paths were
    too many to try.
    """

    times: int
    always: tuple[str, ...]
    routed: tuple[str, ...]
    tried: tuple[frozenset[str], ...] = ()
    complete: tuple[frozenset[str], ...] = ()


def _find_stretches(definition: Definition, entries: int) -> tuple[_Stretch, ...]:
    once = [section for section in definition.sections if section.repeat is None]
    rows = [[section] for section in definition.repeats if section.repeat and not section.repeat.adds]
    return (_find_stretch(definition, once, 1), *(_find_stretch(definition, row, entries) for row in rows))


def _find_stretch(definition: Definition, sections: Sequence[Section], times: int) -> _Stretch:
    texted = [
        (section, question)
        for section in sections
        for question in section.questions
        if SMS in question.channels and find_type(question.type).asks and question.sms.part == 1
    ]
    routed = [(section, q) for section, q in texted if section.show_if is not None or q.show_if is not None]
    ids = tuple(question.id for _, question in routed)
    always = tuple(question.id for _, question in texted if question.id not in ids)
    tried: list[frozenset[str]] = []
    complete: list[frozenset[str]] = []
    conditions = (c for section, q in routed for c in (section.show_if, q.show_if))
    try:
        for scope in Combinations(definition).walk(*conditions, section=sections[0] if sections else None):
            asked = frozenset(question.id for section, question in routed if _is_asked(section, question, scope))
            tried.append(asked)
            if not _is_left_out(definition, scope):
                complete.append(asked)
    except UndecidedError:
        return _Stretch(times, always, ids)
    return _Stretch(times, always, ids, tuple(tried), tuple(complete))


def _is_asked(section: Section, question: Question, scope: Scope) -> bool:
    return all(one is None or one.holds(scope) for one in (section.show_if, question.show_if))


def _is_left_out(definition: Definition, scope: Scope) -> bool:
    """Whether one of the answers that decide the path is missing although it was asked for."""
    missing = {name for name, value in scope.values.items() if value is None}
    return bool(missing) and any(
        question.id in missing and _is_asked(section, question, scope) for section, question in definition.walk()
    )


def _add_up(
    definition: Definition,
    language: str,
    texts: tuple[TextFit, ...],
    stretches: tuple[_Stretch, ...],
    price: Decimal | None,
) -> InterviewCost:
    cost = {text.question: text.segments for text in texts if text.language == language}
    framed = sum(cost.get(id_, 0) for id_ in (OPENING, CLOSING))
    group = definition.scorecard.group_by if definition.scorecard else None
    known = cost[group] if group is not None and group in stretches[0].always else 0
    shortest, typical, longest = framed - known, framed, framed
    for stretch in stretches:
        always = sum(cost[id_] for id_ in stretch.always)
        totals = [always + sum(cost[id_] for id_ in path) for path in stretch.tried]
        usual = [always + sum(cost[id_] for id_ in path) for path in stretch.complete]
        if totals:
            least, middle, most = min(totals), median_low(usual or totals), max(totals)
        else:
            least, middle, most = always, always, always + sum(cost[id_] for id_ in stretch.routed)
        shortest += least * stretch.times
        typical += middle * stretch.times
        longest += most * stretch.times
    basis = TRIED if all(stretch.tried for stretch in stretches) else BOUNDS
    prices = None if price is None else (shortest * price, typical * price, longest * price)
    return InterviewCost(language, shortest, typical, longest, basis, price=prices)
