"""From one person's answers to that person's domain scores: item scores and the missing rule (C1, C2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from typing import TypeAlias

from exports.disclosure import CORE
from exports.dispositions import NOT_APPLICABLE
from forms.definition import Definition, Question
from forms.question_types import find_type
from forms.values import Answers, Code, Missing, Value

_TOLERANCE = 1e-9
"""Shares of weights such as 0.1 are not exact; half must still be half."""


def score_item(value: float, low: float, high: float, *, reverse: bool = False) -> float:
    """Give a value as percent of maximum possible, 0 to 100; `low` and `high` are the scale's ends, never the data's.

    s = 100 (x - min)/(max - min), reversed 100 - s. Source: Cohen, Cohen, Aiken and West 1999 (POMP).
    """
    score = 100 * (value - low) / (high - low)
    return 100 - score if reverse else score


@dataclass(frozen=True, slots=True)
class Item:
    """A scored question, ready to score: its weight, whether every channel asks it, and where its scale ends."""

    id: str
    weight: float
    core: bool
    low: float
    high: float
    reverse: bool = False
    map: Mapping[Code, float] | None = None

    def score(self, value: Value) -> float | None:
        """Give the score of an answer, 0 to 100; nothing where it is missing or has no score."""
        if value is None or isinstance(value, Missing):
            return None
        if self.map is not None:
            return self.map.get(value) if isinstance(value, (int, str)) else None
        if isinstance(value, (int, Decimal)) and self.low < self.high:
            return score_item(float(value), self.low, self.high, reverse=self.reverse)
        return None


def list_items(definition: Definition, domain: str) -> tuple[Item, ...]:
    """Give the scored questions of a domain in order."""
    return tuple(
        _build_item(question)
        for question in definition.questions.values()
        if question.score is not None and question.score.domain == domain
    )


def _build_item(question: Question) -> Item:
    rule = question.score
    assert rule is not None
    offered: list[object] = [choice.value for choice in find_type(question.type).choices(question)]
    limits = offered or [question.settings.get("min"), question.settings.get("max")]
    ends = [float(end) for end in limits if isinstance(end, (int, Decimal))] or [0.0]
    return Item(question.id, rule.weight, rule.core, min(ends), max(ends), rule.reverse, rule.map)


@dataclass(frozen=True, slots=True)
class DomainScore:
    """One person's score of a domain, 0 to 100, or none; the share answered by weight; which items it is made of."""

    score: float | None
    share: float
    items: tuple[str, ...] = ()


def score_domain(items: Sequence[Item], answers: Answers, min_share: float = 0.5) -> DomainScore:
    """Score one person on a domain: sum(w s)/sum(w) over scored answers, if enough of what applied was answered.

    Not applicable, off the path and not asked in this channel leave the denominator of the share; don't know,
    refused, skipped, not reached and unreadable stay in it and are never scored as 0 or midpoint. The score counts
    from a share of `min_share` on (the half rule of SF-36 style scoring).
    """
    applicable = fsum(item.weight for item in items if answers.get(item.id) not in NOT_APPLICABLE)
    scores = [(item, item.score(answers.get(item.id))) for item in items]
    scored = [(item, score) for item, score in scores if score is not None]
    answered = fsum(item.weight for item, _ in scored)
    if not applicable or not answered:
        return DomainScore(None, 0.0)
    share = answered / applicable
    if share < min_share - _TOLERANCE:
        return DomainScore(None, share)
    score = fsum(item.weight * score for item, score in scored) / answered
    return DomainScore(score, share, tuple(item.id for item, _ in scored))


@dataclass(frozen=True, slots=True)
class PersonScores:
    """One person's scores by domain, in the definition's order.

    `differing` marks the domains where the two scores are made of different answers.
    """

    group: str
    core: tuple[float | None, ...]
    full: tuple[float | None, ...]
    differing: tuple[bool, ...]


def pick(person: PersonScores, basis: str) -> tuple[float | None, ...]:
    """Give a person's scores on a basis, by domain."""
    return person.core if basis == CORE else person.full


def list_scores(people: Iterable[PersonScores], basis: str, place: int) -> list[float]:
    """Give the scores of those who have one, on a basis, of the domain at this place."""
    return [score for person in people if (score := pick(person, basis)[place]) is not None]


_Scored: TypeAlias = tuple[float | None, float | None, bool]
"""One person's scores of one domain: core, full, and whether they are made of different answers."""


@dataclass(frozen=True, slots=True)
class DomainItems:
    """A domain's scored questions, and those of them that every channel asks."""

    full: tuple[Item, ...]
    core: tuple[Item, ...]


def list_domain_items(definition: Definition) -> tuple[DomainItems, ...]:
    """Give the scored questions of every domain, in the scorecard's order."""
    domains = definition.scorecard.domains if definition.scorecard else ()
    items = [list_items(definition, domain.id) for domain in domains]
    return tuple(DomainItems(all_, tuple(item for item in all_ if item.core)) for all_ in items)


class Scorer:
    """Scores people one by one; what was worked out for the same answers once is not worked out again."""

    _MOST_KNOWN = 10_000

    def __init__(self, domains: Sequence[DomainItems], min_share: float) -> None:
        """Begin with nothing known."""
        self._parts: list[tuple[DomainItems, tuple[str, ...], dict[tuple[Value, ...], _Scored]]] = [
            (domain, tuple(item.id for item in domain.full), {}) for domain in domains
        ]
        self._min_share = min_share

    def score(self, answers: Answers, group: str) -> PersonScores:
        """Score one person on every domain, from all questions and from the core questions alone."""
        scored = [self._score(domain, ids, known, answers) for domain, ids, known in self._parts]
        core, full, differing = zip(*scored, strict=True) if scored else ((), (), ())
        return PersonScores(group, core, full, differing)

    def _score(
        self, domain: DomainItems, ids: tuple[str, ...], known: dict[tuple[Value, ...], _Scored], answers: Answers
    ) -> _Scored:
        given = tuple([answers.get(id_) for id_ in ids])
        scored = known.get(given)
        if scored is None:
            full = score_domain(domain.full, answers, self._min_share)
            core = score_domain(domain.core, answers, self._min_share)
            scored = core.score, full.score, core.items != full.items
            if len(known) < self._MOST_KNOWN:
                known[given] = scored
        return scored


def score_person(domains: Sequence[DomainItems], answers: Answers, group: str, min_share: float) -> PersonScores:
    """Score one person alone; many are scored faster by one `Scorer`."""
    return Scorer(domains, min_share).score(answers, group)
