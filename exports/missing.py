"""The codes that stand where there is no answer: what they mean, and how SPSS and Stata say the same."""

from __future__ import annotations

from dataclasses import dataclass

from exports.dispositions import NOT_APPLICABLE
from forms.values import Missing

LOWEST, HIGHEST = Missing.REFUSED.value, Missing.REMOVED.value
"""One block, so that one range of SPSS holds them all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, a short name, what it means, and Stata's extended missing value (`.d`)."""

    missing: Missing
    name: str
    label: str
    letter: str

    @property
    def code(self) -> int:
        """The code in files."""
        return int(self.missing.value)

    @property
    def in_denominator(self) -> bool | None:
        """Whether the question still counts among those that applied (scorecard C2); removed ones were answers."""
        return None if self.missing is Missing.REMOVED else self.missing not in NOT_APPLICABLE


REASONS = (
    Reason(Missing.REFUSED, "refused", "Refused, or skipped on purpose", "r"),
    Reason(Missing.DONT_KNOW, "dont_know", "Don't know", "d"),
    Reason(Missing.NOT_APPLICABLE, "not_applicable", "Not applicable", "n"),
    Reason(Missing.SKIPPED, "skipped", "Seen, not answered", "s"),
    Reason(Missing.OFF_PATH, "off_path", "Not asked: routing", "l"),
    Reason(Missing.NOT_REACHED, "not_reached", "Not reached: broken off before", "b"),
    Reason(Missing.NOT_IN_CHANNEL, "not_in_channel", "Not asked in this channel or version", "m"),
    Reason(Missing.UNREADABLE, "unreadable", "Answer could not be read", "i"),
    Reason(Missing.REMOVED, "removed", "Removed for confidentiality", "c"),
)
BY_MISSING = {reason.missing: reason for reason in REASONS}
