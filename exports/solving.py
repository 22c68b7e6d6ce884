"""Whether numbers that are told together can be solved for fewer than k people: the gate's own linear algebra.

People who stand in all equations alike are one class. A combination of equations speaks of few people where it is zero
for everybody else; it exists exactly where the equations, projected on the unknowns of these few, lose no length.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

Unknown = tuple[Hashable, Hashable]
"""A class of people, and what of them is not known."""
Equation = Mapping[Unknown, float]

MOST_TRIED = 20_000
"""Unions of small classes that are looked at one by one; where there are more, nothing is claimed to be safe."""
_WHOLE = 1 - 1e-7
"""A length that is one but for rounding."""


def is_solvable(equations: Sequence[Equation], sizes: Mapping[Hashable, int], k: int) -> bool:
    """Whether some combination of the equations may speak of fewer than k people alone.

    `sizes`: class -> how many people. True as well where that is more than can be looked at: never a false no.
    """
    unknowns = sorted({unknown for equation in equations for unknown in equation}, key=repr)
    small = {one for one, _ in unknowns if sizes[one] < k}
    if not small:
        return False
    basis = _find_basis(equations, unknowns)
    places: dict[Hashable, list[int]] = {}
    for place, (one, _) in enumerate(unknowns):
        if one in small:
            places.setdefault(one, []).append(place)
    lengths = {one: float((basis[:, own] ** 2).sum()) for one, own in places.items()}
    if _find_longest(lengths, sizes, k) < _WHOLE:
        return False
    return any(
        _is_whole(basis, [place for one in union for place in places[one]]) for union in _unite(places, sizes, k)
    )


def _find_basis(equations: Sequence[Equation], unknowns: Sequence[Unknown]) -> NDArray[float64]:
    """Give an orthonormal basis of all combinations of the equations; shape (rank, unknowns)."""
    import numpy as np

    columns = {unknown: place for place, unknown in enumerate(unknowns)}
    matrix = np.zeros((len(equations), len(unknowns)))
    for number, equation in enumerate(equations):
        for unknown, factor in equation.items():
            matrix[number, columns[unknown]] = factor
    _, values, basis = np.linalg.svd(matrix, full_matrices=False)
    found: NDArray[Any] = basis[values > 1e-9 * values[0]]
    return found


def _find_longest(lengths: Mapping[Hashable, float], sizes: Mapping[Hashable, int], k: int) -> float:
    """Give the most that small classes of fewer than k people together can hold of any combination: a bound."""
    best = [0.0] * k
    for one, length in lengths.items():
        for people in range(k - 1, sizes[one] - 1, -1):
            best[people] = max(best[people], best[people - sizes[one]] + length)
    return max(best)


def _unite(places: Mapping[Hashable, object], sizes: Mapping[Hashable, int], k: int) -> Iterator[tuple[Hashable, ...]]:
    """Give every union of small classes below k people, or, where there are too many, all of them at once."""
    tried = 0
    for count in range(1, k):
        for union in combinations(places, count):
            if sum(sizes[one] for one in union) < k:
                yield union
            tried += 1
            if tried > MOST_TRIED:
                yield tuple(places)
                return


def _is_whole(basis: NDArray[float64], places: Sequence[int]) -> bool:
    """Whether some combination of the equations lies within these unknowns alone."""
    import numpy as np

    return float(np.linalg.norm(basis[:, places], 2)) > _WHOLE
