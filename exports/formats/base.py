"""The contract of an export format: how responses become one file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import BinaryIO, ClassVar

from exports.errors import ExportError
from exports.levels import protect
from exports.options import RESTRICTED, SUMMARY, Options
from exports.responses import Study


class Format(ABC):
    """A file format for responses. It has no state, and writes the same bytes for the same data."""

    name: ClassVar[str]
    extension: ClassVar[str]
    media_type: ClassVar[str]
    title: ClassVar[str]
    """What people call it, with what it is good for."""
    has_rows: ClassVar[bool] = True
    """Whether it is nothing but rows, so that it has no summary."""
    has_words: ClassVar[bool] = True
    """Whether codes or labels is a choice: some formats hold both by nature."""

    has_one_table: ClassVar[bool] = False
    """Whether a file holds one table, so that the rows of each repeated section are a file of their own."""

    reads_responses_alone: ClassVar[bool] = False
    """Whether the file is made of responses alone: no time, no case, no event and no result stands in it."""

    default_level: ClassVar[str] = RESTRICTED
    passes: ClassVar[int] = 2
    """About how often it reads all responses: what progress is measured by."""

    def write(self, study: Study, stream: BinaryIO, options: Options | None = None) -> None:
        """Write the study to a stream that stays open, told as far as `Options.level` allows.

        Raises `ExportError` for a summary where there are only rows.
        """
        options = options or Options()
        self.check_level(options.level)
        self.write_told(protect(study, options.level) if self.has_rows else study, stream, options)

    def check_level(self, level: str) -> None:
        """Raise `ExportError` where this format cannot be told at this level."""
        if self.has_rows and level == SUMMARY:
            raise ExportError(
                f"A summary has no rows, and {self.name} is nothing else. Choose the level research or restricted, "
                "or the format pack."
            )

    @abstractmethod
    def write_told(self, study: Study, stream: BinaryIO, options: Options) -> None:
        """Write a study of which all may be told; says in its docstring where memory is not flat."""
