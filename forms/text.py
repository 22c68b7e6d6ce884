"""Text at the edge: one normal form for whatever is sent, so that what is stored is what is exported."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_OUTER_INVISIBLE = "\ufeff\u200b"


def normalise(text: str) -> str:
    """Give the text in the form in which it is stored.

    NFC; NUL and control characters removed, apart from tab and line ends; line ends LF; lone surrogates U+FFFD;
    outer white space (and the invisible marks that phones and files put there) trimmed.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    if _SURROGATES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return _trim(unicodedata.normalize("NFC", text))


def _trim(text: str) -> str:
    before = None
    while before != text:
        before, text = text, text.strip().strip(_OUTER_INVISIBLE)
    return text


def fold_digits(text: str) -> str:
    """Write the digits of every script as 0-9; everything else stays."""
    if text.isascii():
        return text
    return "".join(c if (digit := unicodedata.decimal(c, None)) is None else str(digit) for c in text)
