"""Whether a version may follow another: within one major version a question stays what it was."""

from __future__ import annotations

import json
from collections.abc import Sequence

from forms.checks.reports.comparability import (
    CHOICES_CHANGED,
    DROPPED,
    REWORDED,
    SCALE_CHANGED,
    compare,
)
from forms.definition import Definition

_WHAT = {
    REWORDED: "is reworded",
    CHOICES_CHANGED: "has other choices",
    SCALE_CHANGED: "is answered or scored on another scale",
    DROPPED: "is dropped",
}


def find_refusals(definition: Definition, earlier: Definition) -> tuple[str, ...]:
    """Give why this definition cannot be published after that one as the same instrument, a sentence each.

    Nothing where the content is the same, or where another major version says that answers are not to be compared.
    """
    now, before = _read_version(definition.version), _read_version(earlier.version)
    if now[0] != before[0] or _has_same_content(definition, earlier):
        return ()
    what = {one.question: _WHAT[one.status] for one in compare(definition, earlier).questions if one.status in _WHAT}
    if what:
        changed = (f"`{question}` {said} since {earlier.version}." for question, said in what.items())
        mend = f"Count the version up to {before[0] + 1}.0.0, or give a question that has become another its own id."
        return (*changed, f"Answers to them could not be compared. {mend}")
    if now <= before:
        mend = f"Count it up, to {before[0]}.{before[1] + 1}.0 for example."
        return (f"Version {definition.version} is not after {earlier.version}, which has other content. {mend}",)
    return ()


def find_refusals_after(definition: Definition, published: Sequence[Definition]) -> tuple[str, ...]:
    """Give why this definition cannot be published after these, the newest first.

    What was published before may be published again; else the newest of the same major version is what counts.
    """
    if any(_has_same_content(definition, one) for one in published):
        return ()
    major = _read_version(definition.version)[0]
    newest = next((one for one in published if _read_version(one.version)[0] == major), None)
    return () if newest is None else find_refusals(definition, newest)


def _read_version(version: str) -> tuple[int, int, int]:
    """Give the three numbers of a version; what stands behind them does not count."""
    numbers = version.replace("+", "-").split("-")[0].split(".")
    major, minor, patch = [int(number) for number in (*numbers, "0", "0")][:3]
    return major, minor, patch


def _has_same_content(definition: Definition, earlier: Definition) -> bool:
    if definition.source == earlier.source:
        return True
    one, other = (json.loads(each.source) for each in (definition, earlier))
    return {**one, "$schema": None} == {**other, "$schema": None}
