"""`spss/` and `stata/`: labelled files, and syntax that labels the CSV for whoever will not trust a binary file."""

from __future__ import annotations

from exports.formats.dta import write_dta
from exports.formats.sav import write_sav
from exports.pack.contents import Contents
from exports.pack.parts.data import find_path
from exports.pack.syntax import write_do, write_sps, write_tsv
from exports.table import Table


def write_programs(contents: Contents) -> None:
    """Write every table for SPSS and Stata; these two are built in memory, since their library takes whole tables."""
    for table in contents.tables if contents.has_rows else ():
        _write_table(contents, table)


def _write_table(contents: Contents, table: Table) -> None:
    study, language, archive = contents.study, contents.language, contents.archive
    what = "Responses" if table is contents.tables[0] else f"Rows of {table.name}"
    tsv = f"spss/{table.name}.tsv"
    archive.add(f"spss/{table.name}.sav", f"{what} for SPSS", write_sav(study, table, language))
    with archive.open(tsv, f"{what} on one line each, for the syntax") as stream:
        write_tsv(table, stream)
    archive.add(f"spss/{table.name}.sps", "Syntax that reads and labels them", write_sps(table, language, tsv))
    archive.add(f"stata/{table.name}.dta", f"{what} for Stata", write_dta(study, table, language))
    commands = write_do(table, language, find_path(contents, table))
    archive.add(f"stata/{table.name}.do", "Commands that read and label the CSV", commands)
