"""The joint action plan: of the milestones that were due, how many were done on time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.responses import Study
from exports.rounding import find_whole, say_percent
from exports.scorecards.panels.base import (
    Built,
    Figure,
    Panel,
    find_code,
    find_date,
    find_day,
    find_today,
    find_words,
    list_entries,
    say_choice,
)
from exports.scorecards.report.blocks import Block, Section, Sentence, Table
from exports.scorecards.rules.base import NORMAL, NOT_COLLECTED
from exports.statistics.proportions import WILSON, estimate_proportion

DONE, DROPPED = 3, 5
ENOUGH_DUE = 5
"""With fewer milestones due the share has no interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One milestone of the plan."""

    id: str
    deliverable: str
    lead: str
    due: date | None
    status: int | None
    words: str
    done: date | None

    @property
    def on_time(self) -> bool:
        """Whether it was done by the day on which it was due."""
        return self.status == DONE and self.done is not None and self.due is not None and self.done <= self.due

    def is_due(self, today: date) -> bool:
        """Whether it should be done by now; what was dropped is not due."""
        return self.status != DROPPED and self.due is not None and self.due <= today


class Actions(Panel):
    """Milestones by state, done on time of those due, and what is overdue."""

    name = "actions"
    kinds = ("register",)
    needs = ("milestone_id", "deliverable", "due", "status", "done_date")
    files: ClassVar[Mapping[str, str]] = {"milestones": "milestones"}
    instead = True

    def build(self, study: Study) -> Built:
        """Count the milestones as of today, and those of a closed round as of the day of its last change."""
        plan, today = read_milestones(study), find_day(study) if study.closed else find_today(study)
        if not plan:
            return self.build_nothing("ON_TIME", "Joint action plan")
        due = [one for one in plan if one.is_due(today)]
        figures = [_write(due, plan, today), *_count(plan)]
        return figures, [_tell(plan, due, today, figures[0])], _list_criteria(figures[0])


def read_milestones(study: Study) -> list[Milestone]:
    """Give every milestone; of two entries with the same short name the later counts."""
    found: dict[str, Milestone] = {}
    for _, entry in list_entries(study, "milestone_id"):
        answers = entry.answers
        id_ = find_words(answers, "milestone_id")
        found[id_.casefold()] = Milestone(
            id=id_,
            deliverable=find_words(answers, "deliverable"),
            lead=find_words(answers, "lead_partner"),
            due=find_date(answers, "due"),
            status=find_code(answers, "status"),
            words=say_choice(study.definition, answers, "status"),
            done=find_date(answers, "done_date"),
        )
    return list(found.values())


def _write(due: Sequence[Milestone], plan: Sequence[Milestone], today: date) -> Figure:
    done = sum(one.on_time for one in due)
    share = estimate_proportion(done, len(due))
    if share is None:
        return Figure(domain="ON_TIME", n=0, status=NOT_COLLECTED, note=f"Nothing was due by {today:%Y-%m-%d}.")
    enough = len(due) >= ENOUGH_DUE
    said = f"{done} of {len(due)} milestones due by {today:%Y-%m-%d} were done on time."
    late = sum(one.status == DONE and not one.on_time for one in due)
    said += f" {late} were done late." if late else ""
    return Figure(
        domain="ON_TIME",
        score=100 * share.share,
        n=len(due),
        lo=100 * share.lo if enough else None,
        hi=100 * share.hi if enough else None,
        method=WILSON if enough else None,
        note=said if enough else f"{said} Fewer than {ENOUGH_DUE} due: no interval.",
    )


def _count(plan: Sequence[Milestone]) -> list[Figure]:
    words = {one.status: one.words for one in plan if one.status is not None}
    return [
        Figure(
            domain=f"status_{status}",
            n=sum(one.status == status for one in plan),
            status=NORMAL,
            note=f"Milestones in the state: {words[status]}.",
        )
        for status in sorted(words)
    ]


def _tell(plan: Sequence[Milestone], due: Sequence[Milestone], today: date, on_time: Figure) -> Section:
    blocks: list[Block] = [Sentence(on_time.note, strong=True)]
    if on_time.score is not None:
        interval = ""
        if on_time.lo is not None and on_time.hi is not None:
            interval = f", 95 % interval {find_whole(on_time.lo)} to {find_whole(on_time.hi)} %"
        blocks.append(Sentence(f"On time: {say_percent(on_time.score / 100)}{interval}."))
    states = {one.words: sum(other.words == one.words for other in plan) for one in plan if one.words}
    rows: list[list[Cell]] = [[words, Number(str(count), count)] for words, count in states.items()]
    table = make_table("Milestones by state", ["State", Heading("Milestones", number=True)], rows)
    blocks.append(Table("states", table))
    overdue = sorted((one for one in due if one.status != DONE), key=lambda one: one.due or today)
    if overdue:
        late: list[list[Cell]] = [
            [
                f"{one.id}: {one.deliverable}",
                one.lead or "nobody",
                f"{one.due:%Y-%m-%d}",
                Number(str(days := (today - (one.due or today)).days), days),
                one.words,
            ]
            for one in overdue
        ]
        headings: list[Heading | str] = ["Milestone", "Lead", "Due", Heading("Days over", number=True), "State"]
        blocks.append(Table("overdue", make_table("Due and not done", headings, late)))
    return Section("actions", "Joint action plan", tuple(blocks))


def _list_criteria(on_time: Figure) -> dict[str, tuple[tuple[str, str, str], ...]]:
    if on_time.score is None:
        return {}
    return {"Efficiency": (("Milestones on time", "actions", say_percent(on_time.score / 100)),)}
