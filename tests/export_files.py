"""Files of a study written in memory and read back as their readers see them."""

from __future__ import annotations

import csv
import io

from exports.formats import FORMATS
from exports.options import Options
from exports.responses import Study


def write_file(study: Study, format_: str, **options: str) -> bytes:
    """The bytes of a study in a format."""
    stream = io.BytesIO()
    FORMATS[format_].write(study, stream, Options(**options))
    return stream.getvalue()


def read_csv(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))
