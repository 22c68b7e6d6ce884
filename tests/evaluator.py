"""An evaluator with the restricted pack and nothing else: every number of the scorecard again, from rows and codebook.

What is shown and what is not is read in `scorecard/scorecard.csv`; every number that is shown is worked out from
`data/`. The one thing that rows cannot tell is who answered both rounds, since no file has an id that leads from
round to round: how many pairs there are, and their correlation, stand in `stats/trend.csv`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from statistics import mean

from plain_statistics import find_error, find_t

Row = Mapping[str, str]
SKIPPING = ("-97", "-95", "-93")
"""Not applicable, not asked by routing, not asked in this channel: out of the denominator (README of the pack)."""


def read_pack(data: bytes) -> dict[str, list[Row]]:
    """The tables of a pack by path; nothing else of the round is at hand."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def read_rule(rule: str) -> Callable[[str], float]:
    """The function that a score rule of the codebook writes down: `1=0 2=50`, `100*(x-1)/(5-1); gate 3`."""
    rule = rule.partition(";")[0]
    if "x" not in rule:
        points = dict(pair.split("=") for pair in rule.split())
        return lambda code: float(points[code])
    top, bottom = rule.removeprefix("100*").split("/")
    (a, b), (high, low) = (part.strip("()").split("-") for part in (top, bottom))
    span = int(high) - int(low)
    return lambda code: 100 * (int(code) - int(b)) / span if a == "x" else 100 * (int(a) - int(code)) / span


@dataclass(frozen=True)
class Cell:
    """A number worked out again: its standard error and degrees of freedom, and of how many people."""

    score: float
    error: float
    df: float
    n: int

    @property
    def ends(self) -> tuple[float, float]:
        """The 95 % interval."""
        half = find_t(self.df) * self.error if self.error else 0.0
        return self.score - half, self.score + half


class Evaluator:
    """One round, from the tables of its restricted pack."""

    def __init__(self, pack: Mapping[str, Sequence[Row]]) -> None:
        self.pack = pack
        self.people = [row for row in pack["data/responses_wide.csv"] if row["disposition"] in ("I", "P")]
        self.items = [row for row in pack["data/codebook.csv"] if row["score_rule"] and row["domain"]]
        self.asked = {row["variable"]: row for row in pack["data/codebook.csv"] if row["item_id"]}
        self.rows = {(r["basis"], r["domain"], r["group"]): r for r in pack["scorecard/scorecard.csv"]}
        self.domains = self.list_labels("domain")
        self.labels = self.list_labels("group")
        self.core_domains = [d for d in self.domains if self.list_items(d, "core")]
        self.out = {(row["response_id"], row["domain"]) for row in pack["data/left_out.csv"]}

    def list_labels(self, name: str) -> dict[str, str]:
        """Code -> English label of a list, in order."""
        found = [row for row in self.pack["data/labels.csv"] if (row["list_name"], row["lang"]) == (name, "en")]
        return {row["code"]: row["label"] for row in found}

    def list_items(self, domain: str, basis: str) -> list[Row]:
        return [row for row in self.items if row["domain"] == domain and (basis == "full" or row["core"] == "1")]

    @cached_property
    def answered(self) -> Counter[str]:
        return Counter(person["group"] for person in self.people)

    @cached_property
    def cases(self) -> dict[str, Counter[str]]:
        """Group -> how its cases ended."""
        found: dict[str, Counter[str]] = {group: Counter() for group in self.labels}
        for case in self.pack["data/dispositions.csv"]:
            found.setdefault(case["group"], Counter())[case["final_class"]] += 1
        return found

    @cached_property
    def combined(self) -> list[str]:
        """The groups that are shown only together."""
        hidden = {g for g in self.answered if {r["status"] for (_, _, c), r in self.rows.items() if c == g} == {"Q"}}
        return [group for group in self.labels if group in hidden]

    @cached_property
    def cells(self) -> list[str]:
        """The columns that are somebody: groups, and those that are combined."""
        own = [group for group in self.labels if self.answered[group] and group not in self.combined]
        return [*own, "combined"] if self.combined else own

    def name(self, column: str) -> str:
        """What people call a column."""
        return {"all": "Everyone", "combined": "Other groups combined"}.get(column) or self.labels[column]

    def list_groups(self, column: str) -> list[str]:
        return list(self.cases) if column == "all" else self.combined if column == "combined" else [column]

    def list_people(self, *columns: str) -> list[Row]:
        groups = {group for column in columns for group in self.list_groups(column)}
        return [person for person in self.people if person["group"] in groups]

    def count_eligible(self, *columns: str) -> int:
        groups = [group for column in columns for group in self.list_groups(column)]
        return sum(n for group in groups for class_, n in self.cases[group].items() if class_ != "NE")

    def score(self, person: Row, domain: str, basis: str) -> float | None:
        """One person's score of a domain: the mean by weight, if half of what applied was answered."""
        top = answered = applied = 0.0
        for item in self.list_items(domain, basis):
            code = person[item["variable"]]
            if code in SKIPPING:
                continue
            weight = float(item["weight"])
            applied += weight
            if not code.startswith("-9"):
                top += weight * read_rule(item["score_rule"])(code)
                answered += weight
        return top / answered if answered and answered / applied >= 0.5 else None

    def is_shown(self, basis: str, domain: str, column: str) -> bool:
        row = self.rows.get((basis, domain, column))
        return row is not None and row["score"] != ""

    def list_shown(self, basis: str, column: str) -> list[str]:
        domains = self.core_domains if basis == "core" else list(self.domains)
        return [domain for domain in domains if self.is_shown(basis, domain, column)]

    def list_scores(self, basis: str, domain: str, *columns: str, shown: Sequence[str] = ()) -> list[float]:
        """What everybody in the columns adds to a number; to an overall, the mean and how far they move it."""
        people = self.list_people(*columns)
        if domain == "NPS":
            codes = [int(person["pf07"]) for person in people if not person["pf07"].startswith("-9")]
            return [100.0 * ((code >= 9) - (code <= 6)) for code in codes]
        if domain != "overall":
            return [score for person in people if (score := self.score(person, domain, basis)) is not None]
        names = shown or self.list_shown(basis, columns[0])
        rows = [[self.score(person, name, basis) for name in names] for person in people]
        rows = [row for row in rows if any(score is not None for score in row)]
        columns_ = [[score for score in column if score is not None] for column in zip(*rows, strict=True)]
        means = [mean(column) for column in columns_]
        return [
            mean(means)
            + sum(
                len(rows) / len(column) * (score - middle)
                for score, middle, column in zip(row, means, columns_, strict=True)
                if score is not None
            )
            / len(names)
            for row in rows
        ]

    def find(self, basis: str, domain: str, column: str) -> Cell:
        """A number of the scorecard."""
        if column == "group_equal":
            return self._find_alike(basis, domain)
        return self._estimate(self.list_scores(basis, domain, column), self.count_eligible(column))

    def _find_alike(self, basis: str, domain: str) -> Cell:
        parts = [self.find(basis, domain, column) for column in self.cells if self.is_shown(basis, domain, column)]
        if "count together as one group" in self.rows[basis, domain, "group_equal"]["note"]:
            hidden = [column for column in self.cells if self.rows[basis, domain, column]["status"] == "Q"]
            names = self.list_shown(basis, "all")
            scores = self.list_scores(basis, domain, *hidden, shown=names if domain == "overall" else ())
            parts.append(self._estimate(scores, self.count_eligible(*hidden)))
        return combine(parts)

    def _estimate(self, scores: Sequence[float], eligible: int) -> Cell:
        return Cell(mean(scores), find_error(scores, eligible), len(scores) - 1, len(scores))


def combine(parts: Sequence[Cell]) -> Cell:
    """Several numbers, each alike."""
    variance = sum(part.error**2 for part in parts)
    df = variance**2 / sum(part.error**4 / part.df for part in parts) if variance else 1
    return Cell(mean(part.score for part in parts), sqrt(variance) / len(parts), df, sum(part.n for part in parts))
