"""`surveyapp simulate`: a dress rehearsal of a round."""

from __future__ import annotations

import json
import logging

import click

from surveyapp.cli.opening import open_service, show_progress


@click.command()
@click.argument("round_reference", metavar="ROUND")
@click.option("--respondents", default=200, show_default=True, help="How many synthetic people answer.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same report.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def simulate(round_reference: str, respondents: int, seed: int, as_json: bool) -> None:
    """Rehearse a round with synthetic people, by both channels and in a time of its own; nothing of it is kept."""
    from random import Random

    from surveyapp.rehearsing.play import Play
    from surveyapp.rehearsing.report import list_lines, write_report
    from surveyapp.rehearsing.stage import read_original, set_stage

    logging.getLogger("surveyapp.delivery").setLevel(logging.CRITICAL)  # its carrier's errors are part of the play
    with open_service() as (settings, database):
        with database.reading() as session:
            original = read_original(session, round_reference)
        with set_stage(settings, original, respondents, seed) as stage:
            play = Play(stage, Random(seed))  # noqa: S311  # repeatable on purpose
            with show_progress("Rehearsing", respondents) as tell:
                carrier = play.run(tell)
            with stage.database.reading() as there:
                report = write_report(there, stage, play, carrier.errors, seed)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
        return
    for line in list_lines(report):
        click.echo(line)
