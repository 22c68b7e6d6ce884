"""Hundreds of texts that break programs, made here by kinds, and what of them is kept after normalisation."""

from __future__ import annotations

import re
from itertools import product

from forms.text import normalise

_FORMULAS = [
    f"{start}{rest}"
    for start, rest in product(
        ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "'=", "''", "'", " =", '"='),
        ("1+1", 'HYPERLINK("http://example.org","x")', "cmd|' /C calc'!A0", "SUM(A1:A9)", "98"),
    )
]
_LOOKALIKES = [
    *("-98", "-99", "-91", "0", "00", "1", "1.0", "1e5", "1E400", "0x1F", "1_000", "١٢٣", "१२३", "½", "Ⅷ", "∞", "NaN"),
    *("nan", "inf", "-inf", "None", "null", "NULL", "nil", "undefined", "true", "TRUE", "N/A", "#N/A", "#REF!"),
    *("2025-02-30", "1/2/3", "12:30", "1900-01-00", "MARCH1", "00:00:00", ".", "..", ",", ";", "|", "\\", "\\N"),
    *("_x0041_", "_x000D_", "_x005F_x0041_", "_x0041_x0042_x0043_", "__x000a_x005f_", "_x005F_x005F_x000D_",
    "<r>&</r>", "<r><t>bold</t></r>", "<r>", "&#0;", "&amp;", "&lt;b&gt;", "%00", "%s%s%s%n", "{0}", "${id}", "#{x}"),
]  # fmt: skip
_MARKUP = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- comment -->",
    "]]>",
    "<![CDATA[ x ]]>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e 'x'>]>&e;",
    "{{ 7*7 }}",
    "{% raw %}",
    "#let x = 1",
    "$x^2$ #eval(1) @label",
    "\\input{x} \\textbf{y}",
    "`id` $(id) ; rm x",
    "' OR '1'='1",
    "'; DROP TABLE interviews; --",
    '"; SELECT 1; --',
    "../../etc/passwd",
    "C:\\nul\\con.txt",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "mailto:a@example.org",
    "internal:Sheet2!A1",
    "http://example.org/?a=b&c=d",
]
_QUOTES = [
    a + b + c for a, b, c in product(('"', "'", "`", "“"), (",", "\n", ";", "\t", ",\n", "''"), ('"', "'", "”", "'"))
]
_INSIDE = [
    f"a{character}b"
    for character in (
        *map(chr, range(0x20)),
        *map(chr, range(0x7F, 0x100)),
        *map(chr, range(0x2000, 0x2010)),
        *map(chr, range(0x2028, 0x2030)),
        *map(chr, range(0x2060, 0x2070)),
        *("\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u3000", "\u3164", "\ufe0f", "\ufeff", "\ufff9", "\ufffb"),
        *(
            "\ufffc",
            "\ufffd",
            "\ufffe",
            "\uffff",
            "\U0001fffe",
            "\U0010ffff",
            "\ue000",
            "\U000e0041",
            "\ud800",
            "\udfff",
        ),
    )
]
_EDGES = [f"{mark}word{mark}" for mark in ("\ufeff", "\u200b", "\u00a0", " ", "\n", "\t", "\u2028", "\u200f", "\u3000")]
_SCRIPTS = [
    *("é", "e\u0301", "ﷺ", "Ω", "Ω", "ﬁ", "ß", "İ", "ı", "ǆ", "Å", "ẛ̣", "각", "각", "क्षि", "ကြွ", "ไปไหนมา", "ភាសា"),
    *("العربية", "\u202eعكس\u202c", "\u2067אבג\u2069", "اللغة ١٢٣ abc", "עברית\u200f123", "中文字符", "日本語"),
    "한국어",
    *("🙂", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇰🇪", "👍🏿", "𝒜𝓃𝒸𝒾𝑒𝓃𝓉", "𠜎𠜱", "🂡", "\U0001f9d1\u200d\U0001f680", "1️⃣"),
    *("Ω≈ç√∫˜µ≤≥÷", "(╯°□°）╯︵ ┻━┻)", "˙ɐnbᴉlɐ ɐuƃɐɯ", "Ⓣⓗⓔ ⓠⓤⓘⓒⓚ", "田中さんにあげて下さい", "﷽", "ЁЂЃЄ", "𝕿𝖍𝖊"),
    "Z" + "\u0351\u036b\u0321\u0322" * 40,
    "a" + "\u0300" * 500,
    "\u0301start",
    "\u200d\u200c\u2060",
]  # fmt: skip
_LONG = ["x" * 1_999, "é" * 1_990, "🙂" * 1_500, "a b " * 499, "\n" * 50 + "end", '"' * 1_500, "=" * 1_500, "," * 900]
_LINES = [
    "a\r\nb",
    "a\rb",
    "a\n\n\nb",
    "a\tb\tc",
    "\r\n",
    "a\u2028b",
    "a\u2029b",
    "a\x85b",
    "a\x0bb",
    "a\x0cb",
    "a\\nb",
]

NAUGHTY = tuple(
    dict.fromkeys([*_FORMULAS, *_LOOKALIKES, *_MARKUP, *_QUOTES, *_INSIDE, *_EDGES, *_SCRIPTS, *_LONG, *_LINES])
)
"""As people, phones and attackers send them."""
STORED = tuple(dict.fromkeys(text for raw in NAUGHTY if (text := normalise(raw))))
"""As they are kept; every export gives exactly these."""


def read_workbook_text(text: str) -> str:
    """Give a cell of a workbook as Excel shows it: what looks like its own escapes is said with one."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
