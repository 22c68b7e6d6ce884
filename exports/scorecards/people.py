"""The counted responses of a round, read once: everybody's scores and answers, and which groups can be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from exports.disclosure import ALL, COMBINED, Breakdown, combine_groups
from exports.responses import SELF_SELECTED, Study
from exports.scorecards.notes import COMBINED_LABEL
from exports.scorecards.reach import GROUP_EQUAL, NOT_STATED, Reach, find_reach, name_group
from exports.scorecards.scores import DomainItems, PersonScores, Scorer, list_domain_items
from forms.definition import Question
from forms.definition import Scorecard as Plan
from forms.question_types import find_type
from forms.values import Value

NPS = "nps"


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody who counts (I or P), in the order of the export; all lists are as long as there are people.

    `answers`: question id -> what each answered, for the questions that have codes or stand for a score.
    `links`: who each is in other rounds, where that is known.
    """

    study: Study
    plan: Plan
    domains: tuple[DomainItems, ...]
    scores: Sequence[PersonScores]
    answers: Mapping[str, Sequence[Value]]
    links: Sequence[str | None]
    channels: Mapping[str, int]
    labels: Mapping[str, str]
    breakdown: Breakdown

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many people of each group, in order; 0 for groups that nobody answered for."""
        return dict.fromkeys(self.labels, 0) | Counter(person.group for person in self.scores)

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
    def places(self) -> dict[str, list[int]]:
        """The places of everybody, and of each column's people."""
        places: dict[str, list[int]] = {ALL: list(range(len(self.scores))), COMBINED: []}
        for place, person in enumerate(self.scores):
            places.setdefault(self.find_column(person.group), []).append(place)
        return places

    @cached_property
    def by_column(self) -> dict[str, list[PersonScores]]:
        """The scores of everybody, and of each column's people."""
        return {column: [self.scores[place] for place in own] for column, own in self.places.items()}

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


def gather(study: Study, known: Breakdown | None = None) -> People:
    """Read a study's counted responses once; `known` is a breakdown that was published before and is kept."""
    plan = study.definition.scorecard or Plan()
    domains = list_domain_items(study.definition)
    scorer = Scorer(domains, plan.min_share)
    walked = study.definition.walk()
    asked = [question.id for section, question in walked if section.repeat is None and is_counted(question)]
    scores: list[PersonScores] = []
    answers: dict[str, list[Value]] = {id_: [] for id_ in asked}
    links: list[str | None] = []
    channels: Counter[str] = Counter()
    for response in study.counted():
        scores.append(scorer.score(response.answers, name_group(response.group)))
        for id_, column in answers.items():
            column.append(response.answers.get(id_))
        links.append(response.person)
        channels[response.channel_first] += 1
    labels = _label_groups(study, {person.group for person in scores})
    counts = dict.fromkeys(labels, 0) | Counter(person.group for person in scores)
    return People(
        study=study,
        plan=plan,
        domains=domains,
        scores=scores,
        answers=answers,
        links=links,
        channels=channels,
        labels=labels,
        breakdown=combine_groups(counts, plan.k, known),
    )


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
