"""The evaluation pack as a zip: all files of a round for an evaluator, with codebook, scorecard and instrument."""

from __future__ import annotations

from typing import BinaryIO

from exports.formats.base import Format
from exports.options import SUMMARY, Options
from exports.responses import Study


class Pack(Format):
    """Everything in one zip; without rows it is what may be published."""

    name = "pack"
    extension = "zip"
    media_type = "application/zip"
    title = "Evaluation pack (.zip): data, scorecard, instrument, metadata"
    passes = 20
    has_rows = False
    default_level = SUMMARY

    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write the pack, which tells its rows and its aggregates each as far as they may be told."""
        from exports.pack import write_pack

        write_pack(study, stream, options)
