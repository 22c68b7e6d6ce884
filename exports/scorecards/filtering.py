"""Results of only some people: one attribute at a time, and only numbers that stay safe beside all others (C10.6).

By group they are those that the scorecard tells anyway. By channel and language each domain is told only where the
equations of everything that is published of it (scores by group, questions, and all filters together) cannot be
solved for fewer than k people (`exports.solving`), whatever somebody knows of who belongs where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from exports.columns import Batch, Column, count, encode
from exports.disclosure import ALL, BASES, COMBINED, CORE, Breakdown, allow_filter, combine_groups
from exports.dispositions import COUNTED
from exports.responses import Frame, Study
from exports.scorecards.estimates import OVERALL
from exports.scorecards.reach import Reach, name_group
from exports.scorecards.results import Results, Tables, build_results
from exports.scorecards.rows import Row
from exports.scorecards.rules.base import SUPPRESSED
from exports.scorecards.scorecard import Scorecard
from exports.scorecards.scores import DomainItems, Item, score_domain
from exports.scorecards.telling import list_left_out
from exports.solving import Equation, Unknown, is_solvable
from forms.values import Value

GROUP, CHANNEL, LANGUAGE = "group", "channel", "language"
ATTRIBUTES = (GROUP, CHANNEL, LANGUAGE)
CHANNEL_WORDS = {"web": "Web", "sms": "Text message", "import": "Collected elsewhere"}
UNSAFE = "Not told for this choice: beside the other results it would speak of fewer than {} people."
OF_SOME = "Only people of this choice."


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that results may be limited to: `value` of the attribute, its label, and how many people it has."""

    attribute: str
    value: str
    label: str
    n: int

    @property
    def name(self) -> str:
        """Give what addresses and commands call it."""
        return f"{self.attribute}:{self.value}"

    @property
    def title(self) -> str:
        """Give what the files are called by."""
        return f"{self.attribute}: {self.label}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be chosen in a closed round, with the tables of each; `refused`: attributes that may not, and why."""

    tables: Mapping[Choice, Tables]
    refused: Mapping[str, str]

    def find(self, wanted: str) -> Choice | None:
        """Give the choice that an address or a command names as `attribute:value`, where it may be made."""
        return next((one for one in self.tables if one.name == wanted), None)


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody of a class of people, as the equations see them: the cell of each attribute, and what they answered.

    `kept`: whether the answers stand in the numbers of single questions.
    """

    cells: Mapping[str, str]
    answers: Mapping[str, Value]
    kept: bool


def build_filters(study: Study, results: Results | None = None) -> Filters:
    """Decide what of a closed round may be filtered by, and give the tables of each choice.

    `results` are those of the study, where they are there already. An open round has no choices: its numbers are told
    in steps, and what was told before would have to be told by each filter too.
    """
    refused: dict[str, str] = {}
    if not study.closed:
        return Filters({}, dict.fromkeys(ATTRIBUTES, "Results can be filtered once the round is closed."))
    results = results or build_results(study)
    tables: dict[Choice, Tables] = dict(_list_groups(results))
    if not tables:
        refused[GROUP] = "No group can be told apart from the others."
    proved = _Proof(study, results)
    for attribute in (CHANNEL, LANGUAGE):
        found = _build_choices(study, results, attribute)
        if isinstance(found, str):
            refused[attribute] = found
            continue
        safe = proved.add(attribute, found)
        if not safe:
            k = results.card.plan.k
            refused[attribute] = f"Beside the other results its numbers would speak of fewer than {k} people."
            continue
        tables |= {choice: _tell(card, choice, safe) for choice, card in found.items()}
    return Filters(tables, refused)


def _list_groups(results: Results) -> Iterator[tuple[Choice, Tables]]:
    """Give the groups that the scorecard shows, each with its own column as if it were the whole."""
    card = results.card
    for column in card.breakdown.cells if len(card.breakdown.cells) > 1 else ():
        label, reach = card.columns[column], card.reach[column]
        choice = Choice(GROUP, column, label, reach.answered)
        rows = tuple(_rename(row, choice, card) for row in card.rows if row.group == column)
        items = tuple(
            replace(row, group=ALL, round=_name_round(card, choice)) for row in results.items if row.group == column
        )
        told = _limit(card, choice, rows, reach)
        yield choice, Tables(card=told, items=items, reliability=(), groups=(), rates=())


def _build_choices(study: Study, results: Results, attribute: str) -> dict[Choice, Scorecard] | str:
    """Give the scorecard of each value that may be told by its number of people, or why there is none."""
    k = results.card.plan.k
    counts: Counter[str] = Counter()
    for batch in _list_counted(study):
        counts.update(dict(_find_column(batch, attribute).count()))
    total = counts.total()
    shown = combine_groups(dict(sorted(counts.items())), k).shown
    words = study.definition.languages if attribute == LANGUAGE else CHANNEL_WORDS
    if len(counts) < 2:
        return f"Everybody has the same {attribute}."
    found = {}
    for value in shown:
        if allow_filter([attribute], counts[value], total, k):
            choice = Choice(attribute, value, words.get(value, value), counts[value])
            found[choice] = build_results(_limit_study(study, choice)).card
    return found or f"Fewer than {k} people would be told apart by it."


def _limit_study(study: Study, choice: Choice) -> Study:
    """Give the study of those people alone; how many of them could have answered nobody knows."""

    def limit(batch: Batch) -> Batch:
        return batch.keep(_find_column(batch, choice.attribute).map(choice.value.__eq__).look_up())

    frame = Frame(kind=study.frame.kind)
    limited = replace(study.with_batches(limit), find_frame=lambda: frame, told=None, change=None)
    return replace(limited, round_name=f"{study.round_name} ({choice.title})")


def _find_column(batch: Batch, attribute: str) -> Column[str]:
    return batch.languages if attribute == LANGUAGE else batch.channels_first


def _list_counted(study: Study) -> Iterator[Batch]:
    for batch in study.batches():
        counted = batch.keep(batch.dispositions.map(COUNTED.__contains__).look_up())
        if len(counted):
            yield counted


class _Proof:
    """What has been told of each domain so far, as equations over classes of people; filters are added one by one."""

    def __init__(self, study: Study, results: Results) -> None:
        self.study, self.results, self.k = study, results, results.card.plan.k
        self.min_share = results.card.plan.min_share
        self.left_out = {domain: frozenset(ids) for domain, ids in list_left_out(results.people, results.card.hidden)}
        self.domains = dict(zip(results.people.domain_ids, results.people.domains, strict=True))
        self.told: dict[str, list[tuple[str, Mapping[str, Scorecard]]]] = {domain: [] for domain in self.domains}

    def add(self, attribute: str, choices: Mapping[Choice, Scorecard]) -> frozenset[str]:
        """Give the domains that may be told by this attribute as well; from now on they count as told."""
        by_value = {choice.value: card for choice, card in choices.items()}
        safe = set()
        for domain, items in self.domains.items():
            tried = [*self.told[domain], (attribute, by_value)]
            classes, sizes = self._sort(domain, items)
            equations = self._list_equations(domain, items, classes, tried)
            if not is_solvable(list(equations), sizes, self.k):
                self.told[domain] = tried
                safe.add(domain)
        return frozenset(safe)

    def _sort(self, domain: str, items: DomainItems) -> tuple[dict[Hashable, _Person], dict[Hashable, int]]:
        """Give one person of each class, those who stand in all equations alike, and how many there are."""
        classes: dict[Hashable, _Person] = {}
        sizes: Counter[Hashable] = Counter()
        for person, n in self._count(domain, items):
            given = tuple(item.score(person.answers.get(item.id)) is not None for item in items.full)
            scored = tuple(self._has_score(person, own) for own in (items.core, items.full))
            one = (*sorted(person.cells.items()), given, scored, person.kept)
            classes.setdefault(one, person)
            sizes[one] += n
        return classes, dict(sizes)

    def _count(self, domain: str, items: DomainItems) -> Iterator[tuple[_Person, int]]:
        """Give people who are alike in all that matters to a domain, and how many of them there are."""
        left_out, combined = self.left_out[domain], self.results.card.breakdown.combined
        names = [item.id for item in items.full]

        def find_cell(group: str | None) -> str:
            column = name_group(group)
            return COMBINED if column in combined else column

        for batch in _list_counted(self.study):
            cells = [batch.groups.map(find_cell), batch.channels_first, batch.languages]
            kept = encode(id_ not in left_out for id_ in batch.response_ids)
            for key, n in count([*cells, kept, *(batch.answers[name] for name in names)]).items():
                group, channel, language, is_kept, *answers = key
                where = {GROUP: group, CHANNEL: channel, LANGUAGE: language}
                yield _Person(where, dict(zip(names, answers, strict=True)), is_kept), n

    def _list_equations(
        self,
        domain: str,
        items: DomainItems,
        classes: Mapping[Hashable, _Person],
        told: Sequence[tuple[str, Mapping[str, Scorecard]]],
    ) -> Iterator[Equation]:
        card = self.results.card
        views: list[tuple[Scorecard, str, str, str]] = [(card, ALL, "", "")]
        views += [(card, column, GROUP, column) for column in card.breakdown.cells]
        views += [(own, ALL, attribute, value) for attribute, cards in told for value, own in cards.items()]
        for shown, column, attribute, value in views:
            members = {one: p for one, p in classes.items() if not attribute or p.cells[attribute] == value}
            for basis in BASES:
                row = shown.find(basis, domain, column)
                if row is not None and row.score is not None:
                    yield self._write_score(members, items.core if basis == CORE else items.full)
        for told_item in self.results.items:
            if told_item.domain == domain and told_item.mean is not None:
                item = next(one for one in items.full if one.id == told_item.item)
                yield {
                    (one, item.id): 1.0
                    for one, person in classes.items()
                    if told_item.group in (ALL, person.cells[GROUP])
                    and person.kept
                    and item.score(person.answers.get(item.id)) is not None
                }

    def _write_score(self, members: Mapping[Hashable, _Person], items: Sequence[Item]) -> Equation:
        equation: dict[Unknown, float] = {}
        for one, person in members.items():
            given = [item for item in items if item.score(person.answers.get(item.id)) is not None]
            if given and self._has_score(person, items):
                whole = sum(item.weight for item in given)
                equation |= {(one, item.id): item.weight / whole for item in given}
        return equation

    def _has_score(self, person: _Person, items: Sequence[Item]) -> bool:
        return bool(items) and score_domain(items, person.answers, self.min_share).score is not None


def _tell(card: Scorecard, choice: Choice, safe: frozenset[str]) -> Tables:
    """Give the tables of a choice: its domains alone, and of these what is safe."""
    names = {domain.id for domain in card.plan.domains}
    told = safe | {OVERALL} if names <= safe else safe
    rows = tuple(
        _rename(row if row.domain in told else _hide(row, card), choice, card)
        for row in card.rows
        if row.group == ALL and row.domain in names | {OVERALL}
    )
    limited = _limit(card, choice, rows, card.reach.get(ALL))
    return Tables(card=limited, items=(), reliability=(), groups=(), rates=())


def _limit(card: Scorecard, choice: Choice, rows: tuple[Row, ...], reach: Reach | None) -> Scorecard:
    return replace(
        card,
        study=replace(card.study, round_name=_name_round(card, choice)),
        rows=rows,
        columns={ALL: choice.label},
        breakdown=Breakdown((), {}, has_combined=False),
        reach={ALL: reach} if reach is not None else {},
        dispositions={},
        hidden={domain: {} for domain in card.hidden},
        uneven=frozenset(),
    )


def _name_round(card: Scorecard, choice: Choice) -> str:
    """Give the round's name with the choice, so that no file made of it is taken for the whole."""
    name, ending = card.study.round_name, f" ({choice.title})"
    return name if name.endswith(ending) else name + ending


def _rename(row: Row, choice: Choice, card: Scorecard) -> Row:
    return replace(row, group=ALL, round=_name_round(card, choice), note=" ".join(filter(None, [OF_SOME, row.note])))


def _hide(row: Row, card: Scorecard) -> Row:
    hidden = replace(row, n=None, n_eligible=None, rr2=None, score=None, ci_lo=None, ci_hi=None, ci_method=None)
    return replace(hidden, band=None, status=SUPPRESSED, note=UNSAFE.format(card.plan.k))
