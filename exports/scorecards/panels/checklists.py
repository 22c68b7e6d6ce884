"""Checklists: whether a candidate is ready, whether law and money are in order; each by its gates, then its score.

What one coordinator ticks is a record and no opinion, so it is told however few filled it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.charts.tables import Cell, Heading, Number, make_table
from exports.codebook import say_text
from exports.panels.checks import CONDITIONAL, STOP, CheckResult, judge_checklist
from exports.responses import Response, Study
from exports.rounding import find_whole
from exports.scorecards.panels.base import (
    RECORD,
    SELF,
    Built,
    Figure,
    Panel,
    find_date,
    find_status,
    find_today,
    list_counted,
    say_choice,
)
from exports.scorecards.report.blocks import Block, Score, Section, Sentence, Table, Terms, ToDo
from exports.scorecards.scores import list_items, score_domain
from forms.definition import Definition
from forms.definition import Scorecard as Plan
from forms.question_types import find_type

EXPIRY = "_exp"
"""Ends the id of the date until which the evidence for a question holds: `lf01_exp` for `lf01`."""
NOT_ADVICE = "A general checklist, not legal advice."
STRICTEST = (STOP, CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Filled:
    """One filled-in checklist, and what it comes to."""

    response: Response
    result: CheckResult


class Readiness(Panel):
    """The result in words, the score, open gates, and what is left to do."""

    name = "ready"
    kinds = ("checklist",)
    source = SELF
    title = "Readiness"
    instead = True

    def fits(self, definition: Definition) -> bool:
        """Whether the instrument has scored questions that are no records with evidence."""
        return _is_checklist(definition) and not is_compliance(definition)

    def build(self, study: Study) -> Built:
        """Judge every checklist; the strictest result is that of the round."""
        filled = judge(study)
        title, name = self.title, self.name.upper()
        if not filled:
            return self.build_nothing(name, title)
        worst = min(filled, key=lambda one: _rank(one.result, study.definition))
        figures = [_write(study, name, worst, len(filled))]
        if len(filled) > 1:
            figures += [_write(study, f"checklist_{n}", one, 1) for n, one in enumerate(filled, start=1)]
        figures += _write_domains(study, worst)
        sections = [_tell_result(study, title, worst, len(filled)), *_tell_gaps(study, worst)]
        if len(filled) > 1:
            sections.append(_tell_all(study, filled))
        sections.append(_tell_methods(study))
        return figures, sections, {}


class Compliance(Readiness):
    """The same where the answers are records: expired evidence counts as partly and is listed."""

    name = "comply"
    source = RECORD
    title = "Compliance"

    def fits(self, definition: Definition) -> bool:
        """Whether the instrument has scored questions that are records with evidence."""
        return _is_checklist(definition) and is_compliance(definition)


def _is_checklist(definition: Definition) -> bool:
    return definition.kind in Readiness.kinds and any(question.score for question in definition.questions.values())


def is_compliance(definition: Definition) -> bool:
    """Whether the checklist is about evidence on record: its scorecard says so, or evidence has dates."""
    plan = definition.scorecard or Plan()
    return plan.source == RECORD or any(f"{id_}{EXPIRY}" in definition.questions for id_ in definition.questions)


def judge(study: Study) -> list[Filled]:
    """Judge every checklist that counts; evidence that has expired by now counts as partly."""
    today, found = find_today(study), []
    for response in list_counted(study):
        dates = {id_: find_date(response.answers, f"{id_}{EXPIRY}") for id_ in study.definition.questions}
        expired = {id_ for id_, until in dates.items() if until is not None and until < today}
        found.append(Filled(response, judge_checklist(study.definition, response.answers, expired)))
    return found


def list_failed(study: Study) -> tuple[str, ...] | None:
    """Give the gates that anybody answered no, in words; nothing where nobody filled the checklist in."""
    filled = judge(study)
    failed = dict.fromkeys(id_ for one in filled for id_ in one.result.failed)
    return tuple(_ask(study, id_) for id_ in failed) if filled else None


def _rank(result: CheckResult, definition: Definition) -> tuple[int, float]:
    place = STRICTEST.index(result.result) if result.result in STRICTEST else len(STRICTEST)
    return place, -1.0 if result.score is None else result.score


def _ask(study: Study, id_: str) -> str:
    return say_text(study, study.definition.questions[id_].label, "en")


def _write(study: Study, domain: str, one: Filled, of: int) -> Figure:
    result, said = one.result, []
    if of > 1:
        said.append(f"The strictest of {of} checklists.")
    for ids, words in (
        (result.failed, "Gates not passed"),
        (result.open_gates, "Gates still open"),
        (result.expired, "Expired, counted as partly"),
    ):
        if ids:
            said.append(f"{words}: {'; '.join(_ask(study, id_) for id_ in ids)}")
    return Figure(
        domain=domain,
        score=result.score,
        n=of,
        word=result.result,
        status=find_status(result.score),
        note=" ".join(said),
    )


def _write_domains(study: Study, one: Filled) -> list[Figure]:
    """Give the score of each part of the checklist; expired evidence counts as partly here as well."""
    plan = study.definition.scorecard or Plan()
    answers = one.result.judged
    figures = []
    for domain in plan.domains:
        score = score_domain(list_items(study.definition, domain.id), answers, plan.min_share).score
        note = f"{domain.label.in_('en')}: the part of the checklist on it."
        figures.append(Figure(domain=domain.id, score=score, n=1, status=find_status(score), note=note))
    return figures


def _tell_result(study: Study, title: str, one: Filled, of: int) -> Section:
    result = one.result
    blocks: list[Block] = [Sentence(f"{result.result}.", strong=True)]
    if result.score is not None:
        blocks.append(Score(str(find_whole(result.score)), result.score))
    if of > 1:
        blocks.append(Sentence(f"{of} people filled it in; this is the strictest of their results.", soft=True))
    gates = [
        [_ask(study, id_), words]
        for ids, words in ((result.failed, "not passed"), (result.open_gates, "still open"))
        for id_ in ids
    ]
    if gates:
        blocks.append(Table("gates", make_table("Gates that stand in the way", ["Gate", "State"], gates)))
    if result.expired:
        dates = [
            [_ask(study, id_), f"{find_date(one.response.answers, f'{id_}{EXPIRY}'):%Y-%m-%d}"]
            for id_ in result.expired
        ]
        table = make_table("Evidence that has expired: counted as partly", ["Question", "Expired on"], dates)
        blocks.append(Table("expired", table))
    plan = study.definition.scorecard or Plan()
    if plan.domains:
        rows: list[list[Cell]] = [
            [domain.label.in_("en"), "none" if one_.score is None else Number(str(find_whole(one_.score)), one_.score)]
            for domain, one_ in zip(plan.domains, _write_domains(study, one), strict=True)
        ]
        blocks.append(Table("parts", make_table("Score by part", ["Part", Heading("Score", number=True)], rows)))
    return Section("checklist", title, tuple(blocks))


def _tell_gaps(study: Study, one: Filled) -> list[Section]:
    """Give everything that is not a yes as a list to work on."""
    lines = []
    for id_, question in study.definition.questions.items():
        if question.score is None:
            continue
        codes = [choice.value for choice in find_type(question.type).choices(question)]
        value = one.result.judged.get(id_)
        best = max((code for code in codes if isinstance(code, int)), default=None)
        answered = say_choice(study.definition, one.response.answers, id_)
        if isinstance(value, int) and value != best:
            lines.append((_ask(study, id_), f"{answered}, expired" if id_ in one.result.expired else answered))
    if not lines:
        return []
    todo = ToDo("gaps", "What is not in place", ("Question", "Answer"), tuple(lines))
    return [Section("gaps", "What to do next", (todo,))]


def _tell_all(study: Study, filled: Sequence[Filled]) -> Section:
    rows: list[list[Cell]] = [
        [
            f"Checklist {place}",
            one.result.result,
            "none" if one.result.score is None else Number(str(find_whole(one.result.score)), one.result.score),
        ]
        for place, one in enumerate(filled, start=1)
    ]
    headings: list[Heading | str] = ["Checklist", "Result", Heading("Score", number=True)]
    return Section("all", "Every checklist", (Table("checklists", make_table("Every checklist", headings, rows)),))


def _tell_methods(study: Study) -> Section:
    plan = study.definition.scorecard or Plan()
    bands = "; ".join(f"{name} from {limit:g}" for limit, name in reversed(plan.bands))
    terms = [
        ("Gates", (f"A gate answered no: {STOP.lower()}. A gate partly or not known: {CONDITIONAL.lower()}.",)),
        ("Score", (f"Weighted mean of the answers that apply, no 0, partly 50, yes 100. {bands}.",)),
    ]
    if is_compliance(study.definition):
        terms.append(("Dates", ("Evidence whose date has passed counts as partly.",)))
        terms.append(("Use", (NOT_ADVICE,)))
    return Section("methods", "How to read this", (Terms(tuple(terms)),), aside=True)
