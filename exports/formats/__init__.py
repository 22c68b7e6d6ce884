"""The registry of export formats: one file each, one line each."""

from __future__ import annotations

from exports.formats.base import Format
from exports.formats.csv import Csv

FORMATS: dict[str, Format] = {
    Csv.name: Csv(),
}
