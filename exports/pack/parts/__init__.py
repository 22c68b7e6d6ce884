"""The registry of the pack's parts, in the order of their folders: one file each, one line each."""

from __future__ import annotations

from collections.abc import Callable

from exports.pack.contents import Contents
from exports.pack.parts.course import write_course
from exports.pack.parts.data import write_data
from exports.pack.parts.ddi import write_ddi
from exports.pack.parts.instrument import write_instrument
from exports.pack.parts.left_out import write_left_out
from exports.pack.parts.nodes import write_nodes
from exports.pack.parts.programs import write_programs
from exports.pack.parts.scorecard import write_scorecard
from exports.pack.parts.scores import write_scores
from exports.pack.parts.stats import write_stats

PARTS: tuple[Callable[[Contents], None], ...] = (
    write_data,
    write_scores,
    write_nodes,
    write_course,
    write_left_out,
    write_scorecard,
    write_stats,
    write_programs,
    write_ddi,
    write_instrument,
)
