"""What all drawings share: the states of a number, lettering that fits a phone, the frame with title and description.

Nothing here or beside it sees an answer: a drawing is given numbers that have passed disclosure control, and words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from jinja2 import Environment, PackageLoader

from exports.rounding import find_whole

SHOWN = "shown"
SUPPRESSED = "suppressed"
EMPTY = "empty"

PHONE = 320
"""Pixels across that every drawing must be readable in."""

PAPER = 640
"""Pixels across of a drawing that stands alone or on paper."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd]")
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_HEIGHT = re.compile(r'height="([\d.]+)"')
_HALO = re.compile(r' stroke="#fff" stroke-width="\d+" paint-order="stroke"')
_FLUID = 'width="100%"'
_ISOLATED = ("\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")
_NARROW = frozenset(" .,:;'|!iIjlt()[]-·")


def render(template: str, **facts: object) -> str:
    """Draw one template as `<svg>`: all text is escaped, and what XML cannot hold is replaced."""
    return _environment().get_template(template).render(**facts)


def set_width(svg: str, pixels: int = PAPER) -> str:
    """Give the same drawing a width of its own, for places that know no page around it: a file, a PDF."""
    return svg.replace(_FLUID, f'width="{pixels}"', 1)


def take_off_halos(svg: str) -> str:
    """Give the same drawing with its words in plain ink, for what paints them letter by letter.

    A browser paints the paper-coloured rim of a whole line first and then its ink; typst paints rim and ink of each
    letter in turn, so that every letter bites into the one before.
    """
    return _HALO.sub("", svg)


def find_proportion(svg: str) -> float:
    """Give how tall a drawing is for its width, of 1, when it stands alone."""
    head = svg[: svg.index(">")]
    if box := _BOX.search(head):
        return float(box[2]) / float(box[1])
    found = _HEIGHT.search(head)
    assert found is not None, "every drawing has a height or a view box"
    return float(found[1]) / PAPER


def measure(text: str, size: float) -> float:
    """Give how wide a text is about, in pixels, in whatever sans-serif the reader has."""
    return sum(_measure_sign(sign) for sign in text) * size


def _measure_sign(sign: str) -> float:
    if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return 0.36
    return 0.7 if sign.isupper() or sign in "mwMW%@" else 0.6


def break_lines(text: str, size: float, width: float = PHONE) -> tuple[str, ...]:
    """Break a text into lines that fit; a word that is longer than a line is cut.

    A line with right-to-left script is isolated, so that it keeps its order beside what runs left to right.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer, size) <= width:
            lines[-1] = longer
        elif measure(word, size) <= width:
            lines.append(word)
        else:
            lines[-1:] = _cut(longer, size, width)
    return tuple(isolate(line) for line in lines if line)


def isolate(text: str) -> str:
    """Keep right-to-left text together within a line of ours; other text stays as it is."""
    rightwards = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    return text.join(_ISOLATED) if rightwards else text


def shorten(text: str, size: float, width: float) -> str:
    """Give the text, cut with an ellipsis where it is wider than this."""
    if measure(text, size) <= width:
        return isolate(text)
    kept = text
    while kept and measure(f"{kept}…", size) > width:
        kept = kept[:-1]
    return isolate(f"{kept.rstrip()}…")


def _cut(text: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for sign in text:
        if pieces[-1] and measure(pieces[-1] + sign, size) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def replace_illegal(text: str) -> str:
    """Replace what neither XML nor PDF can hold: control characters, lone surrogates, non-characters."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def _clean(value: object) -> object:
    return replace_illegal(value) if type(value) is str else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("exports.charts"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.globals["whole"] = find_whole
    return environment
