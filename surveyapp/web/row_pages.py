"""The rows of a repeated section as pages show them: which of them have their form open, and the list of all."""

from __future__ import annotations

from dataclasses import dataclass

from forms import rows
from forms.definition import Definition, Section
from forms.interview import Interview
from forms.question_types import find_type
from forms.web import SectionReading, list_posted_rows
from forms.wording import words
from surveyapp.services.tokens import make_row_id


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row as the list of its section has it."""

    row: str
    name: str
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowList:
    """The list of a section whose rows the respondent adds. `counted` says how many there are and can be."""

    rows: tuple[ListedRow, ...]
    counted: str
    can_add: bool


def choose_rows(interview: Interview, section: Section, row: str, reading: SectionReading | None) -> tuple[str, ...]:
    """Give the rows whose forms a page shows: those just posted, the one asked for, or those of a roster.

    Where at least one row is needed and there is none, the page is the form of the first; else it is the list.
    """
    if section.repeat is None:
        return ()
    posted = list_posted_rows(section, dict.fromkeys(reading.raw, ())) if reading is not None else ()
    if posted or row:
        return posted or (row,)
    there = tuple(rows.split(one.id)[1] for one in interview.list_rows(section.id))
    if not section.repeat.adds:
        return there
    return () if there or not section.repeat.min else (make_row_id(),)


def build_list(interview: Interview, section: Section, language: str) -> RowList:
    """Give the list of a repeated section's rows."""
    assert section.repeat is not None
    listed = tuple(
        ListedRow(rows.split(row.id)[1], name_row(interview, row, language), not interview.is_due(row))
        for row in interview.list_rows(section.id)
    )
    most = section.repeat.max
    text = words(language).gettext("So far: %(n)s. There can be %(most)s at most.")
    return RowList(rows=listed, counted=text % {"n": len(listed), "most": most}, can_add=interview.has_room(section))


def count_entry(definition: Definition, section: Section) -> int:
    """Give how many questions an entry of a list has, apart from those that depend on others."""
    whole = rows.find_section(definition, section.id) or section
    return sum(find_type(question.type).asks and question.show_if is None for question in whole.questions)


def name_row(interview: Interview, row: Section, language: str) -> str:
    """Give what a row is called, or its number where it has no name yet."""
    named = interview.name_row(row, language)
    if named:
        return named
    section, _, _ = rows.split(row.id)
    place = [one.id for one in interview.list_rows(section)].index(row.id) + 1
    return words(language).gettext("Number %(n)s") % {"n": place}


def say_done(interview: Interview, section: Section, language: str) -> str:
    """Say how many of a roster's rows are answered."""
    there = interview.list_rows(section.id)
    done = sum(not interview.is_due(row) for row in there)
    return words(language).gettext("Answered: %(n)s of %(all)s") % {"n": done, "all": len(there)}


def find_removed(interview: Interview, section: Section, row: str, language: str) -> tuple[str, str] | None:
    """Give the row that was just removed, and say so by its name, if it is one that can be put back."""
    id_ = rows.join(section.id, row)
    place = interview.answers.get(id_) if row and section.repeat is not None else None
    if not isinstance(place, int) or place > 0:
        return None
    before = interview.add_row(section.id, row)
    part = before.find_section(id_)
    if part is None:
        return None
    return row, words(language).gettext("Removed: %(name)s.") % {"name": name_row(before, part, language)}
