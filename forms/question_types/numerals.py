"""Numbers as people write them, in any script and with marks between thousands -> plain ones; nothing is guessed."""

from __future__ import annotations

import re

from forms.text import fold_digits

_MARKS = str.maketrans({"٫": ".", "٬": "'", "،": ",", "，": ",", "．": ".", "−": "-", "–": "-", "＋": "+", "－": "-"})
_GROUP_MARKS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’_](?=\d{3}(?!\d))")
_SHAPE = re.compile(r"([+-]?) ?(\d[\d.,]*|[.,]\d+)")
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{2,3})*\1\d{3}|\d{1,3}[.,]\d{3}")


class UnclearNumberError(Exception):
    """The number can be read in two ways; `readings` holds both."""

    def __init__(self, *readings: str) -> None:
        self.readings = readings
        super().__init__(" / ".join(readings))


def read_number(written: str, *, fractions: bool) -> str:
    """Give a number as people write it as a plain one: sign, digits, a point before the fraction.

    Digits of any script. Marks between thousands may be spaces, apostrophes, commas or points. Where a single mark
    could be either kind (`1,234` as a fraction or as thousands), it is not guessed. A single point is the decimal
    point of our forms, so `1.234` is a fraction where fractions are taken.
    Raises `UnclearNumberError` with both readings, `ValueError` where it is no number or has an unwanted fraction.
    """
    text = _GROUP_MARKS.sub("", fold_digits(written).translate(_MARKS))
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(written)
    sign, body = ("-" if match[1] == "-" else ""), match[2]
    whole, fraction = _split(body, fractions=fractions)
    if fraction and not fractions:
        if fraction.strip("0"):
            raise ValueError(written)
        fraction = ""
    whole = whole.lstrip("0") or "0"
    if whole == "0" and not fraction.strip("0"):
        sign = ""
    return sign + whole + (f".{fraction}" if fraction else "")


def _split(body: str, *, fractions: bool) -> tuple[str, str]:
    """Give the digits before and after the decimal mark; raises as `read_number` does."""
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return body, ""
    if points and commas:
        decimal, thousands = (".", ",") if body.rfind(".") > body.rfind(",") else (",", ".")
        whole, _, fraction = body.rpartition(decimal)
        if decimal in whole or (thousands in whole and not _GROUPS.fullmatch(whole)):
            raise ValueError(body)
        return whole.replace(thousands, ""), fraction
    mark = "." if points else ","
    if points + commas > 1:
        if not _GROUPS.fullmatch(body):
            raise ValueError(body)
        return body.replace(mark, ""), ""
    whole, _, fraction = body.partition(mark)
    looks_grouped = _GROUPS.fullmatch(body) and not whole.startswith("0")
    if looks_grouped and mark == "," and not fractions:
        return whole + fraction, ""
    if looks_grouped and (mark == ",") == fractions:
        raise UnclearNumberError(whole + fraction, f"{whole}.{fraction}" if fractions else whole)
    return whole, fraction
