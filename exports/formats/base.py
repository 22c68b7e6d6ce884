"""The contract of an export format: how responses become one file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import BinaryIO, ClassVar, TextIO

from exports.responses import Study


class Format(ABC):
    """A file format for responses. It has no state, writes what the table gives it, and keeps memory flat."""

    name: ClassVar[str]
    extension: ClassVar[str]
    media_type: ClassVar[str]

    @abstractmethod
    def write(
        self,
        study: Study,
        stream: TextIO | BinaryIO,
        *,
        labels: bool = False,
        language: str | None = None,
        include_partial: bool = False,
    ) -> None:
        """Write the study's responses to a stream that stays open; see `table.build_rows` for the options."""
