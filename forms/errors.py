"""What goes wrong in the engine: faults of an author's definition, faults of a respondent's answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a definition: where (a JSON path such as `$.sections[0].questions[2].type`), what, and the mend."""

    path: str
    message: str
    suggestion: str = ""

    def sentence(self, file: str = "") -> str:
        """Give the fault as one line: file, path, sentence, suggestion."""
        where = f"{file}: {self.path}" if file else self.path
        return f"{where}: {self.message}" + (f" {self.suggestion}" if self.suggestion else "")


class DefinitionError(Exception):
    """The definition cannot be used; `faults` lists everything that is wrong with it at once."""

    def __init__(self, faults: Iterable[Fault], file: str = "") -> None:
        self.faults = tuple(faults)
        self.file = file
        super().__init__("\n".join(fault.sentence(file) for fault in self.faults))


class AnswerError(Exception):
    """The answer cannot be taken; the text is shown to the respondent as it is, in the respondent's language."""
