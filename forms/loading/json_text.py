"""Bytes -> JSON values, within bounds: nothing here knows what a definition is, and nothing recurses into the input."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from forms.errors import DefinitionError, Fault
from forms.loading.reading import shorten, step

MAX_BYTES = 2_000_000
MAX_LEVELS = 64
GREATEST_INTEGER = 2**63 - 1
LEAST_INTEGER = -(2**63)

_BOM = "\ufeff"
# A string (perhaps never closed) or a bracket: possessive, so that hostile input costs one pass
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00": "UTF-16 or UTF-32", b"{\x00": "UTF-16"}
_SENTENCES = {
    "Expecting property name enclosed in double quotes": "a key in double quotes is expected",
    "Expecting value": "a value is expected",
    "Expecting ',' delimiter": "a comma is expected",
    "Expecting ':' delimiter": "a colon is expected",
    "Extra data": "the definition ends before this",
    "Unterminated string starting at": "a text in quotes is not closed",
    "Invalid control character at": "a line end or control character stands inside a text",
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
}


class _Refused:
    """A value of the JSON text that no definition may hold; the walk finds it and says where it is."""

    def __init__(self, message: str) -> None:
        self.message = message


class _Object(dict[str, Any]):
    """An object that remembers which keys stood twice."""

    twice: tuple[str, ...] = ()


def decode(data: bytes | str, file: str = "") -> str:
    """Give the text of a definition; refuses what is empty, too large, or not UTF-8 without a byte order mark."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _refusal(f"The file is larger than {MAX_BYTES // 1_000_000} MB.", "Split the instrument.", file)
    text = data if isinstance(data, str) else _decode_bytes(data, file)
    if text.startswith(_BOM):
        raise _refusal("The file begins with a byte order mark (BOM).", "Save it as UTF-8 without BOM.", file)
    if not text.strip():
        raise _refusal("The file is empty.", "Write a definition as a JSON object.", file)
    return text


def read_json(text: str, file: str = "") -> Any:
    """Give the values of a JSON text; raises `DefinitionError` with every fault of its form.

    Refused: more than 64 levels, keys that stand twice, NaN and infinities, integers beyond 64 bits, lone surrogates.
    """
    _check_levels(text, file)
    try:
        data = json.loads(
            text,
            object_pairs_hook=_build_object,
            parse_int=_read_integer,
            parse_float=_read_float,
            parse_constant=lambda word: _Refused(f"{word} is no JSON number."),
        )
    except json.JSONDecodeError as error:
        sentence = _SENTENCES.get(error.msg, error.msg)
        where = f"line {error.lineno}, column {error.colno}"
        hint = "Look for a comma, quote or bracket too many or too few just before it."
        raise _refusal(f"This is not JSON: at {where} {sentence}.", hint, file) from None
    faults = tuple(_walk(data))
    if faults:
        raise DefinitionError(faults, file)
    return data


def _refusal(message: str, suggestion: str, file: str) -> DefinitionError:
    return DefinitionError([Fault("$", message, suggestion)], file)


def _decode_bytes(data: bytes, file: str) -> str:
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            raise _refusal(f"The file is not UTF-8; it looks like {name}.", "Save it as UTF-8.", file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte {error.start + 1} (line {line}, 0x{data[error.start]:02x})"
        raise _refusal(f"The file is not UTF-8: {byte} cannot be read.", "Save it as UTF-8.", file) from None


def _check_levels(text: str, file: str) -> None:
    """Count brackets outside of strings, before the parser could recurse into them."""
    level = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        if match[0] in "[{":
            level += 1
            if level > MAX_LEVELS:
                line = text.count("\n", 0, match.start()) + 1
                message = f"The JSON is nested more than {MAX_LEVELS} levels deep (line {line})."
                raise _refusal(message, "A definition needs fewer than ten.", file)
        elif match[0] in "]}":
            level -= 1


def _build_object(pairs: list[tuple[str, Any]]) -> _Object:
    built = _Object(pairs)
    if len(built) != len(pairs):
        seen: set[str] = set()
        built.twice = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return built


def _read_integer(digits: str) -> Any:
    # the length first: turning a million digits into an integer takes seconds
    if len(digits) > len(str(LEAST_INTEGER)) or not LEAST_INTEGER <= int(digits) <= GREATEST_INTEGER:
        return _Refused(f"The number {shorten(digits, 24)} does not fit into 64 bits.")
    return int(digits)


def _read_float(digits: str) -> Any:
    number = float(digits)
    return number if math.isfinite(number) else _Refused(f"The number {shorten(digits, 24)} is too large.")


def _walk(data: Any) -> Iterator[Fault]:
    """Find what JSON allows and we do not, with its path; an explicit stack, no recursion."""
    waiting: list[tuple[str, Any]] = [("$", data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Refused):
            yield Fault(path, value.message)
        elif isinstance(value, str):
            if _SURROGATE.search(value):
                yield Fault(path, "The text holds half of a character pair (a lone surrogate).", "Type it again.")
        elif isinstance(value, _Object):
            for key in value.twice:
                yield Fault(step(path, key), f"The key `{shorten(key)}` stands twice.", "Keep one of them.")
            for key in value:
                if _SURROGATE.search(key):
                    yield Fault(path, "A key holds half of a character pair (a lone surrogate).", "Type it again.")
            waiting.extend((step(path, key), inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend((step(path, place), inner) for place, inner in reversed(list(enumerate(value))))
