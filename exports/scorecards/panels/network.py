"""The network of organisations: who works with whom, and what peers say of each. For the coordinating team only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from exports.charts.network import Arc, Node, draw_network, tabulate_network
from exports.charts.tables import Cell, Heading, Number, make_table
from exports.panels.peers import FEWEST_RATERS, Said, rate_peers
from exports.responses import Study
from exports.rosters import find_type
from exports.rounding import find_whole, say_percent
from exports.scorecards.panels.base import (
    NOTHING,
    TEAM_ONLY,
    VOICE,
    Built,
    Figure,
    Panel,
    find_code,
    list_counted,
)
from exports.scorecards.report.blocks import Block, Items, Picture, Section, Sentence, Table, Terms
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED, SUPPRESSED, UNRELIABLE
from exports.statistics.network import Network, describe_network
from forms.definition import RosterEntry
from forms.values import Row as Entry

TIE = "sn01"
RATINGS = {"trust": "sn03", "usefulness": "sn04"}
"""What peers rate -> the question that asks for it."""
NO_TYPE = "type not known"
PARTIAL = "Partial network: fewer than 70 % of the organisations answered, so only counts are given."
NOBODY_NAMED = (
    "Not collected: nobody’s answers can be assigned to an organisation of the roster. Give each contact an "
    "organisation that the roster names; anonymous rounds have no network."
)
FEW_RATERS = f"Fewer than {FEWEST_RATERS} raters: not shown."
METHODS = (
    ("Ties", ("An arrow is work together every three months or more, as the organisation it starts from said.",)),
    (
        "Shares",
        (
            "Density: arrows of all that the organisations that answered could have named. Reciprocity: pairs that "
            "name each other, of all pairs with a tie of which both answered. Centralisation of degree (Freeman 1979) "
            "and betweenness: on ties that either side named. E-I: from −100, all ties within one type, to 100, all "
            "between types.",
        ),
    ),
    (
        "Ratings by peers",
        (f"An organisation is rated only where {FEWEST_RATERS} others or more did. Nobody sees who said what.",),
    ),
    ("Who may see it", (TEAM_ONLY,)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The organisations, what each that answered says of the others, and how many answers had no organisation.

    `responses`: organisation -> id of the response that counts for it.
    """

    roster: tuple[RosterEntry, ...]
    rows: Mapping[str, Sequence[Entry]]
    responses: Mapping[str, str]
    lost: int


class StakeholderNetwork(Panel):
    """Density, reciprocity, centralisation, reach across types, degrees, and ratings by three peers or more."""

    name = "network"
    kinds = ("stakeholder_map",)
    source = VOICE
    needs = (TIE,)
    files: ClassVar[Mapping[str, str]] = {"org": "ties"}
    restricted = True
    waits = True
    instead = True

    def build(self, study: Study) -> Built:
        """Describe the network of the roster."""
        answered = read_answers(study)
        ties = {
            (by, entry.id): code
            for by, entries in answered.rows.items()
            for entry in entries
            if (code := find_code(entry.answers, TIE)) is not None
        }
        ids = [entry.id for entry in answered.roster]
        types = {entry.id: type_ for entry in answered.roster if (type_ := find_type(entry))}
        network = describe_network(ids, ties, answered.rows.keys(), types)
        if network is None or not answered.rows:
            return self.build_nothing("NETWORK", "Network", NOBODY_NAMED if answered.lost else NOTHING)
        names = {entry.id: entry.name for entry in answered.roster}
        figures = [*_write(network), *_write_degrees(network, names)]
        peers, told = _rate(answered, names)
        figures += told
        sections = [_draw(answered, network, ties, names), _tell_figures(network, names)]
        if peers is not None:
            sections.append(peers)
        sections.append(Section("methods", "How to read this", (Terms(METHODS),), aside=True))
        return figures, sections, {}


def read_answers(study: Study) -> Answered:
    """Give who answered for which organisation; of two answers for one the later counts."""
    section = study.definition.repeated[TIE].id
    rows: dict[str, Sequence[Entry]] = {}
    responses: dict[str, str] = {}
    lost = 0
    known = {entry.id for entry in study.roster}
    for response in list_counted(study):
        if response.own_entry in known and response.own_entry is not None:
            rows[response.own_entry] = response.rows.get(section, ())
            responses[response.own_entry] = response.response_id
        else:
            lost += 1
    return Answered(roster=study.roster, rows=rows, responses=responses, lost=lost)


def _write(network: Network) -> list[Figure]:
    answered, of = len(network.respondents), len(network.nodes)
    counts = Figure(
        domain="answered",
        score=100 * answered / of,
        n=answered,
        note=f"{answered} of {of} organisations answered; {len(network.arcs)} ties of {network.possible} possible.",
    )
    if network.partial:
        return [counts, Figure(domain="density", n=answered, status=UNRELIABLE, note=PARTIAL)]
    shares = [
        ("density", network.density, "Ties of all that could have been named, in percent."),
        ("reciprocity", network.dyad_reciprocity, "Pairs that name each other, of pairs with a tie, in percent."),
        ("reciprocity_arcs", network.arc_reciprocity, "Ties that are returned, in percent."),
        ("centralisation", network.centralisation, "How much hangs on one organisation, in percent."),
        ("external_internal", network.external_internal, "E-I index times 100: −100 within types, 100 between."),
    ]
    return [
        counts,
        *(
            Figure(
                domain=name,
                score=None if share is None else 100 * share,
                n=answered,
                status=NOT_COLLECTED if share is None else NORMAL,
                note=note,
            )
            for name, share, note in shares
        ),
    ]


def _write_degrees(network: Network, names: Mapping[str, str]) -> list[Figure]:
    if network.in_degree is None:
        return []
    return [
        Figure(
            domain=f"named_{place}",
            score=100 * network.in_degree[node] if node in network.in_degree else None,
            n=len(network.respondents) - (node in network.respondents),
            status=NORMAL if node in network.in_degree else NOT_COLLECTED,
            note=f"{names[node]}: named by this share of the others that answered, in percent.",
        )
        for place, node in enumerate(network.nodes, start=1)
    ]


def _draw(
    answered: Answered, network: Network, ties: Mapping[tuple[str, str], int], names: Mapping[str, str]
) -> Section:
    nodes = [
        Node(entry.id, entry.name, find_type(entry) or NO_TYPE, entry.id in network.respondents)
        for entry in answered.roster
    ]
    arcs = [Arc(a, b, ties[a, b]) for a, b in network.arcs]
    title = "Who works with whom"
    description = (
        f"{len(nodes)} organisations, {len(arcs)} arrows. An arrow starts from the organisation that said so; thicker "
        "is more often. The table below has the same."
    )
    blocks: list[Block] = [
        Sentence(TEAM_ONLY, soft=True),
        Picture(draw_network(nodes, arcs, title=title, description=description), description, late=True),
        Table("network", tabulate_network(nodes, arcs, title)),
    ]
    if network.partial:
        blocks.insert(1, Sentence(PARTIAL, strong=True))
    if network.isolates:
        alone = tuple(names[node] for node in network.isolates)
        blocks += [Sentence("Without a tie to anybody:"), Items(alone)]
    if answered.lost:
        blocks.append(Sentence(f"{answered.lost} answers belong to no organisation of the list and are left out."))
    return Section("network", "Network", tuple(blocks))


def _tell_figures(network: Network, names: Mapping[str, str]) -> Section:
    rows: list[list[Cell]] = [[figure.note.rstrip("."), _say(figure.score)] for figure in _write(network)]
    blocks: list[Block] = [
        Table("figures", make_table("The network as a whole", ["What", Heading("Number", number=True)], rows))
    ]
    named, naming, between = network.in_degree, network.out_degree, network.betweenness
    if named is not None and naming is not None and between is not None:
        headings = [Heading(label, number=True) for label in ("Named by", "Names", "Betweenness")]
        degrees: list[list[Cell]] = [
            [names[node], *(_say_share(shares.get(node)) for shares in (named, naming, between))]
            for node in network.nodes
        ]
        blocks.append(Table("degrees", make_table("Each organisation", ["Organisation", *headings], degrees)))
    return Section("figures", "The network in numbers", tuple(blocks))


def _rate(answered: Answered, names: Mapping[str, str]) -> tuple[Section | None, list[Figure]]:
    """Give what peers say of each organisation, only where three or more did."""
    columns: dict[str, dict[str, tuple[float | None, int | None]]] = {}
    figures = []
    for what, question in RATINGS.items():
        said = [
            Said(by=by, of=entry.id, rating=code)
            for by, entries in answered.rows.items()
            for entry in entries
            if (code := find_code(entry.answers, question)) is not None
        ]
        columns[what] = {peer.of: (peer.mean, peer.raters) for peer in rate_peers(said)}
        for place, node in enumerate(names, start=1):
            mean, raters = columns[what].get(node, (None, 0))
            figures.append(_write_rating(f"{what}_{place}", names[node], what, mean, raters))
    if not any(columns.values()):
        return None, []
    rows = [[names[node], *(_say_rating(*columns[what].get(node, (None, 0))) for what in RATINGS)] for node in names]
    headings = [Heading(what.capitalize(), number=True) for what in RATINGS]
    table = make_table("What peers say of each, from 1 to 5", ["Organisation", *headings], rows)
    return Section("peers", "Ratings by peers", (Table("peers", table), Sentence(FEW_RATERS, soft=True))), figures


def _write_rating(domain: str, name: str, what: str, mean: float | None, raters: int | None) -> Figure:
    if mean is None:
        status, said = (NOT_COLLECTED, "Nobody rated it.") if raters == 0 else (SUPPRESSED, FEW_RATERS)
        return Figure(domain=domain, n=raters, status=status, note=f"{name}, {what}: {said}")
    score = 100 * (mean - 1) / 4
    return Figure(domain=domain, score=score, n=raters, note=f"{name}, {what}: mean {mean:.2f} of 5.")


def _say_rating(mean: float | None, raters: int | None) -> Cell:
    if mean is None:
        return "no answers" if raters == 0 else f"n<{FEWEST_RATERS}"
    return Number(f"{mean:.1f} ({raters})", mean)


def _say(score: float | None) -> Cell:
    return "none" if score is None else Number(str(find_whole(score)), score)


def _say_share(share: float | None) -> Cell:
    return "none" if share is None else Number(say_percent(share), share)
