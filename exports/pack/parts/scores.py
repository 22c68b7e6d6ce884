"""`data/scores.csv`: what each response scores in each domain, from core questions and from all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exports.delimited import write_rows
from exports.disclosure import CORE, FULL
from exports.dispositions import COUNTED
from exports.pack.contents import Contents, Resource, list_fields
from exports.pack.parts.data import WIDE
from exports.scorecards.scores import Item, list_items, score_domain
from exports.table import list_included
from forms.definition import Scorecard as Plan
from forms.question_types.base import Cell

PATH = "data/scores.csv"
_LONGEST = 32 - len("sc__core")


def write_scores(contents: Contents) -> None:
    """Write one row for each response that stands in the tables; who does not count has no scores."""
    columns = list_columns(contents)
    if not contents.has_rows or not columns:
        return
    title = "Scores of each response by domain, 0 to 100, as the scorecard averages them"
    with contents.archive.open(PATH, title) as stream:
        write_rows(stream, ("response_id", *columns), _list_rows(contents, columns), set(columns))
    told = [(name, "number", f"{basis} score of the domain {domain}") for name, (domain, basis, _) in columns.items()]
    contents.describe(
        Resource(
            path=PATH,
            title=title,
            fields=list_fields(("response_id", "string", "The response"), *told),
            primary_key=["response_id"],
            foreign_keys={"response_id": (WIDE, "response_id")},
        )
    )


def list_columns(contents: Contents) -> dict[str, tuple[str, str, tuple[Item, ...]]]:
    """Give column -> domain, basis and the questions it is made of: `sc_trst_core`, `sc_trst_full`."""
    columns = {}
    definition = contents.whole.definition
    for domain in (definition.scorecard or Plan()).domains:
        items = list_items(definition, domain.id)
        for basis, own in ((CORE, tuple(item for item in items if item.core)), (FULL, items)):
            if own:
                short = re.sub(r"[^a-z0-9]+", "_", domain.id.lower())[:_LONGEST]
                columns[f"sc_{short}_{basis}"] = domain.id, basis, own
    return columns


def _list_rows(contents: Contents, columns: dict[str, tuple[str, str, tuple[Item, ...]]]) -> Iterator[list[Cell]]:
    share = (contents.whole.definition.scorecard or Plan()).min_share
    for response in list_included(contents.study, contents.options):
        counts = response.disposition in COUNTED
        scores = [score_domain(items, response.answers, share).score for _, _, items in columns.values()]
        yield [response.response_id, *((format(s, ".10g") if counts and s is not None else None) for s in scores)]
