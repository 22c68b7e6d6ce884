"""The keys of every object of a definition, as marshmallow schemas; what nests is read on its own by `Reader`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate

from forms.definition import CHANNELS, KINDS, MOST_ROWS, SOURCES_OF_ROWS
from forms.errors import Fault
from forms.question_types import TYPES

ID = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
DOMAIN_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
VERSION = re.compile(r"(?=.{1,40}$)[0-9]{1,18}(\.[0-9]{1,18}){0,2}([-+][0-9A-Za-z.-]{1,20})?", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)
SOURCES = ("voice", "self", "record")
_ID_RULE = "An id is a lower-case letter first, then letters a-z, digits and _; at most 32 characters."


def refuse(message: str, suggestion: str = "") -> ValidationError:
    """Make the error that a field raises; the reader adds the path."""
    return ValidationError([Fault("", message, suggestion)])


class Anything(fields.Raw):
    """A value that the reader looks into itself."""


class Flag(fields.Field[bool]):
    """`true` or `false`, not a word or a number that stands for it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise refuse("This must be true or false.", "Write it without quotes.")
        return value


class Number(fields.Field[float]):
    """A number within bounds, both included unless `above` says more than."""

    def __init__(self, least: float, most: float, *, above: bool = False, whole: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most, self.above, self.whole = least, most, above, whole

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        kinds = int if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise refuse(f"This must be a {'whole ' * self.whole}number.", "Write it without quotes.")
        if not self.least <= value <= self.most or (self.above and value == self.least):
            low = f"more than {self.least:g}" if self.above else f"at least {self.least:g}"
            raise refuse(f"This must be {low} and at most {self.most:g}.")
        return value


class Matching(fields.Field[str]):
    """A text of a certain form."""

    def __init__(self, pattern: re.Pattern[str], rule: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern, self.rule = pattern, rule

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise refuse(f"{_quote(value)} cannot stand here.", self.rule)
        return value


class OneOf(fields.Field[str]):
    """One of a few words."""

    def __init__(self, words: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self.words:
            raise refuse(f"{_quote(value)} cannot stand here.", f"Write one of: {', '.join(self.words)}.")
        return str(value)


class Channels(fields.Field[tuple[str, ...]]):
    """A list of channels, each once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...]:
        right = isinstance(value, list) and value and all(isinstance(c, str) and c in CHANNELS for c in value)
        if not right or len(set(value)) != len(value):
            raise refuse("This must list the channels.", 'Write ["web"], ["sms"] or ["web", "sms"].')
        return tuple(channel for channel in CHANNELS if channel in value)


class Shape(Schema):
    """The keys of one kind of object. `place` says where it is; `later`: keys that a later version will have."""

    place: ClassVar[str] = "here"
    later: ClassVar[frozenset[str]] = frozenset()
    elsewhere: ClassVar[Mapping[str, str]] = {}


def an_id(**kwargs: Any) -> Matching:
    """Make the field of an id."""
    return Matching(ID, _ID_RULE, **kwargs)


class DefinitionShape(Shape):
    """The whole file."""

    place = "in a definition"
    id = an_id(required=True)
    version = Matching(VERSION, "Write a version such as 1.0.0.", required=True)
    kind = OneOf(KINDS, load_default="feedback")
    default_language = Matching(LANGUAGE, "Write a language code such as en or pt-BR.", load_default="en")
    languages = Anything()
    title = Anything(required=True)
    introduction = Anything()
    closing = Anything()
    parameters = Anything()
    choice_lists = Anything()
    sections = Anything(required=True)
    scorecard = Anything()


class ParameterShape(Shape):
    """A parameter."""

    place = "in a parameter"
    label = Anything(required=True)
    max_length = Number(1, 500, whole=True)


class ChoiceShape(Shape):
    """A choice."""

    place = "in a choice"
    value = Anything(required=True)
    label = Anything(required=True)
    exclusive = Flag()
    specify = Flag()
    show_if = Anything()


class SectionShape(Shape):
    """A section."""

    place = "in a section"
    id = an_id(required=True)
    title = Anything()
    show_if = Anything()
    repeat = Anything()
    questions = Anything(required=True)


class RepeatShape(Shape):
    """What gives a section its rows."""

    place = "in a repeat"
    over = OneOf(SOURCES_OF_ROWS, required=True)
    min = Number(0, MOST_ROWS, whole=True)
    max = Number(1, MOST_ROWS, whole=True)
    label = Anything()


class QuestionShape(Shape):
    """What every question may have; each type adds its own keys."""

    place = "in a question"
    id = an_id(required=True)
    type = Anything(required=True)
    label = Anything(required=True)
    hint = Anything()
    choices = Anything()
    required = Flag()
    dont_know = Flag()
    not_applicable = Flag()
    private = Flag()
    channels = Channels()
    sms = Anything()
    score = Anything()
    show_if = Anything()
    constraint = Anything()
    constraint_message = Anything()


class SmsShape(Shape):
    """How a question is texted."""

    place = "in `sms`"
    label = Anything()
    choices = Anything()
    part = fields.Integer(strict=True, validate=validate.OneOf((1, 2), error="This must be 1 or 2."))
    follow_up = Anything()


class ScoreShape(Shape):
    """How a question counts."""

    place = "in a score"
    domain = Anything(required=True)
    weight = Number(0, 1000, above=True)
    reverse = Flag()
    map = Anything()
    gate = Anything()
    core = Flag()


class DomainShape(Shape):
    """A domain."""

    place = "in a domain"
    id = Matching(DOMAIN_ID, "Write letters, digits and _; at most 32.", required=True)
    label = Anything(required=True)


class ScorecardShape(Shape):
    """How answers are reported."""

    place = "in a scorecard"
    source = OneOf(SOURCES)
    domains = Anything()
    group_by = Anything()
    min_share = Number(0, 1, above=True)
    k = Number(3, 30, whole=True)
    essential = Anything()
    bands = Anything()


@cache
def question_shape(type_name: str) -> Shape:
    """Give the schema of a question of this type: the common keys and its own (where it is unknown: those of all)."""
    elsewhere: dict[str, str] = {}
    for other in TYPES.values():
        for key in other.settings:
            names = [f"`{t.name}`" for t in TYPES.values() if key in t.settings]
            elsewhere[key] = f"Only these types have it: {', '.join(names)}."
    known = TYPES.get(type_name)
    own = known.settings if known else {key: Anything() for key in elsewhere}
    place = f"in a question of type `{type_name}`" if known else QuestionShape.place
    keys = {"place": place, "elsewhere": elsewhere, "__doc__": QuestionShape.__doc__, **own}
    shape: Shape = type("TypedQuestionShape", (QuestionShape,), keys)()
    return shape


def _quote(value: Any) -> str:
    shown = value if isinstance(value, str) else repr(value)
    return f"`{shown[:60]}`"
