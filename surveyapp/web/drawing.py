"""Questions as HTML, quickly: drawn once for a round and a language, with slots for what differs between people."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup, escape

from forms.definition import Question
from forms.interview import Interview
from forms.piping import fill
from forms.question_types import find_type
from forms.question_types.numbers import find_unit
from forms.question_types.rank import Rank
from forms.question_types.text import DEFAULT_LENGTH
from forms.values import Missing, Raw
from forms.wording import words

MOST_KEPT = 2000
_MARK = f"[{secrets.token_hex(8)}]"
"""Nobody who writes a definition can know it, so that no text is ever taken for a slot."""
_SLOT = re.compile(re.escape(_MARK) + r"(\w+):(.*?)" + re.escape(_MARK))


_NOTHING = Raw()


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """A choice as a control draws it."""

    value: str
    label: str
    specify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuestion:
    """A question as a control draws it: texts in one language, filled in. `apart` are don't know and not applicable."""

    id: str
    label: str
    hint: str
    optional: bool
    choices: tuple[ShownChoice, ...]
    apart: tuple[ShownChoice, ...]
    how_many: str
    places: range
    longest: int
    keyboard: str
    unit: str
    least: object
    most: object


@dataclass(frozen=True, slots=True)
class Drawing:
    """A question drawn, cut at its slots: `pieces` alternate text and slot, `places` says which slots are where."""

    has_hint: bool
    pieces: tuple[str, ...]
    places: Mapping[tuple[str, str], tuple[int, ...]]

    def fill(
        self, id_: str, raw: Raw, fault: str, error_word: str, say: Callable[[str], str], beside: Raw = _NOTHING
    ) -> str:
        """Give the HTML with what was typed or stored, and with the sentence that says what is wrong with it.

        `id_`: what the question is called in this form. `say`: fills the `${...}` of a text.
        `beside`: what stands beside a choice that asks for free text.
        """
        pieces = list(self.pieces)

        def put(kind: str, argument: str, text: str) -> None:
            for place in self.places.get((kind, argument), ()):
                pieces[place] = text

        put("id", "", id_)
        for kind, name in self.places:
            if kind == "piped":
                put(kind, name, escape(_isolate(say(f"${{{name}}}"))))
        missing = str(raw.missing.value) if raw.missing else ""
        for value in (*raw.values, missing):
            put("checked", value, " checked")
            put("picked", value, " selected")
        put("told", missing, " checked")
        put("specified", "", escape(beside.values[0]) if beside.values else "")
        put("typed", "", escape(raw.values[0]) if raw.values else "")
        described = [f"{id_}-{part}" for part, there in (("fault", fault), ("hint", self.has_hint)) if there]
        if described:
            attribute = f' aria-describedby="{" ".join(described)}"'
            put("described", "", attribute)
            put("wrong", "", attribute + (' aria-invalid="true"' if fault else ""))
        if fault:
            word = escape(error_word)
            said = f'<p class="fault" id="{id_}-fault"><b>{word}</b> {escape(fault)}</p>'
            put("fault", "", said)
        return "".join(pieces)


class Drawings:
    """The drawn questions of this process: those that are the same for all but for their slots are kept."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: dict[tuple[str, str, str], Drawing] = {}

    def draw(
        self,
        round_code: str,
        interview: Interview,
        question: Question,
        language: str,
        *,
        raw: Raw = _NOTHING,
        fault: str = "",
        beside: Raw = _NOTHING,
    ) -> str:
        """Give a question's HTML; see `Drawing.fill`."""

        def say(text: str) -> str:
            return interview.say(text, language, question.id)

        drawing = self._find(round_code, interview, question, language)
        return drawing.fill(question.id, raw, fault, words(language).gettext("Error:"), say, beside)

    def _find(self, round_code: str, interview: Interview, question: Question, language: str) -> Drawing:
        """Give a question's drawing. A round's definition and parameters never change, so its drawings may be kept."""
        key = (round_code, language, question.name)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        drawing = self._cut(interview, question, language)
        if not question.choices_vary:
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = drawing
        return drawing

    def _cut(self, interview: Interview, question: Question, language: str) -> Drawing:
        module = self._environment.get_template("answering/controls.html").module
        control = getattr(module, find_type(question.type).control)
        html = str(control(build_question(interview, question, language), _make_slot, words(language)))
        pieces: list[str] = []
        places: dict[tuple[str, str], tuple[int, ...]] = {}
        end = 0
        for match in _SLOT.finditer(html):
            slot = (match[1], match[2])
            places[slot] = (*places.get(slot, ()), len(pieces) + 1)
            pieces += [html[end : match.start()], ""]
            end = match.end()
        pieces.append(html[end:])
        return Drawing(bool(question.hint), tuple(pieces), places)


@lru_cache(maxsize=4)
def find_drawings(environment: Environment) -> Drawings:
    """Give the drawings that belong to an app's templates."""
    return Drawings(environment)


def build_question(interview: Interview, question: Question, language: str) -> ShownQuestion:
    """Give a question's texts in this language, with slots for what differs between people, and between rows."""
    say = words(language).gettext

    def pipe(text: str) -> str:
        return fill(text, lambda name: interview.parameters.get(name) or _make_slot("piped", name))

    kind = find_type(question.type)
    settings = question.settings
    longest = settings.get("max_length", DEFAULT_LENGTH)
    assert isinstance(longest, int)
    apart = (
        (question.dont_know, Missing.DONT_KNOW, say("Don't know")),
        (question.not_applicable, Missing.NOT_APPLICABLE, say("Not applicable")),
    )
    return ShownQuestion(
        id=question.id if question.id == question.name else _make_slot("id"),
        label=pipe(question.label.in_(language)),
        hint=pipe(question.hint.in_(language)) if question.hint else "",
        optional=kind.asks and not question.required,
        choices=tuple(
            ShownChoice(str(choice.value), pipe(choice.label.in_(language)), choice.specify)
            for choice in interview.choices(question)
        ),
        apart=tuple(ShownChoice(str(reason.value), label) for offered, reason, label in apart if offered),
        how_many=_say_how_many(settings.get("max"), language),
        places=range(1, kind.count_places(interview.narrow(question)) + 1) if isinstance(kind, Rank) else range(0),
        longest=longest,
        keyboard=_choose_keyboard(question),
        unit=find_unit(question, language),
        least=settings.get("min"),
        most=settings.get("max"),
    )


def _isolate(words: str) -> str:
    """Keep words that are written from right to left from turning the sentence around them, by Unicode isolates."""
    is_mixed = not words.isascii() and any(unicodedata.bidirectional(character) in ("R", "AL") for character in words)
    return f"\u2068{words}\u2069" if is_mixed else words


def _say_how_many(most: object, language: str) -> str:
    say = words(language)
    if not isinstance(most, int):
        return say.gettext("Choose all that apply.")
    return say.ngettext("Choose %(n)s answer.", "Choose up to %(n)s answers.", most) % {"n": most}


def _choose_keyboard(question: Question) -> str:
    """The number pads of phones have no minus sign, so that they fit only where nothing is below zero."""
    least = question.settings.get("min")
    if not isinstance(least, int | float) and not hasattr(least, "is_signed"):
        return "text"
    if least < 0:  # type: ignore[operator]  # the settings of number types are numbers
        return "text"
    return "numeric" if question.type == "integer" else "decimal"


def _make_slot(kind: str, argument: object = "") -> Markup:
    return Markup(f"{_MARK}{kind}:{argument}{_MARK}")  # noqa: S704  # a mark of ours, and a choice's checked value
