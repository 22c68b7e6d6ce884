"""CSV: one row for each response."""

from __future__ import annotations

from typing import BinaryIO

from exports.delimited import EXCEL_MARK, write_table
from exports.formats.base import Format
from exports.options import Options
from exports.responses import Study
from exports.table import build_table


class Csv(Format):
    """The plain table that every program reads."""

    name = "csv"
    extension = "csv"
    media_type = "text/csv; charset=utf-8"
    title = "CSV, one row for each response"
    has_one_table = True
    reads_responses_alone = True

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write one header line and one line for each response."""
        if options.excel:
            stream.write(EXCEL_MARK)
        write_table(build_table(study, options), stream)
