"""Whether numbers that are told together can be solved for fewer than k people: the gate's own linear algebra.

People who stand in all equations alike are one class. A combination of equations speaks of few people where it is zero
for everybody else; it exists exactly where the equations, projected on the unknowns of these few, lose no length.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
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
    unions = _unite(lengths, sizes, k)
    return any(_is_whole(basis, [place for one in union for place in places[one]]) for union in unions)


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


def _unite(lengths: Mapping[Hashable, float], sizes: Mapping[Hashable, int], k: int) -> Iterator[tuple[Hashable, ...]]:
    """Give the unions of classes below k people that could hold a whole combination: their lengths come to one.

    Where more than `MOST_TRIED` have to be looked at, all classes at once are the last: more than any union.
    """
    order = sorted(lengths, key=lambda one: -lengths[one] / sizes[one])
    looked = 0
    open_ones: list[tuple[int, tuple[Hashable, ...], int, float]] = [(0, (), k - 1, 0.0)]
    while open_ones:
        start, chosen, left, length = open_ones.pop()
        if length >= _WHOLE:
            yield chosen
        for place in range(start, len(order)):
            one = order[place]
            # those after it add less for each person: no union with them comes to one
            if length + left * lengths[one] / sizes[one] < _WHOLE:
                break
            if sizes[one] <= left:
                open_ones.append((place + 1, (*chosen, one), left - sizes[one], length + lengths[one]))
            looked += 1
        if looked > MOST_TRIED:
            yield tuple(order)
            return


def _is_whole(basis: NDArray[float64], places: Sequence[int]) -> bool:
    """Whether some combination of the equations lies within these unknowns alone."""
    import numpy as np

    return float(np.linalg.norm(basis[:, places], 2)) > _WHOLE
