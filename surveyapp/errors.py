"""What a caller of the service did wrong; raised deep, turned into a page, a line or JSON once, at the door."""

from __future__ import annotations

from collections.abc import Sequence


class SurveyAppError(Exception):
    """The request cannot be carried out; carries the HTTP status and every fault as one sentence each."""

    status = 400

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        self.message = message
        self.faults = tuple(faults)
        super().__init__(message)


class NotFoundError(SurveyAppError):
    """There is nothing by that name, or it belongs to somebody else; both look alike."""

    status = 404


class RefusedError(SurveyAppError):
    """The caller may not do this."""

    status = 403


class ConflictError(SurveyAppError):
    """The state does not allow it: already closed, already finished, name taken."""

    status = 409


class GoneError(SurveyAppError):
    """It was here once: the round is closed, the link is used up."""

    status = 410


class InvalidError(SurveyAppError):
    """What was sent cannot be used; `faults` lists all of it."""

    status = 422


class ConfigurationError(SurveyAppError):
    """The service cannot start as it is configured; `faults` lists all of it."""

    status = 500
