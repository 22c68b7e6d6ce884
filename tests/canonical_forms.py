"""When two definitions are the same: their JSON in one form, and what the loader made of them, part by part."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from forms.definition import Definition

TEXTS = ("label", "hint", "title", "introduction", "closing", "constraint_message")
EMPTY = ("sms", "choices", "parameters", "choice_lists")
"""Keys that say nothing where they hold nothing."""


def canonical(source: str) -> Any:
    """Give the JSON of a definition with a text in the default language only as a string, and without `$schema`."""
    read = json.loads(source)
    read.setdefault("default_language", "en")
    return _straighten(read, "", read["default_language"])


def _straighten(value: Any, key: str, default: str) -> Any:
    if isinstance(value, dict):
        if key in TEXTS and set(value) == {default}:
            return value[default]
        inside = {
            name: _straighten(inner, "label" if key == "choices" else name, default) for name, inner in value.items()
        }
        return {name: inner for name, inner in inside.items() if name != "$schema" and (inner or name not in EMPTY)}
    return [_straighten(inner, "", default) for inner in value] if isinstance(value, list) else value


def parts(value: Any) -> Any:
    """Give everything that a loaded definition says, in plain tuples; compared by value."""
    if isinstance(value, Definition):
        return {f.name: parts(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "source"}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(parts(getattr(value, f.name)) for f in dataclasses.fields(value)))
    if isinstance(value, Mapping):
        return {key: parts(inner) for key, inner in value.items()}
    return [parts(inner) for inner in value] if isinstance(value, list | tuple) else (type(value).__name__, value)
