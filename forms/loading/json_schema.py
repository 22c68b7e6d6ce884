"""The definition language as a JSON Schema (draft 2020-12), so that an editor completes, explains and checks.

Made from the marshmallow schemas that the loader reads with. It says no more than they do: whatever it refuses the
loader refuses too, while the loader also sees what no schema can (references, what conditions compare).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, missing, validate

from forms.definition import CHANNELS
from forms.loading import choices, questionnaire, schemas, scoring, texts
from forms.loading.descriptions import KEYS, SETTINGS
from forms.loading.schemas import Shape
from forms.question_types import TYPES
from forms.question_types.base import QuestionType
from forms.question_types.calculate import CalculationField
from forms.question_types.decimal import LimitField
from forms.question_types.numbers import UnitField
from forms.values import MISSING_CODES

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SAID: Json = {"type": "string", "pattern": r"\S"}
_CONDITION: Json = {"type": "string", "minLength": 1}


def write_schema() -> str:
    """Give the schema as the text of a file."""
    return json.dumps(build_schema(), ensure_ascii=False, indent=2) + "\n"


def build_schema() -> Json:
    """Give the schema of a whole definition; the same version always gives the same."""
    return {
        "$schema": DIALECT,
        "title": "Definition of an instrument",
        "description": "One version of one questionnaire: what is asked, in which languages, and how it is reported.",
        **_build_object(schemas.DefinitionShape, {"$schema": {"description": "Where this schema is."}}),
        "$defs": {
            "text": _TEXT,
            "choices": {"type": "array", "minItems": 1, "maxItems": choices.MOST_CHOICES, "items": _refer("choice")},
            "choice": _build_object(schemas.ChoiceShape),
            "parameter": _build_object(schemas.ParameterShape),
            "section": _build_object(schemas.SectionShape),
            "repeat": _build_object(schemas.RepeatShape),
            "question": _build_question(),
            **{f"{name}_question": _build_typed_question(type_) for name, type_ in TYPES.items()},
            "sms": _build_object(schemas.SmsShape),
            "score": _build_object(schemas.ScoreShape),
            "scorecard": _build_object(schemas.ScorecardShape),
            "domain": _build_object(schemas.DomainShape),
        },
    }


def _refer(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _by_name(pattern: str, inner: Json, most: int) -> Json:
    """An object whose keys the author chooses."""
    return {
        "type": "object",
        "propertyNames": {"pattern": pattern},
        "additionalProperties": inner,
        "maxProperties": most,
    }


def _list_of(inner: Json, most: int, least: int = 1) -> Json:
    return {"type": "array", "minItems": least, "maxItems": most, "items": inner}


_ID = f"^{schemas.ID.pattern}$"
_LANGUAGE = f"^{schemas.LANGUAGE.pattern}$"
_TEXT: Json = {
    "description": "Words for people: a string in the default language, or an object of strings by language code.",
    "anyOf": [_SAID, {**_by_name(_LANGUAGE, _SAID, texts.MOST_LANGUAGES), "minProperties": 1}],
}
_POINTS: Json = {"type": "number", "minimum": 0, "maximum": scoring.GREATEST_SCORE}
_BAND: Json = {
    "type": "array",
    "prefixItems": [{"type": "number", "minimum": 0, "exclusiveMaximum": scoring.GREATEST_SCORE}, _SAID],
    "minItems": 2,
    "maxItems": 2,
}
_VALUE: Json = {
    "anyOf": [
        {"type": "integer", "maximum": min(MISSING_CODES) - 1},
        {"type": "integer", "minimum": max(MISSING_CODES) + 1},
        {"type": "string", "pattern": "^[a-z0-9_]{1,32}$"},
    ]
}

_INSIDE: Mapping[type[Shape], Mapping[str, Json]] = {
    schemas.DefinitionShape: {
        "languages": {**_by_name(_LANGUAGE, _SAID, texts.MOST_LANGUAGES), "minProperties": 1},
        "parameters": _by_name(_ID, _refer("parameter"), questionnaire.MOST_PARAMETERS),
        "choice_lists": _by_name(_ID, _refer("choices"), choices.MOST_LISTS),
        "sections": _list_of(_refer("section"), questionnaire.MOST_SECTIONS),
        "scorecard": _refer("scorecard"),
    },
    schemas.ChoiceShape: {"value": _VALUE},
    schemas.SectionShape: {
        "questions": _list_of(_refer("question"), questionnaire.MOST_QUESTIONS),
        "repeat": _refer("repeat"),
    },
    schemas.RepeatShape: {"label": {"type": "string"}},
    schemas.QuestionShape: {
        "type": {
            "enum": list(TYPES),
            "enumDescriptions": [str(type(t).__doc__).split("\n")[0] for t in TYPES.values()],
        },
        "choices": {"anyOf": [{"type": "string", "pattern": _ID}, _refer("choices")]},
        "sms": _refer("sms"),
        "score": _refer("score"),
    },
    schemas.SmsShape: {
        "choices": {
            "type": "object",
            "additionalProperties": _refer("text"),
            "maxProperties": questionnaire.MOST_QUESTIONS,
        },
        "follow_up": {"type": ["integer", "string"]},
    },
    schemas.ScoreShape: {
        "domain": {"type": "string"},
        "map": {"type": "object", "additionalProperties": _POINTS, "maxProperties": choices.MOST_CHOICES},
        "gate": {"type": ["integer", "string"]},
    },
    schemas.ScorecardShape: {
        "domains": _list_of(_refer("domain"), scoring.MOST_DOMAINS),
        "group_by": {"type": "string"},
        "essential": _list_of({"type": "string"}, questionnaire.MOST_QUESTIONS, 0),
        "bands": _list_of(_BAND, scoring.MOST_BANDS),
    },
}
"""What stands inside the values that the reader looks into itself, apart from texts and conditions."""

_CONDITIONS = ("show_if", "constraint")


def _build_object(shape: type[Shape], further: Json | None = None) -> Json:
    """Give an object with these keys and no other."""
    keys = shape().fields
    built: Json = {
        "type": "object",
        "properties": {**(further or {}), **{name: _build_key(shape, name, field) for name, field in keys.items()}},
        "required": [name for name, field in keys.items() if field.required],
        "additionalProperties": False,
    }
    return built if built["required"] else {key: value for key, value in built.items() if key != "required"}


def _build_key(shape: type[Shape], name: str, field: fields.Field[Any]) -> Json:
    about = KEYS.get(shape, {}).get(name)
    inside = _INSIDE.get(shape, {}).get(name)
    if inside is None and isinstance(field, schemas.Anything):
        inside = _CONDITION if name in _CONDITIONS else _refer("text")
    built = {"description": about} if about else {}
    built |= inside if inside is not None else _build_value(field)
    return built if field.load_default is missing else {**built, "default": field.load_default}


def _build_question() -> Json:
    """Give what all questions share; what stands in `type` decides which further keys there are."""
    built = _build_object(schemas.QuestionShape)
    del built["additionalProperties"]
    return built | {
        "allOf": [
            {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": _refer(f"{name}_question")}
            for name in TYPES
        ]
    }


def _build_typed_question(type_: QuestionType) -> Json:
    """Give the keys of a question of this type; the values of the common ones are told in `question`."""
    common: Json = dict.fromkeys(schemas.QuestionShape().fields, True)
    if not type_.takes_choices:
        del common["choices"]
    if not type_.asks:
        common |= {key: {"const": False} for key in ("required", "dont_know", "not_applicable")}
        common = {
            key: value for key, value in common.items() if key not in questionnaire.NOT_FOR_NOTES or value is not True
        }
    own = {key: {"description": SETTINGS[key], **_build_value(field)} for key, field in type_.settings.items()}
    needed = ["choices"] if type_.takes_choices else []
    needed += [key for key, field in type_.settings.items() if field.required]
    return {
        "description": type(type_).__doc__,
        "properties": {**common, **own},
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _build_value(field: fields.Field[Any]) -> Json:
    """Give what a field of the marshmallow schemas takes."""
    match field:
        case schemas.Flag():
            return {"type": "boolean"}
        case schemas.Number():
            low = "exclusiveMinimum" if field.above else "minimum"
            return {"type": "integer" if field.whole else "number", low: field.least, "maximum": field.most}
        case schemas.Matching():
            return {"type": "string", "pattern": f"^{field.pattern.pattern}$"}
        case schemas.OneOf():
            return {"enum": list(field.words)}
        case schemas.Channels():
            return {"type": "array", "items": {"enum": list(CHANNELS)}, "minItems": 1, "uniqueItems": True}
        case fields.Integer():
            return {"type": "integer", **_read_validators(field)}
        case LimitField():
            return {"type": ["number", "string"], "pattern": f"^{field.pattern.pattern}$"}
        case fields.Date():
            return {"type": "string", "format": "date"}
        case CalculationField():
            return _CONDITION
        case UnitField():
            return _refer("text")
    raise TypeError(f"no JSON Schema for {type(field).__name__}")


def _read_validators(field: fields.Field[Any]) -> Json:
    built: Json = {}
    for validator in field.validators:
        match validator:
            case validate.Range():
                bounds = {"minimum": validator.min, "maximum": validator.max}
                built |= {key: bound for key, bound in bounds.items() if bound is not None}
            case validate.OneOf():
                built["enum"] = list(validator.choices)
    return built
