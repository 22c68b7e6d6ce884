"""A sample path: the first answer that every question takes, to look at an instrument before anybody is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from forms.definition import Definition, Question, RosterEntry
from forms.errors import AnswerError
from forms.interview import Interview
from forms.question_types import find_type
from forms.rows import join
from forms.values import Missing, Raw, Value

WORDS = "Lorem ipsum"
"""What a sample writes into free text: words of no language in particular."""
SAMPLE_ROWS = 2
_NUMBERS = ("1", "0", "10", "100", "0.5")


def fill_parameters(definition: Definition, language: str, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give every parameter a value: what is given, else its label in brackets, as long as it may be."""
    given = given or {}
    return {
        parameter.id: given.get(parameter.id) or _bracket(parameter.label.in_(language), parameter.max_length)
        for parameter in definition.parameters
    }


def _bracket(label: str, longest: int) -> str:
    return f"({label[: longest - 2]})" if longest > 2 else label[:longest]


def make_roster(definition: Definition, name: str = WORDS, count: int = SAMPLE_ROWS) -> tuple[RosterEntry, ...]:
    """Give the definition a roster of so many entries, numbered after this name, if it needs one."""
    entries = (RosterEntry(id=str(number), name=f"{name} {number}") for number in range(1, count + 1))
    return tuple(entries) if definition.needs_roster else ()


def begin_sample(
    definition: Definition, today: date, language: str, given: Mapping[str, str] | None = None
) -> Interview:
    """Give an interview to look at: its parameters filled in, a row in every list, and a roster of two entries."""
    answers: dict[str, Value] = {}
    for section in definition.repeats:
        answers |= {join(section.id, "1"): 1, section.id: 1} if section.repeat and section.repeat.adds else {}
    filled = fill_parameters(definition, language, given)
    return Interview(definition, answers, today, parameters=filled, roster=make_roster(definition))


def find_sample(interview: Interview, question: Question, language: str) -> tuple[Raw, Value]:
    """Give the first answer that the question takes at this point of the interview; a refusal where it takes none."""
    question = interview.narrow(question)
    for raw in _list_candidates(question, interview.today):
        try:
            value = find_type(question.type).parse(question, raw, language)
            interview.check_constraint(question, value, language)
        except AnswerError:
            continue
        return raw, value
    return Raw(missing=Missing.REFUSED), Missing.REFUSED


def answer_all(interview: Interview, channel: str, language: str) -> Interview:
    """Give the interview as it stands when a channel has asked everything and got the first answer each time."""
    while (question := interview.next_question(channel)) is not None:
        interview = interview.with_answers({question.id: find_sample(interview, question, language)[1]})
    return interview


def _list_candidates(question: Question, today: date) -> Iterator[Raw]:
    """Give answers to try, the likeliest first: each choice, all choices, then what free questions may take."""
    codes = tuple(str(choice.value) for choice in find_type(question.type).choices(question))
    yield from (Raw((code,)) for code in codes)
    yield from (Raw(codes[:count]) for count in range(2, len(codes) + 1))
    longest = question.settings.get("max_length")
    if question.type == "text":
        yield Raw((WORDS[:longest] if isinstance(longest, int) else WORDS,))
    limits = [question.settings.get(key) for key in ("min", "max")]
    yield from (Raw((str(limit),)) for limit in limits if isinstance(limit, int | Decimal | date))
    yield from (Raw((number,)) for number in _NUMBERS)
    yield Raw((today.isoformat(),))
