"""PDF from a template and plain data: tagged for screen readers (PDF/UA-1), without network, with fonts of our own."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from exports.charts.drawing import replace_illegal
from exports.errors import ExportError

STANDARD: Final = "ua-1"
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Math")
"""Latin, Greek and Cyrillic; Arabic; Hebrew; arrows and operators. What they lack is looked for among
the fonts of the machine."""
_FONTS = Path(__file__).parent / "scorecards" / "fonts"
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')


def typeset(template: Path, name: str, data: Mapping[str, Any], timestamp: int) -> bytes:
    """Give the PDF of a typst template that reads `data` as JSON from the input `name`; words are never markup.

    The same data and timestamp (seconds since 1970) give the same bytes. Raises `ExportError` where a text is in a
    script that no font at hand can show: a box in place of a letter is no document.
    """
    told = json.dumps(_clean(data), ensure_ascii=False)
    try:
        return _set(template, {name: told}, timestamp, own_fonts_only=True)
    except ExportError:
        return _set(template, {name: told}, timestamp, own_fonts_only=False)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return replace_illegal(value)
    if isinstance(value, Mapping):
        return {name: _clean(part) for name, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, (list, tuple)) else value


def _set(template: Path, inputs: dict[str, str], timestamp: int, *, own_fonts_only: bool) -> bytes:
    from typst import Compiler, TypstError

    compiler = Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=own_fonts_only,
        sys_inputs=inputs,
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=timestamp)
    except TypstError as error:
        raise _explain(template, error.diagnostic) from error
    assert isinstance(made, bytes)
    return made


def _explain(template: Path, diagnostic: str) -> ExportError:
    signs = sorted({_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _MISSING.findall(diagnostic)})
    if not signs:
        raise AssertionError(f"the template {template.name} is at fault: {diagnostic}")
    scripts = sorted({name_script(sign) for text in signs for sign in text})
    return ExportError(
        f"The PDF cannot be made: no font on this machine can show {', '.join(scripts)} (such as {signs[0]}). "
        "Install one, such as the Noto fonts, or take another format."
    )


def name_script(sign: str) -> str:
    """Give the script of a letter as people call it: Devanagari, Hiragana, CJK; a sign of none by its own name."""
    name = unicodedata.name(sign, "")
    if not unicodedata.category(sign).startswith(("L", "M")) or not name:
        return name.lower() or f"U+{ord(sign):04X}"
    first = name.split()[0]
    return first if first == "CJK" else first.capitalize()
