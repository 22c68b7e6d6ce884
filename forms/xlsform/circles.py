"""Rows that decide about each other in a circle: no program can say which comes first."""

from __future__ import annotations

from collections.abc import Mapping

from forms.piping import find_references
from forms.xlsform.outline import Outline
from forms.xlsform.reading import SURVEY, refuse


def check_circles(outline: Outline) -> None:
    """Refuse a form in which what is relevant, or worked out, rests on itself."""
    needs: dict[str, set[str]] = {}
    for entry in outline.entries:
        cells = [entry.row.peek("relevant"), entry.row.peek("calculation")]
        needs.setdefault(entry.name, set()).update(name for cell in cells for name in find_references(cell))
    for block in outline.blocks:
        for entry in block.entries:
            for group in (*block.groups, *entry.inner):
                needs[entry.name].update(find_references(group.row.peek("relevant")))
    circle = _find_circle(needs)
    if circle:
        row = next(entry.row for entry in outline.entries if entry.name == circle[0])
        chain = " → ".join(f"`{name}`" for name in [*circle[:10], circle[0]])
        message = f"Conditions or calculations go in a circle: {chain}."
        raise refuse(message, "Take one of these references out.", row.where("name") or SURVEY)


def _find_circle(needs: Mapping[str, set[str]]) -> list[str]:
    """Give the names of one circle in order, or nothing; no recursion, however long the chain."""
    finished: set[str] = set()
    for start in needs:
        path: list[str] = []
        waiting = [(start, False)]
        while waiting:
            name, leaving = waiting.pop()
            if leaving:
                path.pop()
                finished.add(name)
            elif name in path:
                return path[path.index(name) :]
            elif name in needs and name not in finished:
                path.append(name)
                waiting.append((name, True))
                waiting.extend((other, False) for other in sorted(needs[name]))
    return []
