import random

import networkx
import pytest
from vectors_file import PLACES, VECTORS

from exports.statistics.network import describe_network

WORKED = VECTORS["V15"]
TIES = {tuple(arc.split(">")): strength for arc, strength in WORKED["ties"].items()}
TYPES = dict(zip("ABCDE", ("ngo", "gov", "ngo", "community", "corporate"), strict=True))


def test_the_worked_network_comes_out():
    found = describe_network(WORKED["nodes"], TIES, WORKED["respondents"], TYPES)
    assert {">".join(arc) for arc in found.arcs} == set(WORKED["arcs"])
    assert (len(found.arcs), found.possible) == (WORKED["n_arcs"], WORKED["possible_observed"])
    assert found.density == pytest.approx(WORKED["density_obs"], abs=PLACES)
    assert [found.mutual, found.one_way, found.none] == WORKED["M_A_N"]
    assert found.dyad_reciprocity == pytest.approx(WORKED["dyad_reciprocity"], abs=PLACES)
    assert found.arc_reciprocity == pytest.approx(WORKED["arc_reciprocity"], abs=PLACES)
    assert found.in_degree == pytest.approx(WORKED["in_degree_norm"], abs=PLACES)
    assert found.out_degree == pytest.approx(WORKED["out_degree_norm"], abs=PLACES)
    assert found.edges == WORKED["undirected_edges"]
    assert found.centralisation == pytest.approx(WORKED["degree_centralization"], abs=PLACES)
    assert found.betweenness == pytest.approx(WORKED["betweenness_norm"], abs=PLACES)
    assert found.external_internal == pytest.approx(WORKED["EI_index"], abs=PLACES)
    assert (found.partial, found.isolates) == (False, ())


def test_where_everybody_answered_it_is_what_networkx_says():
    chance = random.Random(7)
    nodes = [f"n{number}" for number in range(9)]
    ties = {(a, b): chance.randint(0, 4) for a in nodes for b in nodes if a != b}
    found = describe_network(nodes, ties, nodes)
    graph = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(pair for pair, strength in ties.items() if strength >= 2)
    assert found.density == pytest.approx(networkx.density(graph))
    assert found.arc_reciprocity == pytest.approx(networkx.overall_reciprocity(graph))
    assert found.in_degree == pytest.approx(networkx.in_degree_centrality(graph))
    assert found.out_degree == pytest.approx(networkx.out_degree_centrality(graph))
    assert found.betweenness == pytest.approx(networkx.betweenness_centrality(graph.to_undirected()))


def test_two_organisations_are_no_network():
    assert describe_network(["A", "B"], {("A", "B"): 4}, ["A", "B"]) is None


def test_where_too_few_answered_there_are_counts_alone():
    found = describe_network(WORKED["nodes"], TIES, ["A", "B", "C"], TYPES)
    assert found.partial
    assert (found.density, found.betweenness, found.dyad_reciprocity) == (None, None, None)
    assert len(found.arcs) == 6


def test_who_has_no_tie_is_named_and_stays_in():
    found = describe_network(["A", "B", "C", "D"], {("A", "B"): 3, ("B", "A"): 1}, "ABCD")
    assert found.isolates == ("C", "D")
    assert (found.dyad_reciprocity, found.arc_reciprocity) == (0, 0)
    assert found.external_internal is None


def test_without_any_tie_nothing_is_returned_by_anybody():
    found = describe_network(["A", "B", "C"], {}, "ABC")
    assert (found.density, found.dyad_reciprocity, found.centralisation) == (0, None, 0)
