"""The settings and instrument sheets -> what stands around the sections: id, version, title, parameters, scorecard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forms.loading.schemas import VERSION
from forms.xlsform.cells import read_value
from forms.xlsform.naming import Register
from forms.xlsform.reading import INSTRUMENT, SETTINGS
from forms.xlsform.remarks import Remarks, quote
from forms.xlsform.wordings import Wordings
from forms.xlsform.workbook import Row, Workbook

Json = dict[str, Any]
MARK = "definition"
"""The key of the instrument sheet's first row, by which a workbook of ours is known."""


def is_ours(book: Workbook) -> bool:
    """Say whether a workbook was written by us."""
    return any(row.peek("key") == MARK for row in book.rows(INSTRUMENT))


def list_parameters(book: Workbook) -> frozenset[str]:
    """Give the names of parameters: their rows in the survey sheet are no questions."""
    return frozenset(row.peek("name") for row in book.rows(INSTRUMENT) if row.peek("key") == "parameter")


def build_frame(book: Workbook, wordings: Wordings, remarks: Remarks, path: Path) -> Json:
    """Give the definition without its sections and lists."""
    languages = wordings.languages
    frame: Json = _read_settings(book, remarks, path)
    frame["default_language"] = languages.default
    if is_ours(book):
        for row in book.rows(INSTRUMENT):
            _read_row(frame, row, wordings)
    else:
        frame["languages"] = languages.names
    return frame


def _read_settings(book: Workbook, remarks: Remarks, path: Path) -> Json:
    rows = book.rows(SETTINGS)
    row = rows[0] if rows else None
    title = row.get("form_title") if row else ""
    name = (row.get("form_id") if row else "") or path.stem
    version = row.get("version") if row else ""
    if row is not None:
        row.get("name")
    where = row.where("form_id") if row else SETTINGS
    id_ = Register().give(name, "form")
    if id_ != name or not row or not row.peek("form_id"):
        remarks.add(where, f"The form is called {quote(name)}.", f"The instrument's id is `{id_}`.")
    if not VERSION.fullmatch(version):
        message = f"{quote(version)} is no version here." if version else "There is no version."
        remarks.add(row.where("version") if row else SETTINGS, message, "It is 1.0.0.")
        version = "1.0.0"
    return {"id": id_, "version": version, "title": title or name}


def _read_row(frame: Json, row: Row, wordings: Wordings) -> None:
    """Read one row of the instrument sheet into the frame."""
    key, name = row.get("key"), row.get("name")
    written = row.get("content")
    value = read_value(written) if written else None
    text = wordings.read(row, "label")
    if key in ("title", "introduction", "closing"):
        frame[key] = _with_title(frame["title"], text, wordings.languages.default) if key == "title" else text
    elif key == "language":
        frame.setdefault("languages", {})[name] = value
    elif key == "choice_list":
        frame.setdefault("choice_lists", {})[name] = value
    elif key == "parameter":
        most = {} if value is None else {"max_length": value}
        frame.setdefault("parameters", {})[name] = {"label": text, **most}
    elif key == "scorecard" or key.startswith("scorecard."):
        _read_scorecard(frame.setdefault("scorecard", {}), key.partition(".")[2], name, written, text)
    elif key and key != MARK:
        frame[key] = value


def _read_scorecard(card: Json, key: str, name: str, written: str, text: Any) -> None:
    if key == "domain":
        card.setdefault("domains", []).append({"id": name, "label": text})
    elif key == "band":
        card.setdefault("bands", []).append([read_value(written), name])
    elif key == "essential" and not written.startswith("["):
        card["essential"] = written.split()
    elif key:
        card[key] = read_value(written)


def _with_title(said: str, text: Any, default: str) -> Any:
    """Give the title in all languages; in the default one the settings' form_title counts."""
    return {**text, default: said} if isinstance(text, dict) else said
