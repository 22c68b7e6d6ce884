"""The registry of export formats: one file each, one line each."""

from __future__ import annotations

from exports.formats.base import Format
from exports.formats.csv import Csv
from exports.formats.dta import Dta
from exports.formats.json import Json
from exports.formats.long import Long
from exports.formats.pack import Pack
from exports.formats.parquet import Parquet
from exports.formats.sav import Sav
from exports.formats.xlsx import Xlsx

FORMATS: dict[str, Format] = {
    Csv.name: Csv(),
    Long.name: Long(),
    Xlsx.name: Xlsx(),
    Sav.name: Sav(),
    Dta.name: Dta(),
    Parquet.name: Parquet(),
    Json.name: Json(),
    Pack.name: Pack(),
}
