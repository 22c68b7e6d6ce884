"""What every row of every table of statistics begins and ends with."""

from __future__ import annotations

from dataclasses import dataclass

from exports.responses import Study
from exports.scorecards.rows import PANELS


@dataclass(frozen=True, slots=True)
class Facts:
    """Whose numbers they are, of which round, for which panel, by which version, and when they were made."""

    partnership: str
    round: str
    panel: str
    definition_version: str
    computed_at: str


def find_facts(study: Study) -> Facts:
    """Give the facts of a study."""
    kind = study.definition.kind
    return Facts(
        partnership=study.partnership,
        round=study.round_name,
        panel=PANELS.get(kind, kind),
        definition_version=study.definition.version,
        computed_at=study.computed_at.isoformat(),
    )
