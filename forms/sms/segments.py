"""How many segments a text costs: GSM-7 or UCS-2, counted as the networks and Twilio's calculator count."""

from __future__ import annotations

from dataclasses import dataclass

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


def count_segments(text: str) -> Segments:
    """Count the segments of a text by GSM 03.38: 160 or 70 units alone, 153 or 67 in each of several.

    An escape pair of GSM-7 and a surrogate pair of UCS-2 are never split across two segments.
    """
    forced_by = next((character for character in text if character not in _GSM_7), None)
    if forced_by is None:
        encoding, wide = GSM_7, [character in _EXTENDED for character in text]
    else:
        encoding, wide = UCS_2, [ord(character) > 0xFFFF for character in text]
    units = len(wide) + sum(wide)
    if units <= _ALONE[encoding]:
        return Segments(encoding, units, 1 if text else 0, forced_by)
    return Segments(encoding, units, _count_joined(wide, _JOINED[encoding]), forced_by)


def _count_joined(wide: list[bool], size: int) -> int:
    segments, used = 1, 0
    for is_wide in wide:
        width = 1 + is_wide
        if used + width > size:
            segments, used = segments + 1, 0
        used += width
    return segments
