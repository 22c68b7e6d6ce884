"""An attacker with linear algebra: from sums that were published to the smallest set of people they speak of."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations

import numpy as np

Unknown = tuple[int, Hashable]
"""A person, and what of that person is not known."""
Equation = dict[Unknown, float]


def find_few(equations: Sequence[Equation], k: int) -> list[int] | None:
    """Give people, fewer than k, of whom some combination of the equations speaks alone.

    One exists exactly when leaving out these people's unknowns lowers the rank. People whose unknowns stand in the
    same equations in the same way cannot be told apart, so only whole kinds are tried.
    """
    unknowns = sorted({unknown for equation in equations for unknown in equation}, key=repr)
    if not unknowns:
        return None
    matrix = np.array([[equation.get(unknown, 0.0) for unknown in unknowns] for equation in equations])
    rank = np.linalg.matrix_rank(matrix)
    places: dict[int, list[int]] = {}
    for place, (person, _) in enumerate(unknowns):
        places.setdefault(person, []).append(place)
    kinds: dict[object, list[int]] = {}
    for person, own in places.items():
        look = tuple(sorted((repr(unknowns[place][1]), *matrix[:, place].round(9)) for place in own))
        kinds.setdefault(look, []).append(person)
    small = [people for people in kinds.values() if len(people) < k]
    for size in range(1, k):
        for union in combinations(small, size):
            people = [person for kind in union for person in kind]
            if len(people) < k:
                gone = {place for person in people for place in places[person]}
                rest = [place for place in range(len(unknowns)) if place not in gone]
                if np.linalg.matrix_rank(matrix[:, rest]) < rank:
                    return people
    return None
