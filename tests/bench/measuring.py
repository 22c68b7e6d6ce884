"""What a figure is: ours, the baseline of the same run, their ratio, and the goal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ratio` is ours to the baseline in `unit`; `met` says whether the goal is reached."""

    operation: str
    ours: float
    baseline: float
    unit: str
    ratio: float
    goal: str
    met: bool


def at_least(operation: str, ours: float, baseline: float, goal: float, unit: str = "/s") -> Figure:
    """Give a figure whose ratio should be at least `goal`."""
    ratio = ours / baseline
    return Figure(operation, ours, baseline, unit, ratio, f">= {goal:g}", ratio >= goal)


def at_most(operation: str, ours: float, baseline: float, goal: float, unit: str) -> Figure:
    """Give a figure whose ratio should be at most `goal`."""
    ratio = ours / baseline
    return Figure(operation, ours, baseline, unit, ratio, f"<= {goal:g}", ratio <= goal)


def draw_table(figures: Sequence[Figure]) -> Iterator[str]:
    """Give the lines of the table as README has it."""
    yield "| operation | ours | baseline | ratio | goal | |"
    yield "|---|---:|---:|---:|---|---|"
    for f in figures:
        sides = f"{f.ours:,.4g} {f.unit} | {f.baseline:,.4g} {f.unit} | {f.ratio:.2f}"
        yield f"| {f.operation} | {sides} | {f.goal} | {'met' if f.met else 'NOT met'} |"
