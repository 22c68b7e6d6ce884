"""Turns what went wrong into lines for people, once, at the door; what is not known here is a defect and is shown."""

from __future__ import annotations

from exports.errors import ExportError
from forms.errors import DefinitionError
from surveyapp.errors import SurveyAppError


def find_sentences(error: Exception) -> list[str] | None:
    """Give one line for each fault, or nothing when the error is nobody's input."""
    if isinstance(error, SurveyAppError):
        return [error.message, *error.faults] if error.faults else [error.message]
    if isinstance(error, DefinitionError):
        return [fault.sentence(error.file) for fault in error.faults]
    if isinstance(error, ExportError):
        return [str(error)]
    if isinstance(error, OSError):
        return [f"{error.filename or 'System'}: {error.strerror or error}"]
    from sqlalchemy.exc import OperationalError

    if isinstance(error, OperationalError):
        reason = str(error.orig).strip().splitlines()[0]
        return [f"The database did not answer: {reason}. Run: surveyapp check"]
    return None
