"""The registry of export formats: one file each, one line each."""

from __future__ import annotations

from exports.formats.base import Format
from exports.formats.csv import Csv
from exports.formats.json import Json
from exports.formats.long import Long

FORMATS: dict[str, Format] = {
    Csv.name: Csv(),
    Long.name: Long(),
    Json.name: Json(),
}
