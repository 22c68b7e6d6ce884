"""`surveyapp export` and `surveyapp scorecard`: what evaluators take away."""

from __future__ import annotations

from pathlib import Path

import click

from surveyapp.cli.opening import ACTOR, find_now, open_service


@click.command()
@click.argument("reference", metavar="ROUND")
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(["csv"]))
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file to write, or - .")
@click.option("--labels", is_flag=True, help="Labels instead of codes.")
@click.option("--lang", help="The language of the labels; default: the definition's own.")
@click.option("--include-partial", is_flag=True, help="Also interviews that are not complete.")
def export(reference: str, format_: str, output: Path, labels: bool, lang: str | None, include_partial: bool) -> None:
    """Write the answers of ROUND as a table."""
    from exports.formats import FORMATS
    from surveyapp.cli.writing import write_aside
    from surveyapp.services.exporting import build_study, record_download
    from surveyapp.services.rounds import find_round

    with open_service() as (_, database), database.writing() as session:
        found = find_round(session, reference)
        record_download(session, found, what=f"export.{format_}", actor=ACTOR, now=find_now())
    with open_service() as (_, database), database.reading() as session, write_aside(output) as stream:
        study = build_study(session, find_round(session, reference), find_now())
        FORMATS[format_].write(study, stream, labels=labels, language=lang, include_partial=include_partial)


@click.command()
@click.argument("reference", metavar="ROUND")
@click.option("--format", "format_", default="json", show_default=True, type=click.Choice(["json", "csv", "html"]))
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file to write, or - .")
def scorecard(reference: str, format_: str, output: Path) -> None:
    """Write the scorecard of ROUND; everything in it has passed disclosure control."""
    from exports.scorecards import build_scorecard
    from exports.scorecards.formats import FORMATS
    from surveyapp.cli.writing import write_aside
    from surveyapp.services.exporting import build_study, record_download
    from surveyapp.services.rounds import find_round

    with open_service() as (_, database), database.writing() as session:
        found = find_round(session, reference)
        record_download(session, found, what=f"scorecard.{format_}", actor=ACTOR, now=find_now())
    with open_service() as (_, database), database.reading() as session:
        card = build_scorecard(build_study(session, find_round(session, reference), find_now()))
    with write_aside(output) as stream:
        stream.write(FORMATS[format_](card))
