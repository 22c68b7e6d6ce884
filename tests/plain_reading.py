"""The people of a study as a person with a list reads them: one by one, each response scored by itself."""

from __future__ import annotations

from dataclasses import dataclass

from exports.disclosure import ALL
from exports.responses import Study
from exports.scorecards.people import People
from exports.scorecards.reach import name_group
from exports.scorecards.scores import Scored, list_domain_items
from forms.definition import Scorecard
from forms.values import Answers


@dataclass(frozen=True)
class Person:
    """Who counts: the group's column, the scores by domain, the answers, and who it is in other rounds."""

    id: str
    group: str
    scores: tuple[Scored, ...]
    answers: Answers
    link: str | None


def read_plainly(study: Study) -> list[Person]:
    """Give everybody who counts, by the ids of the responses."""
    domains = list_domain_items(study.definition)
    min_share = (study.definition.scorecard or Scorecard()).min_share
    return sorted(
        (
            Person(
                id=one.response_id,
                group=name_group(one.group),
                scores=tuple(domain.score(one.answers, min_share) for domain in domains),
                answers=one.answers,
                link=one.person,
            )
            for one in study.counted()
        ),
        key=lambda person: person.id,
    )


def find_members(people: People, persons: list[Person], column: str) -> list[int]:
    """Give the places of those who are counted in a column; nobody in a mean of columns."""
    return [place for place, one in enumerate(persons) if column in (ALL, people.find_column(one.group))]
