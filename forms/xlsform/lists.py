"""The choices sheet -> choice lists: values that a definition may have, and what they were called before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.expressions import ExpressionError
from forms.xlsform.cells import CHOICE_KEYS, EXACT, read_value
from forms.xlsform.naming import Register, read_values, unique
from forms.xlsform.remarks import Remarks, quote
from forms.xlsform.sheets import CONSENT, INLINE
from forms.xlsform.understanding import Reader
from forms.xlsform.wordings import Wordings
from forms.xlsform.workbook import Row

LONGEST_IN_COLUMN = 20
"""Characters of a value that is part of a column's name."""
OTHER = {"en": "Other", "fr": "Autre", "es": "Otro", "sw": "Nyingine", "ar": "أخرى"}
"""What `or_other` adds, where we have the word."""

Json = dict[str, Any]


@dataclass(slots=True)
class ChoiceRows:
    """One list of the workbook: its rows, each with the value that its name has become."""

    name: str
    rows: list[Row] = field(default_factory=list)
    values: list[int | str] = field(default_factory=list)
    id: str = ""

    @property
    def codes(self) -> dict[str, str]:
        """What a choice's name has become, where that is another; of two with one name the first counts."""
        codes: dict[str, str] = {}
        for row, value in zip(self.rows, self.values, strict=True):
            if row.peek("name") != str(value):
                codes.setdefault(row.peek("name"), str(value))
        return codes


class Lists:
    """The lists of a workbook. `in_columns`: the names of those whose choices each make a column."""

    def __init__(self, rows: list[Row], in_columns: set[str], remarks: Remarks) -> None:
        self.remarks = remarks
        self.lists: dict[str, ChoiceRows] = {}
        for row in rows:
            name = row.get("list_name")
            if name:
                row.get("name")
                self.lists.setdefault(name, ChoiceRows(name)).rows.append(row)
        register = Register()
        for name, one in self.lists.items():
            self._give_values(one, name in in_columns)
            one.id = register.give(name, "list")
            if one.id != name and not name.startswith(INLINE.format("")) and name != CONSENT:
                remarks.add(
                    one.rows[0].where("list_name"), f"The list {quote(name)} cannot be called so.", f"It is `{one.id}`."
                )

    def draft(self, one: ChoiceRows, wordings: Wordings) -> list[Json]:
        """Give the choices of a list as a definition has them."""
        drafted = []
        for row, value in zip(one.rows, one.values, strict=True):
            choice: Json = {"value": value, "label": wordings.read(row, "label", otherwise=row.peek("name"))}
            for key in CHOICE_KEYS:
                if said := row.get(key):
                    choice[key] = said if key == "show_if" else read_value(said)
            drafted.append(choice)
        return drafted

    def filter(self, drafted: list[Json], one: ChoiceRows, said: str, reader: Reader) -> list[Json]:
        """Give the choices, each with the condition that a choice filter means for it.

        Raises `ExpressionError` where that cannot be said.
        """
        filtered = []
        for choice, row in zip(drafted, one.rows, strict=True):
            columns = _Columns(row)
            condition = reader.read(said, columns=columns)
            own = f"{choice['show_if']}" if "show_if" in choice else ""
            filtered.append(choice | {"show_if": f"({own}) and ({condition})" if own else str(condition)})
        return filtered

    def add_other(self, drafted: list[Json], languages: Mapping[str, str], default: str) -> list[Json]:
        """Give the choices with one for everything else, with free text beside it."""
        found = next((choice for choice in drafted if choice["value"] == "other"), None)
        if found is None:
            words = {code: OTHER[code] for code in languages if code in OTHER}
            words.setdefault(default, OTHER["en"])
            found = {"value": "other", "label": words[default] if len(words) == 1 else words}
            drafted = [*drafted, found]
        return [one | {"specify": True} if one is found else one for one in drafted]

    def _give_values(self, one: ChoiceRows, in_columns: bool) -> None:
        longest = LONGEST_IN_COLUMN if in_columns else 32
        names = [row.peek("name") for row in one.rows]
        known = read_values(list(dict.fromkeys(names)), longest, columns=in_columns)
        used: set[str] = set()
        for row, name in zip(one.rows, names, strict=True):
            exact = row.get(EXACT + "value")
            value = name if exact and read_value(exact) == name else known[name]
            if str(value) in used:
                value = unique(str(value), {*used, *map(str, known.values())}.__contains__, longest)
            used.add(str(value))
            one.values.append(value)
            if str(value) != name:
                message = f"The choice {quote(name)} cannot be called so, or stands twice."
                self.remarks.add(row.where("name"), message, f"Its value is `{value}`, in conditions too.")


class _Columns(dict[str, str]):
    """The cells of a choice by column, as a choice filter names them; those that it names count as looked at."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.names = {heading.written: heading.name for heading in row.sheet.headings.values()}

    def get(self, name: str, default: Any = None) -> Any:
        """Give the cell of a column; raises `ExpressionError` where the sheet has no such column."""
        if name not in self.names:
            raise ExpressionError(f"The choices have no column `{name[:40]}`.")
        return self.row.get(self.names[name])
