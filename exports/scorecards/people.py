"""The counted responses of a round, read once: how many people there are of each kind, and which groups are apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from exports.columns import count
from exports.columnwise import find_places
from exports.disclosure import ALL, COMBINED, Base, Breakdown, combine_groups
from exports.responses import SELF_SELECTED, Study
from exports.scorecards.counting import count_study
from exports.scorecards.notes import COMBINED_LABEL
from exports.scorecards.persons import Persons, Reader
from exports.scorecards.reach import GROUP_EQUAL, NOT_STATED, Reach, find_reach, name_group
from exports.scorecards.scores import DomainItems, list_domain_items
from exports.scorecards.tallies import (
    CHANNEL,
    HAVING,
    PAIR,
    RECOMMENDED,
    SCORED,
    Tally,
)
from exports.statistics.counted import Counts, Joint
from forms.definition import Question
from forms.definition import Scorecard as Plan
from forms.question_types import find_type
from forms.values import Value

if TYPE_CHECKING:
    from numpy import intp
    from numpy.typing import NDArray

NPS = "nps"


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody who counts (I or P), as counts; `everybody` one by one, once the round is closed.

    `asked`: the questions whose answers are counted, those that have codes or stand for a score. Domains are named by
    their place.
    """

    study: Study
    plan: Plan
    domains: tuple[DomainItems, ...]
    asked: tuple[str, ...]
    tally: Tally
    everybody: Persons | None
    labels: Mapping[str, str]
    breakdown: Breakdown

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many people of each group, in order; 0 for groups that nobody answered for."""
        return dict.fromkeys(self.labels, 0) | self.tally.groups

    @property
    def n(self) -> int:
        """How many people there are."""
        return sum(self.counts.values())

    @cached_property
    def channels(self) -> dict[str, int]:
        """How many people came by each channel."""
        return {channel: n for (channel,), n in self.tally.find((CHANNEL,), self.counts).items()}

    @property
    def persons(self) -> Persons:
        """Everybody one by one; raises `ValueError` while the round is open, when only counts may be told."""
        if self.everybody is None:
            raise ValueError("people are told apart once the round is closed")
        return self.everybody

    @cached_property
    def promoter_question(self) -> Question | None:
        """The first question of the net promoter score that no domain scores."""
        return find_promoter_question(self.study, self.asked)

    @cached_property
    def reach(self) -> dict[str, Reach]:
        """Who could have answered and who did, for every column that is shown."""
        return find_reach(self.study.frame, self.counts, self.breakdown, self.plan.k)

    @cached_property
    def domain_ids(self) -> tuple[str, ...]:
        """The domains in order."""
        return tuple(domain.id for domain in self.plan.domains)

    @cached_property
    def core_domains(self) -> tuple[str, ...]:
        """The domains that have core questions."""
        return tuple(name for name, own in zip(self.domain_ids, self.domains, strict=True) if own.core)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Column id -> what people call it, in order."""
        columns = {ALL: "Everyone"}
        if len(self.breakdown.cells) > 1:
            columns[GROUP_EQUAL] = "All groups alike"
        columns |= self.labels
        if self.breakdown.has_combined:
            columns[COMBINED] = COMBINED_LABEL
        return columns

    @property
    def self_selected(self) -> bool:
        """Whether people came by themselves, so that no interval may be given."""
        return self.study.frame.kind == SELF_SELECTED

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns that together are everybody: the breakdown's, or the whole where it has none."""
        return self.breakdown.cells or (ALL,)

    def find_column(self, group: str) -> str:
        """Give the column in which a group is counted."""
        return COMBINED if group in self.breakdown.combined else group

    def list_groups(self, columns: Collection[str]) -> list[str]:
        """Give the groups that are counted in any of these columns."""
        return [group for group in self.counts if ALL in columns or self.find_column(group) in columns]

    def count_base(self, groups: Collection[str], place: int) -> Base:
        """Count the people of some groups behind a domain."""
        base = Base()
        for (scored,), n in self.tally.find((SCORED, place), groups).items():
            core, full = scored.core is not None, scored.full is not None
            base += Base(n * core, n * full, n * scored.differing)
        return base

    def count_scores(self, columns: Collection[str], basis: str, place: int) -> Counts:
        """Count the scores of those who have one, in some columns, on a basis, of a domain."""
        scores: Counter[float] = Counter()
        for (scored,), n in self.tally.find((SCORED, place), self.list_groups(columns)).items():
            score = scored.pick(basis)
            if score is not None:
                scores[score] += n
        return scores

    def join_scores(self, columns: Collection[str], basis: str, places: Sequence[int]) -> Joint:
        """Count the scores of several domains together, in some columns, on a basis."""
        groups = self.list_groups(columns)
        having = self.tally.find((HAVING, basis), groups)
        return Joint(
            n=sum(n for flags, n in having.items() if any(flags[place] for place in places)),
            columns=[self.count_scores(columns, basis, place) for place in places],
            pairs={
                (one, other): {
                    pair: n
                    for pair, n in self.tally.find((PAIR, basis, places[one], places[other]), groups).items()
                    if None not in pair
                }
                for one, other in combinations(range(len(places)), 2)
            },
        )

    def list_places(self, columns: Iterable[str]) -> NDArray[intp]:
        """Give the places of people among `persons`, column by column."""
        import numpy as np

        places = [self._find_places(column) for column in columns]
        return np.concatenate([np.arange(0), *places])

    def count_answers(self, question: str, places: NDArray[intp]) -> dict[Value, int]:
        """Count what the people at these places among `persons` answered to a question."""
        found = count([self.persons.answers[question].keep(places)])
        return {value: n for (value,), n in found.items()}

    def count_recommendations(self, groups: Collection[str]) -> dict[int, int]:
        """Count the answers of some groups to the question of the net promoter score."""
        found = self.tally.find((RECOMMENDED,), groups).items()
        return {answer: n for (answer,), n in found if answer is not None}

    def _find_places(self, column: str) -> NDArray[intp]:
        return find_places(self.persons.groups, self.list_groups([column]))


def gather(study: Study, known: Breakdown | None = None) -> People:
    """Read a study's counted responses once; `known` is a breakdown that was published before and is kept."""
    plan = study.definition.scorecard or Plan()
    domains = list_domain_items(study.definition)
    walked = study.definition.walk()
    asked = tuple(question.id for section, question in walked if section.repeat is None and is_counted(question))
    question = find_promoter_question(study, asked)
    reader = Reader(domains, plan.min_share, asked, one_by_one=study.closed)
    tally, everybody = count_study(study, reader, question.id if question else None)
    labels = _label_groups(study, set(tally.groups))
    counts = dict.fromkeys(labels, 0) | tally.groups
    return People(
        study=study,
        plan=plan,
        domains=domains,
        asked=asked,
        tally=tally,
        everybody=everybody,
        labels=labels,
        breakdown=combine_groups(counts, plan.k, known),
    )


def find_promoter_question(study: Study, asked: Sequence[str]) -> Question | None:
    """Give the first question of the net promoter score that no domain scores."""
    found = (study.definition.questions[id_] for id_ in asked)
    return next((question for question in found if question.type == NPS and question.score is None), None)


def is_counted(question: Question) -> bool:
    """Whether the answers of a question are counted one by one: it has codes, or it stands for a score."""
    kind = find_type(question.type)
    if question.private or question.type == "consent":
        return False
    return question.score is not None or question.type == NPS or bool(kind.choices(question))


def _label_groups(study: Study, found: set[str]) -> dict[str, str]:
    """Give column id -> label for every group that there is or could be; a round without any groups has none."""
    labels = {name_group(group): label for group, label in study.group_labels.items()}
    found = found | {name_group(group) for group in study.frame.cases}
    for group in sorted(found - labels.keys() - {NOT_STATED}):
        labels[group] = group.replace("_", " ")
    if NOT_STATED in found and labels:
        labels[NOT_STATED] = "Group not stated"
    return labels
