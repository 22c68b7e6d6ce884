"""The evaluation pack: one zip of a round with its data, scorecard, instrument and metadata, at one of three levels."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from exports.options import Options
from exports.pack.archive import Archive
from exports.pack.contents import Contents
from exports.pack.parts import PARTS
from exports.pack.readme import write_readme
from exports.pack.schemas import write_descriptor
from exports.responses import Study

__all__ = ["write_pack"]


def write_pack(study: Study, stream: BinaryIO, options: Options) -> None:
    """Write the pack; the same data at the same level give the same bytes.

    Memory is flat but for SPSS and Stata (their library takes whole tables) and the scores behind the scorecard.
    """
    archive = Archive(stream)
    contents = Contents(whole=replace(study, computed_at=study.dated), options=options, archive=archive)
    for write in PARTS:
        write(contents)
    archive.add("datapackage.json", "The tables as a Data Package", write_descriptor(contents))
    archive.add("README.txt", "What this is and how to read it", write_readme(contents))
    archive.close()
