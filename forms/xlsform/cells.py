"""One value of a definition <-> the text of one cell; what is written is read as the same value again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from forms.loading import schemas
from forms.question_types import TYPES

WORDS = {"yes": True, "no": False, "true": True, "false": False, "true()": True, "false()": False}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
_LINE = re.compile(r"([^=\s]+)\s*=\s*(.*)", re.DOTALL)

EXACT = "surveyapp_"
"""Begins the columns that keep our own words where XLSForm's say the same in another way."""
NOTHING = "-"
"""Stands in such a column where we say nothing and XLSForm's cell follows from other keys."""
EXACT_COLUMNS = {"show_if": "relevant", "constraint": "constraint", "calculation": "calculation"}
"""The expressions of a definition, and the columns where XLSForm has them."""
TYPE = "question_type"
"""The column that names our type where XLSForm's is another: `scale`, `consent`, `nps`."""

_XLSFORM_HAS = {"id", "type", "label", "hint", "choices", "required", "sms", "score", "constraint_message"}
PLAIN_KEYS = tuple(
    key
    for key in dict.fromkeys(
        [*schemas.QuestionShape().fields, *(key for one in TYPES.values() for key in one.settings)]
    )
    if key not in {*_XLSFORM_HAS, *EXACT_COLUMNS}
)
"""Keys of a question that have a column of their own name."""
SMS_KEYS = tuple(key for key in schemas.SmsShape().fields if key not in ("label", "choices"))
SCORE_KEYS = tuple(key for key in schemas.ScoreShape().fields if key != "map")
CHOICE_KEYS = tuple(key for key in schemas.ChoiceShape().fields if key not in ("value", "label"))


def write_value(value: Any) -> str:
    """Give a JSON value as a cell: words as they are, yes and no, numbers; whatever else could be mistaken as JSON."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value and read_value(value) == value and value == value.strip() and "${" not in value:
        return value
    # pyxform looks for questions in every cell of its sheets, also where `${` is meant as it stands
    return json.dumps(value, ensure_ascii=False).replace("${", "\\u0024{")


def read_value(text: str) -> Any:
    """Give the JSON value of a cell."""
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if _NUMBER.fullmatch(text) or text[:1] in '["{' or text == "null":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def write_lines(entries: Mapping[str, Any]) -> str:
    """Give an object as lines `key=value`; line ends and backslashes inside a value are written out."""
    return "\n".join(f"{key}={_escape(str(value))}" for key, value in entries.items())


def read_lines(text: str) -> dict[str, str]:
    """Give the object of lines `key=value`; raises `ValueError` for a line without `=`."""
    entries = {}
    for line in text.split("\n"):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(line)
        entries[match[1]] = _unescape(match[2])
    return entries


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), text)
