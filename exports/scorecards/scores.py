"""From one person's answers to that person's domain scores: item scores and the missing rule (C1, C2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from typing import NamedTuple

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


class Scored(NamedTuple):
    """One person's scores of one domain on both bases, and whether they are made of different answers."""

    core: float | None
    full: float | None
    differing: bool

    @classmethod
    def make(cls, core: DomainScore, full: DomainScore) -> Scored:
        """Give the scores of the core questions and of all of them together."""
        return cls(core.score, full.score, core.items != full.items)

    def pick(self, basis: str) -> float | None:
        """Give the score on a basis."""
        return self.core if basis == CORE else self.full


@dataclass(frozen=True, slots=True)
class DomainItems:
    """A domain's scored questions, and those of them that every channel asks."""

    full: tuple[Item, ...]
    core: tuple[Item, ...]

    def score(self, answers: Answers, min_share: float) -> Scored:
        """Score one person on both bases."""
        return Scored.make(*(score_domain(items, answers, min_share) for items in (self.core, self.full)))


def list_domain_items(definition: Definition) -> tuple[DomainItems, ...]:
    """Give the scored questions of every domain, in the scorecard's order."""
    domains = definition.scorecard.domains if definition.scorecard else ()
    items = [list_items(definition, domain.id) for domain in domains]
    return tuple(DomainItems(all_, tuple(item for item in all_ if item.core)) for all_ in items)
