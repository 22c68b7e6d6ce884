"""`spss/` and `stata/`: labelled files, and syntax that labels the CSV for whoever will not trust a binary file."""

from __future__ import annotations

from exports.formats.dta import write_dta
from exports.formats.sav import write_sav
from exports.pack.contents import Contents
from exports.pack.syntax import write_do, write_sps, write_tsv


def write_programs(contents: Contents) -> None:
    """Write the responses for SPSS and Stata; these two are built in memory, since their library takes whole tables."""
    if not contents.has_rows:
        return
    table, language, archive = contents.tables[0], contents.language, contents.archive
    archive.add("spss/responses.sav", "Responses for SPSS", write_sav(contents.study, table, language))
    with archive.open("spss/responses.tsv", "The responses on one line each, for the syntax") as stream:
        write_tsv(table, stream)
    archive.add("spss/responses.sps", "Syntax that reads and labels them", write_sps(table, language))
    archive.add("stata/responses.dta", "Responses for Stata", write_dta(contents.study, table, language))
    archive.add("stata/responses.do", "Commands that read and label the CSV", write_do(table, language))
