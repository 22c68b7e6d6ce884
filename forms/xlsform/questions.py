"""A row of the survey sheet -> a question of a definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms.expressions import ExpressionError
from forms.wording import words
from forms.xlsform.cells import (
    EXACT,
    NOTHING,
    PLAIN_KEYS,
    SCORE_KEYS,
    SMS_KEYS,
    TYPE,
    WORDS,
    read_lines,
    read_value,
)
from forms.xlsform.lists import Lists
from forms.xlsform.outline import Entry
from forms.xlsform.remarks import Remarks, quote
from forms.xlsform.sheets import INLINE
from forms.xlsform.understanding import Reader
from forms.xlsform.wordings import Wordings
from forms.xlsform.workbook import Row

Json = dict[str, Any]


class Piece(dict[str, Any]):
    """A part of the definition that remembers the row it was read from."""

    def __init__(self, row: Row, **keys: Any) -> None:
        super().__init__(keys)
        self.row = row


class Questions:
    """Drafts the questions of one workbook. `edited`: places whose XLSForm cell counts, not the exact one beside it."""

    def __init__(
        self, wordings: Wordings, lists: Lists, reader: Reader, remarks: Remarks, edited: frozenset[str]
    ) -> None:
        self.wordings, self.lists, self.reader, self.remarks, self.edited = wordings, lists, reader, remarks, edited
        self.used_lists: set[str] = set()
        self.inline_lists: set[str] = set()

    def draft(self, entry: Entry, id_: str, around: list[str]) -> Piece | None:
        """Give the question of a row; `around`: conditions of the groups around it. Nothing where it cannot be kept."""
        row, type_ = entry.row, entry.kind.type
        label = self.wordings.read(row, "label", otherwise=entry.name)
        piece = Piece(row, id=id_, type=row.get(TYPE) or type_, label=label)
        if entry.kind.note:
            self.remarks.add(row.where("type"), f"There is no type for {entry.kind.note}.", "It became a `text`.")
        self._set(piece, "hint", self.wordings.read(row, "hint"))
        if entry.kind.list_name:
            self._choose(piece, entry)
        rules: list[str] = []
        if type_ == "range":
            rules = self._range(piece, row)
        elif type_ == "acknowledge":
            rules = self._acknowledge(piece, row)
        answered = type_ not in ("note", "calculate")
        if answered or WORDS.get(row.peek("required").lower()) is False:
            self._require(piece, row)
        if answered:
            self._constrain(piece, row, rules)
        self._own(piece, row)
        conditions = [*around, *([said] if (said := self.condition(row, "relevant")) else [])]
        self._set(piece, "show_if", join(conditions))
        if type_ == "calculate" and not self._calculate(piece, row):
            return None
        return piece

    def condition(self, row: Row, column: str, own: str = "") -> str:
        """Give an expression of a row in our words, empty where there is none or none that we can say."""
        exact, said = row.get(EXACT + column), row.get(column)
        if exact and row.where(column) not in self.edited:
            return "" if exact == NOTHING else exact
        if not said or (column == "relevant" and WORDS.get(said.lower())):
            return ""
        return self._understand(said, row, column, own)

    def _understand(self, said: str, row: Row, column: str, own: str = "") -> str:
        try:
            understood = self.reader.read(said, own)
        except ExpressionError as error:
            message = f"{column} {quote(said)}: {error.message}"
            done = "Without a calculation the row was left out." if column == "calculation" else "It was left out."
            self.remarks.add(row.where(column), message, done)
            return ""
        for note in understood.notes:
            self.remarks.add(row.where(column), note, "")
        return str(understood)

    def _choose(self, piece: Piece, entry: Entry) -> None:
        """Set the choices: the name of a list, or the list itself where it is this question's own."""
        row, one = entry.row, self.lists.lists.get(entry.kind.list_name)
        own_type = piece["type"] not in ("select_one", "select_multiple", "rank", "scale")
        if one is None or (own_type and row.get(TYPE)):
            return
        drafted = self.lists.draft(one, self.wordings)
        inline = one.name == INLINE.format(entry.name)
        said = row.get("choice_filter")
        if said and not any("show_if" in choice for choice in drafted):
            try:
                drafted, inline = self.lists.filter(drafted, one, said, self.reader), True
            except ExpressionError as error:
                message = f"choice_filter {quote(said)}: {error.message}"
                self.remarks.add(row.where("choice_filter"), message, "All choices are offered.")
        if entry.kind.or_other:
            languages = self.wordings.languages
            drafted, inline = self.lists.add_other(drafted, languages.names, languages.default), True
        piece["choices"] = drafted if inline else one.id
        (self.inline_lists if inline else self.used_lists).add(one.name)

    def _range(self, piece: Piece, row: Row) -> list[str]:
        """Set the limits of a range, and give the rules that its steps make."""
        from pyxform.parsing.parameters import parse

        given = {"start": "1", "end": "10", "step": "1"} | parse(row.get("parameters"), row.number)
        if piece["type"] != "range":
            return []
        start, end, step = (_number(given[key]) for key in ("start", "end", "step"))
        whole = all(isinstance(one, int) for one in (start, end, step))
        piece |= {"type": "integer" if whole else "decimal", "min": min(start, end), "max": max(start, end)}
        self.remarks.add(
            row.where("type"), "There are no sliders.", f"It became the type `{piece['type']}` with limits."
        )
        steps = f"(. - {start}) mod {step} = 0" if start else f". mod {step} = 0"
        return [] if whole and abs(step) == 1 else [steps]

    def _acknowledge(self, piece: Piece, row: Row) -> list[str]:
        """Make a choice of yes and no of what is ticked as read; where it is required only yes will do."""
        names = self.wordings.languages.names
        labels = [{code: words(code).gettext(word) for code in names} for word in ("Yes", "No")]
        piece |= {
            "type": "select_one",
            "choices": [{"value": "ok", "label": labels[0]}, {"value": "no", "label": labels[1]}],
        }
        self.remarks.add(row.where("type"), "Nothing is ticked as read.", "It became a choice of yes (`ok`) and no.")
        return [". = 'ok'"] if WORDS.get(row.peek("required").lower()) else []

    def _require(self, piece: Piece, row: Row) -> None:
        said = row.get("required")
        if said.lower() in WORDS:
            piece["required"] = WORDS[said.lower()]
        elif said:
            message = f"required {quote(said)}: a condition cannot make an answer required."
            self.remarks.add(row.where("required"), message, "The question is optional.")

    def _constrain(self, piece: Piece, row: Row, rules: list[str]) -> None:
        said = self.condition(row, "constraint", piece["id"])
        self._set(piece, "constraint", join([*rules, *([said] if said else [])]))
        self._set(piece, "constraint_message", self.wordings.read(row, "constraint_message"))

    def _calculate(self, piece: Piece, row: Row) -> bool:
        said = self.condition(row, "calculation")
        self._set(piece, "calculation", said)
        if not said and not row.peek("calculation"):
            self.remarks.add(row.where("type"), "A calculate has no calculation.", "The row was left out.")
        return bool(said)

    def _own(self, piece: Piece, row: Row) -> None:
        """Set what only our own columns say."""
        for key in PLAIN_KEYS:
            said = row.words(key)
            if set(said) == {""}:
                piece[key] = said[""].split() if key == "channels" else read_value(said[""])
            elif said:
                piece[key] = {self.wordings.languages.find(written): text for written, text in said.items()}
        sms: Json = {f: value for f in SMS_KEYS if (value := _maybe(row, f"sms_{f}")) is not None}
        self._set(sms, "label", self.wordings.read(row, "sms_label"))
        self._set(sms, "choices", self._labels_by_code(row))
        self._set(piece, "sms", sms)
        score: Json = {f: value for f in SCORE_KEYS if (value := _maybe(row, f"score_{f}")) is not None}
        if points := row.get("score_map"):
            score["map"] = {} if points == "{}" else self._lines(row, "score_map", points, read_value)
        self._set(piece, "score", score)

    def _labels_by_code(self, row: Row) -> Json:
        said: dict[str, dict[str, str]] = {}
        for written, text in row.words("sms_choices").items():
            code = self.wordings.languages.find(written)
            for value, label in self._lines(row, "sms_choices", text, str).items():
                said.setdefault(value, {})[code] = label
        default = self.wordings.languages.default
        return {value: labels[default] if set(labels) == {default} else labels for value, labels in said.items()}

    def _lines(self, row: Row, column: str, text: str, read: Callable[[str], Any]) -> Json:
        try:
            return {key: read(value) for key, value in read_lines(text).items()}
        except ValueError as error:
            message = f"{column}: the line {quote(str(error))} has no `=`."
            self.remarks.add(row.where(column), message, "The cell was left out: write `code=...`, a line each.")
            return {}

    @staticmethod
    def _set(piece: dict[str, Any], key: str, value: Any) -> None:
        if value not in (None, "", {}):
            piece[key] = value


def join(conditions: list[str]) -> str:
    """Give conditions as one that holds where all do."""
    if len(conditions) < 2:
        return "".join(conditions)
    return " and ".join(f"({one})" for one in conditions)


def _maybe(row: Row, column: str) -> Any:
    text = row.get(column)
    return read_value(text) if text else None


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)
