"""Texts of a workbook -> texts of a definition: languages by code, names in `${}` as ids, plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from forms.piping import REFERENCE
from forms.xlsform.languages import invent_code, read_language
from forms.xlsform.reading import CHOICES, INSTRUMENT, SETTINGS, SURVEY
from forms.xlsform.remarks import Remarks, quote
from forms.xlsform.workbook import Heading, Row, Workbook

ENGLISH = "English (en)"
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")


class Languages:
    """The languages of a workbook: each name in its columns and settings, and the code it has here."""

    def __init__(self, book: Workbook, remarks: Remarks) -> None:
        self.codes: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self._remarks = remarks
        settings = book.rows(SETTINGS)[:1]
        written = settings[0].get("default_language") if settings else ""
        where = settings[0].where("default_language") if settings else SURVEY
        sheets = [book.sheets[name] for name in (SURVEY, CHOICES, INSTRUMENT) if name in book.sheets]
        headings = [heading for sheet in sheets for heading in sheet.headings.values()]
        columns = [heading for heading in headings if heading.language]
        if not written:
            written = _guess_default(headings)
            message = "No default language is named."
            remarks.add(where, message, f"{written} was taken; mend `default_language` where it is another.")
        self.default = self._add(written, where)
        self.codes[""] = self.default
        for heading in columns:
            self._add(heading.language, f"{SURVEY}!{heading.letter}1")

    def find(self, written: str) -> str:
        """Give the code of a language as a column names it."""
        return self.codes[written] if written in self.codes else self._add(written, SURVEY)

    def _add(self, written: str, where: str) -> str:
        if written not in self.codes:
            read = read_language(written)
            if read is None:
                read = (invent_code(set(self.names)), written)
                message = f"The language {quote(written)} has no code."
                self._remarks.add(
                    where, message, f"`{read[0]}` stands for it; write `{written} (code)` in the workbook."
                )
            self.codes[written] = read[0]
            self.names.setdefault(*read)
        return self.codes[written]


def _guess_default(headings: Sequence[Heading]) -> str:
    """Give the language of the columns that name none: English, unless that has columns of its own or all name one."""
    named = [heading.language for heading in headings if heading.language]
    plain = any(heading.name == "label" and not heading.language for heading in headings)
    codes = {read[0] for language in named if (read := read_language(language))}
    return ENGLISH if not named or (plain and "en" not in codes) else named[0]


class Wordings:
    """Reads the texts of rows. `ids`: what the names of rows have become; `keeps`: whether texts stay as they are."""

    def __init__(self, languages: Languages, ids: Mapping[str, str], remarks: Remarks, *, keeps: bool) -> None:
        self.languages, self.ids, self.remarks, self.keeps = languages, ids, remarks, keeps

    def read(self, row: Row, column: str, otherwise: str = "") -> Any:
        """Give a text: a string in the default language, or an object by code; nothing where the cells are empty.

        `otherwise` stands in where there is no text at all.
        """
        said: dict[str, str] = {}
        for written, text in sorted(row.words(column).items(), key=lambda pair: pair[0] == ""):
            code = self.languages.find(written)
            if code not in said:
                said[code] = self._tidy(text, row, column)
            elif text != said[code]:
                message = f"There are two texts in `{code}`; {quote(text)} is the second."
                self.remarks.add(row.where(column), message, "The first counts.")
        if not said:
            return otherwise or None
        default = self.languages.default
        if default not in said:
            first = next(iter(said))
            self.remarks.add(
                row.where(column), f"There is no {column} in the default language.", f"`{first}` stands in."
            )
            said = {default: said[first], **said}
        return said[default] if set(said) == {default} else {default: said[default], **said}

    def _tidy(self, text: str, row: Row, column: str) -> str:
        plain = text
        if not self.keeps:
            plain = _HEADING.sub("", _STRONG.sub(r"\2", _LINK.sub(r"\1 (\2)", _TAG.sub("", text)))).strip() or text
            if plain != text:
                message = f"The {column} has Markdown or HTML: {quote(text)}."
                self.remarks.add(row.where(column), message, "Texts are plain: the marks were taken out.")
        return REFERENCE.sub(lambda match: self._refer(match[1].strip(), row, column), plain)

    def _refer(self, name: str, row: Row, column: str) -> str:
        if name in self.ids:
            return "${" + self.ids[name] + "}"
        message = f"The {column} shows `${{{name}}}`, which has no answer here."
        self.remarks.add(row.where(column), message, f"`[{name}]` stands in its place: reword it.")
        return f"[{name}]"
