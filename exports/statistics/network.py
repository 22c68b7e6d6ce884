"""Who works with whom: density, reciprocity, degrees, centralisation, betweenness, reach across types (scorecard C15).

Organisations that did not answer cannot say whom they work with, so every share is of what could have been said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

CUT = 2
"""A tie from quarterly on is an arc."""
ENOUGH_ANSWERED = 0.70
"""Below this share of organisations that answered only counts are given: our convention."""
FEWEST = 3

Ties = Mapping[tuple[str, str], int]
"""(who says it, of whom) -> how often, 0 to 4. `don't know` is absent."""


@dataclass(frozen=True, slots=True)
class Network:
    """What ties say. Shares are of 1; all but the counts are none where there are too few organisations or answers.

    `mutual`, `one_way`, `none`: dyads of which both answered. `in_degree` is of the possible raters, `out_degree`
    only of those that answered. `isolates`: nobody ties with them, nor they with anybody.
    """

    nodes: tuple[str, ...]
    respondents: tuple[str, ...]
    arcs: tuple[tuple[str, str], ...]
    possible: int
    mutual: int
    one_way: int
    none: int
    isolates: tuple[str, ...]
    partial: bool
    edges: int
    density: float | None = None
    dyad_reciprocity: float | None = None
    arc_reciprocity: float | None = None
    in_degree: Mapping[str, float] | None = None
    out_degree: Mapping[str, float] | None = None
    centralisation: float | None = None
    betweenness: Mapping[str, float] | None = None
    external_internal: float | None = None


def describe_network(
    nodes: Sequence[str],
    ties: Ties,
    respondents: Collection[str],
    types: Mapping[str, str] | None = None,
    *,
    cut: int = CUT,
) -> Network | None:
    """Describe the network of the listed organisations; nothing with fewer than three.

    Density = arcs/(|R| (n - 1)); reciprocity over dyads where both answered, by dyads M/(M + A) and by arcs
    2M/(2M + A); centralisation of degree sum(max - d)/((n - 1)(n - 2)) (Freeman 1979, Social Networks 1:215) and
    betweenness on ties that either side named; E-I = (external - internal)/(external + internal) over edges between
    organisations of known type (Krackhardt and Stern 1988, Social Psychology Quarterly 51:123). Fewer than 70 % of
    organisations answering gives counts alone: a partial network.
    """
    if len(nodes) < FEWEST:
        return None
    answered = tuple(node for node in nodes if node in respondents)
    arcs = tuple(
        (a, b) for (a, b), strength in ties.items() if strength >= cut and a in answered and b in nodes and a != b
    )
    drawn, edges = set(arcs), {frozenset(arc) for arc in arcs}
    dyads = [(a, b) for place, a in enumerate(answered) for b in answered[place + 1 :]]
    said = [((a, b) in drawn) + ((b, a) in drawn) for a, b in dyads]
    counts = Network(
        nodes=tuple(nodes),
        respondents=answered,
        arcs=arcs,
        possible=len(answered) * (len(nodes) - 1),
        mutual=said.count(2),
        one_way=said.count(1),
        none=said.count(0),
        isolates=tuple(node for node in nodes if not any(node in edge for edge in edges)),
        partial=len(answered) < ENOUGH_ANSWERED * len(nodes),
        edges=len(edges),
    )
    return counts if counts.partial else _measure(counts, edges, types or {})


def _measure(counts: Network, edges: set[frozenset[str]], types: Mapping[str, str]) -> Network:
    nodes, answered, size = counts.nodes, counts.respondents, len(counts.nodes)
    tied = counts.mutual + counts.one_way
    named = 2 * counts.mutual + counts.one_way
    degree = [sum(node in edge for edge in edges) for node in nodes]
    kinds = [[types[node] for node in edge] for edge in edges if all(node in types for node in edge)]
    inside = sum(one == other for one, other in kinds)
    return replace(
        counts,
        density=len(counts.arcs) / counts.possible,
        dyad_reciprocity=counts.mutual / tied if tied else None,
        arc_reciprocity=2 * counts.mutual / named if named else None,
        in_degree={
            node: sum(b == node for _, b in counts.arcs) / raters
            for node in nodes
            if (raters := len(answered) - (node in answered))
        },
        out_degree={node: sum(a == node for a, _ in counts.arcs) / (size - 1) for node in answered},
        centralisation=sum(max(degree) - own for own in degree) / ((size - 1) * (size - 2)),
        betweenness=_find_betweenness(nodes, edges),
        external_internal=(len(kinds) - 2 * inside) / len(kinds) if kinds else None,
    )


def _find_betweenness(nodes: Sequence[str], edges: set[frozenset[str]]) -> dict[str, float]:
    """Give the share of shortest paths that lead through each node (Freeman 1977, Sociometry 40:35)."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(tuple(sorted(edge)) for edge in edges)
    return {str(node): float(share) for node, share in networkx.betweenness_centrality(graph).items()}
