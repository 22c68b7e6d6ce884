"""Texts and conditions of a definition: read, and remembered with what stands before them, to be checked at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forms.definition import Text
from forms.expressions import Expression, ExpressionError, parse
from forms.loading.reading import Reader, describe, shorten, step
from forms.loading.schemas import LANGUAGE
from forms.piping import find_references
from forms.question_types.base import Kind
from forms.text import normalise

MOST_LANGUAGES = 40
MOST_CONDITION_CHARACTERS = 200_000
_MISSING = "…"


@dataclass(frozen=True, slots=True)
class Place:
    """What a text or condition may refer to: the parameters, and the questions that stand before it.

    `before`: how many questions those are. `own`: the question it belongs to, which it must not refer to.
    `parameters`: whether it may refer to anything at all. `row`: the place of the repeated section it stands in, where
    the answers of the same row may be referred to.
    """

    before: int = 0
    own: str = ""
    parameters: bool = True
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Piped:
    """A text with references, where it stands."""

    path: str
    references: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition or calculation and where it stands; for a constraint, `answer` is what `.` is (`None`: unknown)."""

    path: str
    expression: Expression
    place: Place
    constraint: bool = False
    calculation: bool = False
    answer: Kind | None = None


class Texts:
    """Reads texts and conditions and keeps those that refer to something."""

    def __init__(self, reader: Reader, default_language: str, languages: Any) -> None:
        self.reader = reader
        self.default_language = default_language
        self.languages = self._read_languages(languages)
        self.piped: list[Piped] = []
        self.conditions: list[Condition] = []
        self._characters = 0

    def text(self, raw: Any, path: str, place: Place) -> Text:
        """Read a string (default language) or an object by language code; a fault gives a text that stands in."""
        text = self.plain(raw, path)
        self.place(text, path, place)
        return text

    def plain(self, raw: Any, path: str) -> Text:
        """Read a text whose references are checked by `place`, once it is known where it is used."""
        words = self._by_language(raw, path)
        for language, said in words.items():
            if said.count("${") != len(find_references(said)):
                where = path if isinstance(raw, str) else step(path, language)
                self.reader.fault(where, "A `${` is not closed.", "Write `${id}`.")
        return Text(words or {self.default_language: _MISSING}, self.default_language)

    def place(self, text: Text, path: str, place: Place) -> None:
        """Remember what a text refers to."""
        references = tuple(dict.fromkeys(r for said in text.by_language.values() for r in find_references(said)))
        if references:
            self.piped.append(Piped(path, references, place))

    def condition(self, raw: Any, path: str, place: Place) -> Expression | None:
        """Read a condition; one that cannot be read is a fault and gives nothing."""
        expression = self.plain_condition(raw, path)
        if expression is not None:
            self.conditions.append(Condition(path, expression, place))
        return expression

    def constraint(self, raw: Any, path: str, place: Place, answer: Kind | None) -> Expression | None:
        """Read a constraint on an answer of this kind (`None`: the type is unknown)."""
        expression = self.plain_condition(raw, path)
        if expression is not None:
            self.conditions.append(Condition(path, expression, place, constraint=True, answer=answer))
        return expression

    def calculation(self, raw: Any, path: str, place: Place) -> Expression | None:
        """Read a calculation; one that cannot be read is a fault and gives nothing."""
        expression = self.plain_condition(raw, path)
        if expression is not None:
            self.conditions.append(Condition(path, expression, place, calculation=True))
        return expression

    def plain_condition(self, raw: Any, path: str) -> Expression | None:
        """Read a condition whose references are checked later."""
        if not isinstance(raw, str):
            self.reader.fault(path, f"A condition must be a text, not {describe(raw)}.")
            return None
        self._characters += len(raw)
        if self._characters > MOST_CONDITION_CHARACTERS:
            message = f"The conditions have more than {MOST_CONDITION_CHARACTERS:,} characters in all."
            self.reader.fault("$", message, "Split the instrument.")
            return None
        try:
            return parse(raw)
        except ExpressionError as error:
            self.reader.fault(path, error.message, error.suggestion)
            return None

    def _by_language(self, raw: Any, path: str) -> dict[str, str]:
        if isinstance(raw, str):
            return self._said({self.default_language: raw}, path)
        if not isinstance(raw, dict):
            message = f"A text must be a string or an object by language code, not {describe(raw)}."
            self.reader.fault(path, message)
            return {}
        for language in raw:
            if language not in self.languages:
                hint = self.reader.suggest(language, self.languages, "Add it to `languages`.")
                self.reader.fault(step(path, language), f"There is no language `{shorten(language)}`.", hint)
        words = self._said({key: raw[key] for key in raw if key in self.languages}, path, by_language=True)
        if self.default_language not in raw:
            self.reader.fault(path, f"The text is missing in `{self.default_language}`, the default language.")
            return {self.default_language: _MISSING, **words}
        return words

    def _said(self, words: dict[str, Any], path: str, *, by_language: bool = False) -> dict[str, str]:
        said = {}
        for language, raw in words.items():
            where = step(path, language) if by_language else path
            text = normalise(raw) if isinstance(raw, str) else ""
            if not isinstance(raw, str):
                self.reader.fault(where, f"A text must be a string, not {describe(raw)}.")
            elif not text:
                self.reader.fault(where, "The text is empty.", "Leave the key out or write something.")
            said[language] = text or _MISSING
        return said

    def _read_languages(self, raw: Any) -> dict[str, str]:
        if raw is None:
            return {self.default_language: self.default_language}
        languages = {}
        for path, code, name in self.reader.read_object(raw, "$.languages", "languages", MOST_LANGUAGES):
            if not LANGUAGE.fullmatch(code):
                hint = "Write language codes such as en or pt-BR."
                self.reader.fault(path, f"`{shorten(code)}` is no language code.", hint)
            if not isinstance(name, str) or not name.strip():
                hint = "Write it as its speakers do, for example Français."
                self.reader.fault(path, f"The language's name must be a text, not {describe(name)}.", hint)
            languages[code] = normalise(name) if isinstance(name, str) else code
        if isinstance(raw, dict) and self.default_language not in raw:
            message = f"`languages` lacks the default language `{self.default_language}`."
            self.reader.fault("$.languages", message, "Add it, or change `default_language`.")
        return languages if languages else {self.default_language: self.default_language, **languages}
