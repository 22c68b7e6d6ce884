"""The registry of question types: one file each, one line each."""

from __future__ import annotations

from forms.question_types.base import QuestionType
from forms.question_types.calculate import Calculate
from forms.question_types.consent import Consent
from forms.question_types.date import CalendarDate
from forms.question_types.decimal import DecimalNumber
from forms.question_types.integer import WholeNumber
from forms.question_types.note import Note
from forms.question_types.nps import Nps
from forms.question_types.rank import Rank
from forms.question_types.row_mark import RowMark
from forms.question_types.scale import Scale
from forms.question_types.select_multiple import SelectMultiple
from forms.question_types.select_one import SelectOne
from forms.question_types.specification import Specification
from forms.question_types.text import FreeText

TYPES: dict[str, QuestionType] = {
    Note.name: Note(),
    Consent.name: Consent(),
    FreeText.name: FreeText(),
    WholeNumber.name: WholeNumber(),
    DecimalNumber.name: DecimalNumber(),
    CalendarDate.name: CalendarDate(),
    SelectOne.name: SelectOne(),
    SelectMultiple.name: SelectMultiple(),
    Rank.name: Rank(),
    Scale.name: Scale(),
    Nps.name: Nps(),
    Calculate.name: Calculate(),
}


_COMPANIONS: dict[str, QuestionType] = {Specification.name: Specification(), RowMark.name: RowMark()}
"""Types of questions that come along with those of the author."""
_ALL = TYPES | _COMPANIONS


def find_type(name: str) -> QuestionType:
    """Give the type of this name; loading has made sure that it exists."""
    return _ALL[name]
