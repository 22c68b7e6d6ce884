"""The stakeholder map: influence by interest as several coordinators rated them. For the coordinating team only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from exports.charts.grid import Stakeholder, draw_grid, tabulate_grid
from exports.charts.tables import Cell, Heading, Number, make_table
from exports.panels.stakeholders import Placed, Rated, Ratings, place_stakeholder
from exports.responses import Response, Study
from exports.scorecards.panels.base import (
    SELF,
    TEAM_ONLY,
    Built,
    Figure,
    Panel,
    find_number,
    find_status,
    find_words,
    list_entries,
    say_choice,
)
from exports.scorecards.report.blocks import Block, Items, Picture, Section, Sentence, Table, Terms
from exports.scorecards.rules.base import NOT_COLLECTED
from exports.statistics.agreement import judge_agreement
from forms.values import Row as Entry

QUESTIONS = {
    "influence": "sm05",
    "interest": "sm06",
    "legitimacy": "sm07",
    "urgency": "sm08",
    "position": "sm09",
    "relationship": "sm10",
}
"""What is rated -> the question that asks for it."""
TYPE = "sm02"
METHODS = (
    (
        "Places",
        (
            "Each place is the mean of the coordinators’ ratings from 1 to 5; from 3.5 on it is high. The cut is "
            "fixed, so that nobody moves when the list changes. Borderline: within 0.5 of the cut, or raters three "
            "points apart.",
        ),
    ),
    (
        "What speaks for it",
        ("From influence, accepted claim and urgency (Mitchell, Agle and Wood 1997), said in plain words.",),
    ),
    ("Agreement", ("Krippendorff’s alpha of the ratings: firm from 0.80, tentative from 0.667, else discuss first.",)),
    ("Who may see it", (TEAM_ONLY,)),
)


@dataclass(frozen=True, slots=True)
class Entered:
    """One stakeholder as everybody rated it; `type` is the first that was given."""

    rated: Rated
    type: str


class StakeholderMap(Panel):
    """Influence and interest, what speaks for whom, and where much influence meets a weak link."""

    name = "map"
    kinds = ("stakeholder_map",)
    source = SELF
    needs = ("sm05", "sm06")
    files: ClassVar[Mapping[str, str]] = {"stakeholder": "stakeholders"}
    restricted = True
    instead = True

    def build(self, study: Study) -> Built:
        """Place every stakeholder."""
        entered = read_stakeholders(study)
        placed = [place_stakeholder(one.rated) for one in entered]
        if not placed:
            return self.build_nothing("MAP", "Stakeholder map")
        figures = [_write(place, one) for place, one in enumerate(placed, start=1)]
        figures += _judge(entered)
        return figures, [_tell_map(placed), _tell_salience(entered, placed), _tell_methods(entered)], {}


def read_stakeholders(study: Study) -> list[Entered]:
    """Give every stakeholder with all its ratings; the same name, or the same entry of a roster, is the same."""
    section = study.definition.repeated[QUESTIONS["influence"]]
    assert section.repeat is not None
    label = section.repeat.label
    found: dict[str, list[tuple[Response, Entry]]] = {}
    names: dict[str, str] = {}
    for response, entry in list_entries(study, QUESTIONS["influence"]):
        name = entry.name or (find_words(entry.answers, label) if label else "")
        key = entry.id if not section.repeat.adds else name.casefold()
        if key:
            names.setdefault(key, name)
            found.setdefault(key, []).append((response, entry))
    return [_read(study, names[key], own) for key, own in found.items()]


def _read(study: Study, name: str, own: Sequence[tuple[Response, Entry]]) -> Entered:
    last = {response.response_id: entry for response, entry in own}
    ratings: dict[str, Ratings] = {
        what: [find_number(entry.answers, id_) for entry in last.values()] for what, id_ in QUESTIONS.items()
    }
    types = [words for entry in last.values() if (words := say_choice(study.definition, entry.answers, TYPE))]
    return Entered(Rated(name=name, **ratings), types[0] if types else "")


def _write(place: int, one: Placed) -> Figure:
    if one.quadrant is None:
        said = f"{one.name}: not placed, influence or interest not known."
        return Figure(domain=f"stakeholder_{place}", n=one.raters, status=NOT_COLLECTED, note=said)
    means = f"influence {one.influence:.2f}, interest {one.interest:.2f}"
    said = f"{one.name}: {means}{', borderline' if one.borderline else ''}{', gap' if one.gap else ''}."
    words = f" {one.words.capitalize()}." if one.words else ""
    return Figure(
        domain=f"stakeholder_{place}", n=one.raters, word=one.quadrant.replace("_", " "), note=f"{said}{words}"
    )


def _judge(entered: Sequence[Entered]) -> list[Figure]:
    figures = []
    for what in ("influence", "interest"):
        found = judge_agreement([getattr(one.rated, what) for one in entered])
        note = f"Agreement of the ratings of {what}, Krippendorff’s alpha times 100: {found.word}."
        score = None if found.alpha is None else 100 * found.alpha
        status = find_status(score)
        figures.append(Figure(domain=f"agreement_{what}", score=score, n=found.units, status=status, note=note))
    return figures


def _tell_map(placed: Sequence[Placed]) -> Section:
    drawn = [
        Stakeholder(
            label=one.name,
            influence=one.influence,
            interest=one.interest,
            position=None if one.position is None else round(one.position),
            borderline=one.borderline,
            raters=one.raters,
        )
        for one in placed
    ]
    title = "Stakeholders by influence and interest"
    counts = Counter(one.quadrant.replace("_", " ") for one in placed if one.quadrant)
    said = ", ".join(f"{words} {count}" for words, count in counts.items()) or "nobody placed"
    description = f"{said.capitalize()}. Upwards is more influence, to the right more interest; the table has the same."
    gaps = [one.name for one in placed if one.gap]
    blocks: list[Block] = [
        Sentence(TEAM_ONLY, soft=True),
        Picture(draw_grid(drawn, title=title, description=description), description, late=True),
        Table("map", tabulate_grid(drawn, title)),
    ]
    if gaps:
        blocks += [Sentence("Much influence and a weak link to us:", strong=True), Items(tuple(gaps))]
    return Section("map", "Stakeholder map", tuple(blocks))


def _tell_salience(entered: Sequence[Entered], placed: Sequence[Placed]) -> Section:
    rows: list[list[Cell]] = [
        [
            one.name,
            own.type or "not known",
            one.words or "not known",
            *(_say(mean) for mean in (one.legitimacy, one.urgency, one.relationship)),
        ]
        for own, one in zip(entered, placed, strict=True)
    ]
    headings = [Heading(label, number=True) for label in ("Claim accepted", "Urgency", "Link to us")]
    table = make_table("What speaks for whom", ["Stakeholder", "Type", "In words", *headings], rows)
    types = Counter(own.type for own in entered if own.type)
    mix = ", ".join(f"{type_} {count}" for type_, count in types.items())
    blocks = (Table("claims", table), *((Sentence(f"By type: {mix}."),) if mix else ()))
    return Section("claims", "Claims and links", blocks)


def _tell_methods(entered: Sequence[Entered]) -> Section:
    agreement = tuple(figure.note for figure in _judge(entered))
    terms = (*METHODS[:-2], (METHODS[-2][0], (*METHODS[-2][1], *agreement)), METHODS[-1])
    return Section("methods", "How to read this", (Terms(terms),), aside=True)


def _say(mean: float | None) -> Cell:
    return "not known" if mean is None else Number(f"{mean:.1f}", mean)
