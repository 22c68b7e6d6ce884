"""The stakeholder map: influence by interest, and salience (scorecard C14). For the coordinating team only.

It describes people. Whatever shows it is marked `restricted`, and shared views never say the names of the classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.statistics.intervals import find_mean

CUT = 3.5
"""From this mean on a rating is high: fixed, so that labels do not move when the list changes. Our convention."""
NEAR = 0.5
WIDE = 3
WEAK_LINK = 2

QUADRANTS = {
    (True, True): "manage_closely",
    (True, False): "keep_satisfied",
    (False, True): "keep_informed",
    (False, False): "monitor",
}
"""(high influence, high interest) -> what to do. Source: Mendelow 1981, Proceedings of ICIS."""

SALIENCE = {
    (False, False, False): "non-stakeholder",
    (True, False, False): "dormant",
    (False, True, False): "discretionary",
    (False, False, True): "demanding",
    (True, True, False): "dominant",
    (True, False, True): "dangerous",
    (False, True, True): "dependent",
    (True, True, True): "definitive",
}
"""(power, legitimacy, urgency) -> class. Source: Mitchell, Agle and Wood 1997, Academy of Management Review 22:853."""

NEUTRAL = {
    "non-stakeholder": "no claim seen",
    "dormant": "has power, unused so far",
    "discretionary": "has a rightful claim",
    "demanding": "presses without support",
    "dominant": "is heard",
    "dangerous": "could disrupt",
    "dependent": "needs an ally",
    "definitive": "comes first",
}
"""Class -> the words that may be printed."""

Ratings = Sequence[int | float | None]
"""Ratings from 1 to 5 by several raters; `None` for don't know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One stakeholder as the coordinators rated it: one list for each question."""

    name: str
    influence: Ratings
    interest: Ratings
    legitimacy: Ratings = ()
    urgency: Ratings = ()
    position: Ratings = ()
    relationship: Ratings = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a stakeholder stands on the map; means are none where nobody rated, and so is what follows from them.

    `borderline`: a mean is within 0.5 of the cut, or raters are three points or more apart. `gap`: much influence
    and a weak link to it.
    """

    name: str
    influence: float | None
    interest: float | None
    legitimacy: float | None
    urgency: float | None
    position: float | None
    relationship: float | None
    raters: int
    quadrant: str | None
    salience: str | None
    borderline: bool
    gap: bool

    @property
    def words(self) -> str:
        """The salience in neutral words."""
        return NEUTRAL[self.salience] if self.salience else ""


def place_stakeholder(rated: Rated) -> Placed:
    """Average the raters and place the stakeholder."""
    influence, interest = _average(rated.influence), _average(rated.interest)
    legitimacy, urgency = _average(rated.legitimacy), _average(rated.urgency)
    relationship = _average(rated.relationship)
    axes = [(influence, rated.influence), (interest, rated.interest)]
    return Placed(
        name=rated.name,
        influence=influence,
        interest=interest,
        legitimacy=legitimacy,
        urgency=urgency,
        position=_average(rated.position),
        relationship=relationship,
        raters=len(_list_given(rated.influence)),
        quadrant=find_quadrant(influence, interest),
        salience=find_salience(influence, legitimacy, urgency),
        borderline=any(_is_borderline(mean, ratings) for mean, ratings in axes),
        gap=influence is not None and influence >= CUT and relationship is not None and relationship <= WEAK_LINK,
    )


def find_quadrant(influence: float | None, interest: float | None) -> str | None:
    """Give the quadrant of two means."""
    if influence is None or interest is None:
        return None
    return QUADRANTS[influence >= CUT, interest >= CUT]


def find_salience(power: float | None, legitimacy: float | None, urgency: float | None) -> str | None:
    """Give the salience class of three means."""
    if power is None or legitimacy is None or urgency is None:
        return None
    return SALIENCE[power >= CUT, legitimacy >= CUT, urgency >= CUT]


def _list_given(ratings: Ratings) -> list[float]:
    return [rating for rating in ratings if rating is not None]


def _average(ratings: Ratings) -> float | None:
    given = _list_given(ratings)
    return find_mean(given) if given else None


def _is_borderline(mean: float | None, ratings: Ratings) -> bool:
    given = _list_given(ratings)
    return mean is not None and (abs(mean - CUT) <= NEAR or max(given) - min(given) >= WIDE)
