"""Channel fit: what every question is as a text message, and what a whole interview by text costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median_low
from typing import Any

from forms.checks.combinations import Combinations, UndecidedError
from forms.checks.finding import walk_questions
from forms.checks.texting import fill_longest
from forms.definition import SMS, Definition, Question, Section
from forms.expressions import Scope
from forms.interview import Interview
from forms.question_types import find_type
from forms.sms.framing import LONGEST_NAME, add_languages, ask_consent, say_thanks
from forms.sms.prompts import build_prompt
from forms.sms.segments import count_segments

REFERENCE = "XXXX-XXXX"
OPENING, CLOSING = "opening", "closing"
TRIED = "every combination of the answers that decide the path"
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
    definition: Definition, *, parameters: Mapping[str, str] | None = None, price: Decimal | None = None
) -> ChannelFit:
    """Build every text of the interview in every language, and count what a whole interview sends.

    `parameters`: what is filled in for a round; what is not given counts at its longest. `price`: of one segment.
    """
    filled = {parameter.id: "x" * parameter.max_length for parameter in definition.parameters} | dict(parameters or {})
    open_ = _drop_conditions(definition)
    interview = Interview(open_, {}, _TODAY, parameters=filled)
    if not interview.questions_in(SMS):
        return ChannelFit((), ())
    longest = {question.id: fill_longest(definition, question) for question in open_.questions.values()}
    texts = []
    for path, question in walk_questions(definition):
        if SMS in question.channels and find_type(question.type).asks:
            for language in definition.languages:
                text = build_prompt(interview, longest[question.id], language)
                if question.type == "consent":
                    text = add_languages(text, language, definition.languages)
                texts.append(_measure(question.id, path, language, question.sms.part, text))
    texts += [text for language in definition.languages for text in _frame(definition, interview, language)]
    paths = _find_paths(definition)
    costs = tuple(_add_up(definition, language, tuple(texts), paths, price) for language in definition.languages)
    return ChannelFit(tuple(texts), costs)


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
class _Paths:
    """Which questions every path texts, and which those with a condition each path texts besides.

    `complete`: those of the paths on which everything is answered. Both are empty where they were too many to try.
    """

    always: tuple[str, ...]
    routed: tuple[str, ...]
    tried: tuple[frozenset[str], ...] = ()
    complete: tuple[frozenset[str], ...] = ()


def _find_paths(definition: Definition) -> _Paths:
    texted = [
        (section, question)
        for section, question in definition.walk()
        if SMS in question.channels and find_type(question.type).asks and question.sms.part == 1
    ]
    routed = [(section, q) for section, q in texted if section.show_if is not None or q.show_if is not None]
    ids = tuple(question.id for _, question in routed)
    always = tuple(question.id for _, question in texted if question.id not in ids)
    tried: list[frozenset[str]] = []
    complete: list[frozenset[str]] = []
    try:
        for scope in Combinations(definition).walk(*(c for section, q in routed for c in (section.show_if, q.show_if))):
            asked = frozenset(question.id for section, question in routed if _is_asked(section, question, scope))
            tried.append(asked)
            if not _is_left_out(definition, scope):
                complete.append(asked)
    except UndecidedError:
        return _Paths(always, ids)
    return _Paths(always, ids, tuple(tried), tuple(complete))


def _is_asked(section: Section, question: Question, scope: Scope) -> bool:
    return all(one is None or one.holds(scope) for one in (section.show_if, question.show_if))


def _is_left_out(definition: Definition, scope: Scope) -> bool:
    """Whether one of the answers that decide the path is missing although it was asked for."""
    missing = {name for name, value in scope.values.items() if value is None}
    return bool(missing) and any(
        question.id in missing and _is_asked(section, question, scope) for section, question in definition.walk()
    )


def _add_up(
    definition: Definition, language: str, texts: tuple[TextFit, ...], paths: _Paths, price: Decimal | None
) -> InterviewCost:
    cost = {text.question: text.segments for text in texts if text.language == language}
    always = sum(cost[id_] for id_ in paths.always) + sum(cost.get(id_, 0) for id_ in (OPENING, CLOSING))
    group = definition.scorecard.group_by if definition.scorecard else None
    known = cost[group] if group in paths.always and group is not None else 0
    totals = [always + sum(cost[id_] for id_ in path) for path in paths.tried]
    usual = [always + sum(cost[id_] for id_ in path) for path in paths.complete]
    if totals:
        counts = (min(totals) - known, median_low(usual or totals), max(totals))
    else:
        counts = (always - known, always, always + sum(cost[id_] for id_ in paths.routed))
    prices = None if price is None else (counts[0] * price, counts[1] * price, counts[2] * price)
    return InterviewCost(language, *counts, TRIED if totals else BOUNDS, prices)
