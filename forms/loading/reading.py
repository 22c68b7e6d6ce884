"""Reading JSON objects by their schemas, one at a time, so that a fault in one never hides the faults of another."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from marshmallow import ValidationError

from forms.errors import Fault
from forms.loading.schemas import Shape

MOST_SUGGESTIONS = 200
_WORDS = {
    "Missing data for required field.": "This key is missing.",
    "Field may not be null.": "This must not be null; leave the key out instead.",
    "Not a valid integer.": "This must be a whole number, without quotes.",
    "Not a valid number.": "This must be a number, without quotes.",
    "Not a valid date.": "This must be a date in quotes, such as 2026-11-30.",
}
_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*", re.ASCII)


class Reader:
    """Reads objects and collects faults; each fault once."""

    def __init__(self) -> None:
        self._faults: dict[Fault, None] = {}
        self._suggestions = 0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that was wrong so far."""
        return tuple(self._faults)

    def fault(self, path: str, message: str, suggestion: str = "") -> None:
        """Note what is wrong, where, and how to mend it."""
        self._faults[Fault(path, printable(message), printable(suggestion))] = None

    def read(self, shape: Shape, raw: Any, path: str) -> dict[str, Any]:
        """Give the values that are as the schema wants them, and note everything that is not."""
        if not isinstance(raw, dict):
            self.fault(path, f"This must be an object in braces, not {describe(raw)}.")
            return {}
        known = {key: value for key, value in raw.items() if key in shape.fields}
        for key in raw:
            if key not in known:
                self._refuse_key(shape, key, path)
        try:
            return dict(shape.load(known))
        except ValidationError as error:
            for where, fault in _flatten(error.messages, path):
                self.fault(where, fault.message, fault.suggestion)
            return dict(error.valid_data) if isinstance(error.valid_data, dict) else {}

    def read_list(self, raw: Any, path: str, what: str, most: int, *, least: int = 1) -> list[tuple[str, Any]]:
        """Give the entries of a list with their paths; too few, too many or no list at all is a fault."""
        if not isinstance(raw, list):
            self.fault(path, f"This must be a list in square brackets, not {describe(raw)}.")
            return []
        if len(raw) < least:
            self.fault(path, f"There are no {what} in this list.", "Add one.")
        if len(raw) > most:
            self.fault(path, f"There are {len(raw):,} {what}; at most {most:,} are read.", "Split the instrument.")
        return [(step(path, place), value) for place, value in enumerate(raw[:most])]

    def read_object(self, raw: Any, path: str, what: str, most: int) -> list[tuple[str, str, Any]]:
        """Give the entries of an object as path, key, value; too many or no object at all is a fault."""
        if not isinstance(raw, dict):
            self.fault(path, f"This must be an object in braces, not {describe(raw)}.")
            return []
        if len(raw) > most:
            self.fault(path, f"There are {len(raw):,} {what}; at most {most:,} are read.")
        return [(step(path, key), key, value) for key, value in list(raw.items())[:most]]

    def suggest(self, wrong: str, known: Collection[str], otherwise: str = "") -> str:
        """Give "Did you mean `x`?" where one of the known words is near, else the other sentence."""
        self._suggestions += 1
        if self._suggestions <= MOST_SUGGESTIONS and len(wrong) <= 40:
            near = difflib.get_close_matches(wrong, known, 1, 0.6) or difflib.get_close_matches(
                wrong.lower(), known, 1, 0.6
            )
            if near:
                return f"Did you mean `{near[0]}`?"
        return otherwise

    def _refuse_key(self, shape: Shape, key: str, path: str) -> None:
        where = step(path, key)
        if key in shape.later:
            self.fault(where, f"This version does not have `{key}` yet.", "Leave it out.")
            return
        hint = shape.elsewhere.get(key) or self.suggest(key, shape.fields)
        self.fault(where, f"There is no key `{shorten(key)}` {shape.place}.", hint)


def step(path: str, key: str | int) -> str:
    """Give the JSON path one level down: `$.a`, `$.a[0]`, `$["odd key"]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if _PLAIN_KEY.fullmatch(key) and len(key) <= 60:
        return f"{path}.{key}"
    return f"{path}[{json.dumps(shorten(key), ensure_ascii=False)}]"


def shorten(text: str, most: int = 60) -> str:
    """Give a text as faults quote it: on one line, and not too long."""
    return printable(text if len(text) <= most else text[: most - 1] + "…")


def printable(text: str) -> str:
    """Give a text with its control characters written out, so that a fault stays one line on any terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def describe(raw: Any) -> str:
    """Say what a JSON value is, in words."""
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, int | float):
        return f"the number {raw}"
    if isinstance(raw, str):
        return f"the text {json.dumps(shorten(raw, 40), ensure_ascii=False)}"
    return "a list" if isinstance(raw, list) else "an object"


def _flatten(messages: Any, path: str) -> Iterator[tuple[str, Fault]]:
    """Give marshmallow's nested messages one by one, each with the path of what it speaks about."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flatten(inner, path if key == "_schema" else step(path, key))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _flatten(inner, path)
    else:
        yield path, messages if isinstance(messages, Fault) else Fault(path, _WORDS.get(messages, str(messages)))
