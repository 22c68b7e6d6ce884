"""What partners say of one another: trust and usefulness, of an organisation only by three or more (C10.10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from exports.statistics.intervals import find_mean

FEWEST_RATERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One rating, from 1 to 5: by which organisation, of which."""

    by: str
    of: str
    rating: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRating:
    """An organisation as its peers see it; with fewer than three raters neither the mean nor their number is told."""

    of: str
    mean: float | None = None
    raters: int | None = None


def rate_peers(ratings: Iterable[Said]) -> list[PeerRating]:
    """Average the ratings of every organisation that was rated, in the order given; nobody rates itself."""
    given: dict[str, dict[str, float]] = {}
    for said in ratings:
        own = given.setdefault(said.of, {})
        if said.by != said.of:
            own[said.by] = said.rating
    return [
        PeerRating(of=of, mean=find_mean(list(own.values())), raters=len(own))
        if len(own) >= FEWEST_RATERS
        else PeerRating(of=of)
        for of, own in given.items()
    ]


def list_told_edges(ratings: Iterable[Said], reader: str, consenting: Collection[str]) -> list[Said]:
    """Give who said what to one member: only if that member consented, and only what others who consented said."""
    if reader not in consenting:
        return []
    return [said for said in ratings if said.by in consenting and said.of in consenting]
