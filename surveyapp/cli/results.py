"""`surveyapp export` and `surveyapp scorecard`: what evaluators take away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from surveyapp.cli.opening import ACTOR, find_now, open_service

if TYPE_CHECKING:
    from exports.scorecards.results import Tables
    from surveyapp.database import Database

EXPORT_FORMATS = ("csv", "long", "xlsx", "sav", "dta", "parquet", "json", "pack")
"""The names of `exports.formats.FORMATS`, which costs too much to load for a line of help; a test holds them equal."""

SCORECARD_FORMATS = ("html", "pdf", "xlsx", "csv", "json", "svg")
"""The names of `exports.scorecards.formats.FORMATS`; a test holds them equal."""


@click.command()
@click.argument("reference", metavar="ROUND")
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(EXPORT_FORMATS))
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file to write, or - .")
@click.option(
    "--level",
    type=click.Choice(["summary", "research", "restricted"]),
    help="How much is told: aggregates only; small groups merged and no comments; all but identity. "
    "Default: summary for the pack, restricted for tables.",
)
@click.option("--labels", is_flag=True, help="Labels instead of codes.")
@click.option("--both", is_flag=True, help="Labels beside codes.")
@click.option("--lang", help="The language of the labels; default: the definition's own.")
@click.option(
    "--answers",
    type=click.Choice(["complete", "partial", "all"]),
    default="partial",
    show_default=True,
    help="Complete interviews; also partial ones that count; everybody with an answer.",
)
@click.option("--include-partial", is_flag=True, help="Everybody with an answer: the same as --answers all.")
@click.option(
    "--multiple",
    type=click.Choice(["columns", "joined", "both"]),
    default="columns",
    show_default=True,
    help="Several choices as 0/1 columns, joined in one column, or both.",
)
@click.option("--excel", is_flag=True, help="Begin a CSV with the mark by which Excel knows UTF-8.")
@click.option("--why", default="", help="What it is for; kept in the audit.")
def export(
    reference: str,
    format_: str,
    output: Path,
    level: str | None,
    labels: bool,
    both: bool,
    lang: str | None,
    answers: str,
    include_partial: bool,
    multiple: str,
    excel: bool,
    why: str,
) -> None:
    """Write the answers of ROUND as a file; each repeated section as one beside it, `<name>.<section>.csv`."""
    from exports.formats import FORMATS
    from exports.options import BOTH, CODES, LABELS, Options
    from surveyapp.cli.writing import name_beside, write_bytes_aside
    from surveyapp.keeping import Shelf
    from surveyapp.services.definitions import find_definition
    from surveyapp.services.exporting import build_study, record_download
    from surveyapp.services.rounds import find_round
    from surveyapp.showing import tell_results

    chosen = FORMATS[format_]
    options = Options(
        shown=BOTH if both else LABELS if labels else CODES,
        language=lang,
        included="all" if include_partial else answers,
        multiple=multiple,
        level=level or chosen.default_level,
        excel=excel,
    )
    chosen.check_level(options.level)
    with open_service() as (_, database), database.writing() as session:
        found = find_round(session, reference)
        detail = {"level": options.level, "why": why}
        record_download(session, found, what=f"export.{format_}", actor=ACTOR, now=find_now(), detail=detail)
    with open_service() as (settings, database), database.snapshot() as session:
        found, at = find_round(session, reference), find_now()
        shelf = Shelf(settings.kept_dir)

        def make(stream: BinaryIO, options: Options) -> None:
            study = tell_results(database, build_study(session, found, at), found.id, at)
            chosen.write(study, stream, options)

        tables = {"": output}
        if chosen.has_one_table and str(output) != "-":
            repeats = find_definition(session, found.code).repeats
            tables |= {part.id: name_beside(output, part.id) for part in repeats}
        for section, path in tables.items():
            own = replace(options, section=section)
            with write_bytes_aside(path) as stream:
                shelf.write(session, found, format_, own, stream, at, partial(make, options=own))


@click.command()
@click.argument("reference", metavar="ROUND")
@click.option("--format", "format_", default="json", show_default=True, type=click.Choice(SCORECARD_FORMATS))
@click.option("--compare", "earlier", metavar="ROUND", help="An earlier round: what changed since, in every row.")
@click.option(
    "--beside",
    "counterpart",
    metavar="ROUND",
    help="A round of the same partnership: stakeholders and self-rating side by side, with the gap.",
)
@click.option("--team", is_flag=True, help="With what is for the coordinating team alone: stakeholder map and network.")
@click.option(
    "--only",
    metavar="ATTRIBUTE:VALUE",
    help="Only the people of a group, channel or language, such as language:fr; of closed rounds, where it is safe.",
)
@click.option("--weighted", is_flag=True, help="Also with groups counted by the size of their rosters.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file to write, or - .")
def scorecard(
    reference: str,
    format_: str,
    earlier: str | None,
    counterpart: str | None,
    team: bool,
    only: str | None,
    weighted: bool,
    output: Path,
) -> None:
    """Write the scorecard of ROUND; everything in it has passed disclosure control.

    The numbers of an open round are told anew when enough people have answered since; after the close they are final.
    """
    from exports.scorecards.formats import FORMATS
    from surveyapp.cli.writing import write_bytes_aside
    from surveyapp.errors import InvalidError
    from surveyapp.services.exporting import record_download
    from surveyapp.services.pairs import find_counterpart
    from surveyapp.services.rounds import find_round
    from surveyapp.showing import add_beside, read_change, read_earlier, read_results

    if only is not None and (earlier or counterpart or weighted):
        raise InvalidError("--only stands alone: results of some people are compared with nothing.")
    at = find_now()
    with open_service() as (_, database):
        with database.writing() as session:
            found = find_round(session, reference)
            detail = {"team": True} if team else None
            record_download(session, found, what=f"scorecard.{format_}", actor=ACTOR, now=at, detail=detail)
            then = find_round(session, earlier, partnership_id=found.partnership_id) if earlier else None
            other = find_counterpart(session, found, counterpart) if counterpart else None
        if only is not None:
            results = _find_only(database, found.id, only, at)
        elif then is None:
            results = read_results(database, found.id, at, weighted=weighted, team=team)
        else:
            results = read_change(database, found.id, then.id, at, weighted=weighted, team=team)
        if other is not None:
            results = add_beside(database, results, other.id, at)
        before = read_earlier(database, found.id, at) if only is None else []
    with write_bytes_aside(output) as stream:
        stream.write(FORMATS[format_].write(results, before))


@click.command()
@click.argument("reference", metavar="ROUND")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The CSV file to write, or - .")
def comments(reference: str, output: Path) -> None:
    """Write what people wrote in ROUND, as far as somebody has read it in the console and let it pass."""
    from exports.comments import write_comments
    from surveyapp.cli.writing import write_bytes_aside
    from surveyapp.services.exporting import record_download
    from surveyapp.services.rounds import find_round
    from surveyapp.showing import read_results

    at = find_now()
    with open_service() as (_, database):
        with database.writing() as session:
            found = find_round(session, reference)
            record_download(session, found, what="export.comments", actor=ACTOR, now=at)
        told = read_results(database, found.id, at).comments
    with write_bytes_aside(output) as stream:
        write_comments(told, stream)


def _find_only(database: Database, round_id: int, only: str, at: datetime) -> Tables:
    """Give the tables of some people, or say what may be chosen."""
    from surveyapp.errors import InvalidError
    from surveyapp.showing import read_filters

    filters = read_filters(database, round_id, at)
    choice = filters.find(only)
    if choice is None:
        faults = [f"{attribute}: {why}" for attribute, why in filters.refused.items()]
        may = ", ".join(one.name for one in filters.tables) or "nothing"
        raise InvalidError(f"Results cannot be limited to {only}.", [*faults, f"What can be chosen: {may}."])
    return filters.tables[choice]
