"""The long table as CSV: one row for each answer, the loss-free form."""

from __future__ import annotations

from typing import BinaryIO

from exports.delimited import EXCEL_MARK, write_rows
from exports.formats.base import Format
from exports.long import LONG_COLUMNS, LONG_NUMERIC, build_long
from exports.options import Options
from exports.responses import Study


class Long(Format):
    """CSV with one row for each answer."""

    name = "long"
    extension = "csv"
    media_type = "text/csv; charset=utf-8"
    title = "Long CSV, one row for each answer"
    has_words = False

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write one line for each answer."""
        if options.excel:
            stream.write(EXCEL_MARK)
        write_rows(stream, LONG_COLUMNS, build_long(study, options), LONG_NUMERIC)
