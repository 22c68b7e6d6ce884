"""Files of a study written in memory and read back as their readers see them."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

from study_builders import make_definition, make_question, make_response, make_study, text

from exports.formats import FORMATS
from exports.options import Options
from exports.responses import Study
from forms.definition import Choice
from forms.values import Missing


def write_file(study: Study, format_: str, **options: str) -> bytes:
    """The bytes of a study in a format."""
    stream = io.BytesIO()
    FORMATS[format_].write(study, stream, Options(**options))
    return stream.getvalue()


def read_csv(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


KINDS = make_definition(
    make_question("clear"),
    make_question("kind_of", "select_one", choices=(Choice("own", text("Own")), Choice("other", text("Another")))),
    make_question("gains", "select_multiple"),
    make_question("change", "decimal"),
    make_question("people", "integer", settings={"min": 0}),
    make_question("day", "date"),
    make_question("idea", "text"),
    domains=("D",),
)
"""A question of every kind of column."""
GIVEN = {
    "clear": 4,
    "kind_of": "own",
    "gains": (1, 3),
    "change": Decimal("-2.50"),
    "people": 12,
    "day": date(2025, 4, 3),
    "idea": "=1+1",
}
ABSENT = dict(
    zip(
        GIVEN,
        (Missing.DONT_KNOW, Missing.REFUSED, Missing.OFF_PATH, Missing.DONT_KNOW, Missing.SKIPPED, Missing.DONT_KNOW,
         Missing.REFUSED),
        strict=True,
    )
)  # fmt: skip


def make_kinds(**facts: object) -> Study:
    """A study with one who answered all and one who answered nothing."""
    people = [make_response(1, "ngo", GIVEN), make_response(2, None, ABSENT)]
    return make_study(KINDS, people, **facts)
