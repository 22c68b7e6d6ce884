"""How many segments a text costs: GSM-7 or UCS-2, counted as the networks and Twilio's calculator count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from forms.sms.graphemes import split_graphemes

GSM_7 = "GSM-7"
UCS_2 = "UCS-2"

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM_7 = _BASIC | _EXTENDED
_ALONE = {GSM_7: 160, UCS_2: 70}
_JOINED = {GSM_7: 153, UCS_2: 67}


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs.

    `units`: septets of GSM-7 (an extended character takes two) or 16-bit units of UCS-2.
    `forced_by`: the first character that GSM-7 lacks, so that the whole text is sent as UCS-2.
    """

    encoding: str
    units: int
    segments: int
    forced_by: str | None = None

    @property
    def room(self) -> int:
        """How many more units a text in one segment could take; negative where it needs more than one."""
        return _ALONE[self.encoding] - self.units


@lru_cache(maxsize=4096)  # a question goes to many people in the same words
def count_segments(text: str) -> Segments:
    """Count the segments of a text by GSM 03.38: 160 or 70 units alone, 153 or 67 in each of several.

    Never split across two segments: an escape pair of GSM-7, a surrogate pair of UCS-2, and what people see as one
    character, as Twilio's `sms-segments-calculator` counts.
    """
    forced_by = next((character for character in text if character not in _GSM_7), None)
    if forced_by is None:
        encoding, units = GSM_7, len(text) + sum(character in _EXTENDED for character in text)
    else:
        encoding, units = UCS_2, _count_ucs_2(text)
    if units <= _ALONE[encoding]:
        return Segments(encoding, units, 1 if text else 0, forced_by)
    if forced_by is None:
        widths: Iterable[int] = (1 + (character in _EXTENDED) for character in text)
    else:
        widths = map(_count_ucs_2, split_graphemes(text))
    return Segments(encoding, units, _count_joined(widths, _JOINED[encoding]), forced_by)


def _count_ucs_2(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _count_joined(widths: Iterable[int], size: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > size and used:
            segments, used = segments + 1, 0
        # a piece that no segment holds whole is cut after all
        segments, used = segments + (used + width - 1) // size, (used + width - 1) % size + 1
    return segments
