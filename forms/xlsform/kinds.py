"""What the type cell of a row says: one of our types, or why there is none like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BEGIN, END = "begin", "end"
SELECTS = {"select one": "select_one", "select all that apply": "select_multiple", "rank": "rank"}
"""How pyxform calls the selects, and what they are here."""
_INPUTS = {"string": "text", "int": "integer", "decimal": "decimal", "date": "date"}
_AS_TEXT = {
    "barcode": "a barcode: its digits are typed",
    "time": "a time of day: it is typed, as 14:30",
    "dateTime": "a day with a time: it is typed, as 2026-11-30 14:30",
}
_NONE_LIKE_IT = {
    "geopoint": "a place on the map",
    "geotrace": "a line on the map",
    "geoshape": "an area on the map",
    "binary": "a photo, recording or file",
}
_FILLED_IN = "filled in by the device"


@dataclass(frozen=True, slots=True)
class RowKind:
    """What a row is. `type`: ours, or `begin`, `end`; empty where there is none, and `reason` says what it was.

    `control`: `group` or `repeat`. `list_name`, `or_other`: of selects. `note`: what differs from the type there.
    """

    type: str = ""
    reason: str = ""
    control: str = ""
    list_name: str = ""
    or_other: bool = False
    note: str = ""


def read_kind(written: str) -> RowKind:
    """Read a type cell that pyxform has taken."""
    from pyxform import aliases
    from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT

    plain = " ".join(written.split())
    for pattern, type_ in ((RE_BEGIN_CONTROL, BEGIN), (RE_END_CONTROL, END)):
        if match := pattern.match(plain):
            control = "group" if aliases.control[match["type"]] == "group" else "repeat"
            return RowKind(type_, control=control)
    if match := RE_SELECT.match(plain):
        command = match["select_command"]
        type_ = SELECTS.get(aliases.select[command], "")
        if command in aliases.select_from_file or not type_:
            return RowKind(reason="a choice from a list in another file")
        if "${" in match["list_name"]:
            return RowKind(reason="a choice among the answers of a repeat")
        return RowKind(type_, list_name=match["list_name"], or_other=bool(match["specify_other"]))
    return _read_plain(plain)


def _read_plain(plain: str) -> RowKind:
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    if plain == "hidden":
        return RowKind(reason="a hidden value")
    if plain in ("calculate", "range"):
        return RowKind(plain)
    known: Mapping[str, Any] = QUESTION_TYPE_DICT.get(plain, {})
    bind, tag = known.get("bind", {}), known.get("control", {}).get("tag", "")
    if "jr:preload" in bind or plain in ("start-geopoint", "audit", "background-audio", "background-geopoint"):
        return RowKind("today" if plain in ("today", "get today") else "", reason=_FILLED_IN)
    if tag == "trigger":
        return RowKind("acknowledge")
    if bind.get("readonly") == "true()":
        return RowKind("note")
    if bind.get("type") in _AS_TEXT:
        return RowKind("text", note=_AS_TEXT[bind["type"]])
    if tag == "input" and bind.get("type") in _INPUTS:
        return RowKind(_INPUTS[bind["type"]])
    if bind.get("type") == "string" and not tag:
        return RowKind("calculate")
    reason = _NONE_LIKE_IT.get(bind.get("type", ""), f"of the type `{plain[:40]}`")
    return RowKind(reason=reason)
