"""Records of many interviews by column: the routing once for all that share it, then whole columns are filled."""

from __future__ import annotations

from collections.abc import Mapping

from exports.columns import Column, combine, encode
from forms.recording import ABSENT, Plan, Recorder, Setting
from forms.values import Stored, Value


def record(
    recorder: Recorder, settings: Column[Setting], stored: Mapping[str, Column[Stored]]
) -> dict[str, Column[Value]]:
    """Give every question with what each interview has on record, as `Interview.record` gives it for one.

    `stored`: for each question that people answer what the database keeps (`QuestionType.dump`), else `ABSENT`.
    """
    told = [stored[id_] for id_ in recorder.telling]
    plans = combine([settings, *told]).map(lambda course: recorder.find_plan(course[0], course[1:]))
    return {id_: _fill(recorder, id_, plans, stored) for id_ in plans.values[0].defaults}


def _fill(recorder: Recorder, id_: str, plans: Column[Plan], answers: Mapping[str, Column[Stored]]) -> Column[Value]:
    """Give one question: the answer where the plan takes it and there is one, else what the plan says."""
    import numpy as np

    defaults = encode(plan.defaults[id_] for plan in plans.values)
    takes = np.array([id_ in plan.takes for plan in plans.values])
    if not takes.any():
        return Column(defaults.values, defaults.places[plans.places])
    stored = answers[id_]
    absent = np.array([value is ABSENT for value in stored.values])
    loaded = recorder.load(id_, [None if value is ABSENT else value for value in stored.values])
    every = encode([*loaded, *defaults.values])
    else_ = every.places[len(loaded) :][defaults.places]
    if len(plans.values) == 1:
        return Column(every.values, np.where(absent, else_[0], every.places[: len(loaded)])[stored.places])
    counts = takes[plans.places] & ~absent[stored.places]
    return Column(every.values, np.where(counts, every.places[stored.places], else_[plans.places]))
