"""The checker's four reports: channel fit, reachability, comparability, exportability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forms.checks.reports.channel_fit import ChannelFit, build_channel_fit
from forms.checks.reports.comparability import Comparability, build_keys, compare
from forms.checks.reports.exportability import Exportability, build_exportability
from forms.checks.reports.reachability import Reachability, build_reachability
from forms.checks.reports.succession import find_refusals
from forms.checks.reports.summary import (
    list_channel_fit,
    list_comparability,
    list_exportability,
    list_reachability,
)
from forms.definition import Definition, RosterEntry

__all__ = ["Reports", "build_reports", "summarise"]


@dataclass(frozen=True, slots=True)
class Reports:
    """What the checker knows of one definition; `comparability` only against an earlier version."""

    channel_fit: ChannelFit
    reachability: Reachability
    exportability: Exportability
    comparability: Comparability | None
    keys: Mapping[str, str]
    refusals: tuple[str, ...] = ()
    """Why publishing would refuse this version after the earlier one."""

    def as_json(self) -> dict[str, Any]:
        """Give the reports as JSON holds them; `comparability_keys` are those of this version by question."""
        return {
            "channel_fit": self.channel_fit.as_json(),
            "reachability": self.reachability.as_json(),
            "comparability": (
                None if self.comparability is None else {**self.comparability.as_json(), "refused": list(self.refusals)}
            ),
            "comparability_keys": dict(self.keys),
            "exportability": self.exportability.as_json(),
        }


def build_reports(
    definition: Definition,
    *,
    earlier: Definition | None = None,
    parameters: Mapping[str, str] | None = None,
    price: Decimal | None = None,
    roster: Sequence[RosterEntry] = (),
) -> Reports:
    """Give the four reports on a definition.

    `earlier`: the version to compare with. `parameters` and `roster`: what is given for a round. `price`: of one
    segment.
    """
    return Reports(
        build_channel_fit(definition, parameters=parameters, price=price, roster=roster),
        build_reachability(definition),
        build_exportability(definition),
        None if earlier is None else compare(definition, earlier),
        build_keys(definition),
        () if earlier is None else find_refusals(definition, earlier),
    )


def summarise(reports: Reports) -> tuple[str, ...]:
    """Give the reports as sentences, each beginning with the report's name."""
    said = {
        "channel fit": list_channel_fit(reports.channel_fit),
        "reachability": list_reachability(reports.reachability),
        "comparability": _compare(reports),
        "exportability": list_exportability(reports.exportability),
    }
    return tuple(f"{name}: {sentence}" for name, sentences in said.items() for sentence in sentences)


def _compare(reports: Reports) -> tuple[str, ...]:
    if reports.comparability is None:
        return ()
    refused = (f"publishing would refuse it: {sentence}" for sentence in reports.refusals)
    return (*list_comparability(reports.comparability), *refused)
