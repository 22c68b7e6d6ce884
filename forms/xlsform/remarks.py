"""What an import says about a workbook: place by place what has no equivalent, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from forms.loading.reading import printable, shorten


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is not as in the workbook. `where`: `survey!F12`; `done`: what became of it, or what to do."""

    where: str
    message: str
    done: str

    def sentence(self) -> str:
        """Give the remark as one line."""
        return f"{self.where}: {self.message} {self.done}".rstrip()


@dataclass(slots=True)
class Remarks:
    """Collects remarks, each once."""

    _kept: dict[Remark, None] = field(default_factory=dict)

    def add(self, where: str, message: str, done: str) -> None:
        """Note what is not as it was."""
        self._kept[Remark(where, printable(message), printable(done))] = None

    @property
    def all(self) -> tuple[Remark, ...]:
        """Everything noted, in the order of the workbook's sheets and rows."""
        return tuple(sorted(self._kept, key=lambda remark: _find_place(remark.where)))


def quote(text: str) -> str:
    """Give what a cell holds, short and on one line."""
    return f"`{shorten(text, 60)}`"


def _find_place(where: str) -> tuple[int, int, str]:
    sheet, _, cell = where.partition("!")
    order = {"settings": 0, "survey": 1, "choices": 2}
    digits = "".join(character for character in cell if character.isdigit())
    return order.get(sheet.lower(), 3), int(digits or 0), cell
