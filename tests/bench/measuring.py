"""How a figure is taken: both sides in turn, several times, medians, and the ratio of the medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
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


def time_in_turn(
    ours: Callable[[], None], baseline: Callable[[], None], *, calls: int, runs: int = 7
) -> tuple[float, float]:
    """Give calls per second of both: medians of `runs` runs of `calls` calls, A B A B, after one warm-up each."""
    speeds: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + 1):
        for side, call in enumerate((ours, baseline)):
            gc.collect()
            began = time.perf_counter()
            for _ in range(calls):
                call()
            if run:
                speeds[side].append(calls / (time.perf_counter() - began))
    return statistics.median(speeds[0]), statistics.median(speeds[1])


def at_least(operation: str, ours: float, baseline: float, goal: float, unit: str = "/s") -> Figure:
    """Give a figure whose ratio should be at least `goal`."""
    ratio = ours / baseline
    return Figure(operation, ours, baseline, unit, ratio, f">= {goal:g}", ratio >= goal)


def at_most(operation: str, ours: float, baseline: float, goal: float, unit: str) -> Figure:
    """Give a figure whose ratio should be at most `goal`."""
    ratio = ours / baseline
    return Figure(operation, ours, baseline, unit, ratio, f"<= {goal:g}", ratio <= goal)
