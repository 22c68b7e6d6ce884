"""`surveyapp answers`: answers that were collected elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import click

from surveyapp.cli.opening import ACTOR, find_now, open_service

LINES = (".jsonl", ".ndjson")


@click.group()
def answers() -> None:
    """Answers that were collected on paper or by another tool."""


@answers.command("import")
@click.argument("reference", metavar="ROUND")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--rows",
    "parts",
    multiple=True,
    metavar="SECTION=FILE.csv",
    help="The rows of a repeated section; default: the file beside, such as answers.goals.csv, where it is there.",
)
@click.option("--dry-run", is_flag=True, help="Judge everything and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def import_(reference: str, file: Path, parts: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Import FILE (.csv or .jsonl) into ROUND: all of it, or nothing and every fault by row and column.

    Columns are called as in our own CSV export. The same file twice changes nothing.
    """
    from surveyapp.cli.writing import name_beside
    from surveyapp.errors import InvalidError
    from surveyapp.services.answer_files import read_answer_csv, read_answer_lines
    from surveyapp.services.answer_importing import Imported, import_answers, judge_answers
    from surveyapp.services.definitions import find_definition
    from surveyapp.services.rounds import find_round

    with open_service() as (settings, database):
        at = find_now()
        with database.reading() as session:
            found = find_round(session, reference)
            definition = find_definition(session, found.code)
            if file.suffix.lower() in LINES:
                read = read_answer_lines(file.read_bytes(), definition)
            else:
                beside = {one.id: name_beside(file, one.id) for one in definition.repeats}
                paths = {name: path for name, path in beside.items() if path.exists()} | dict(map(_split, parts))
                rows: dict[str, bytes | str] = {name: path.read_bytes() for name, path in paths.items()}
                read = read_answer_csv(file.read_bytes(), rows, definition)
            judged = judge_answers(session, found, read, at)
        if judged.faults:
            sentences = [fault.sentence() for fault in judged.faults]
            raise InvalidError("These answers cannot be imported. Nothing was stored.", sentences)
        done = Imported(len(judged.responses), 0)
        if not dry_run:
            with database.writing() as session:
                found = find_round(session, reference)
                done = import_answers(session, found, judged, actor=ACTOR, secret_key=settings.secret_key, now=at)
    report = {"new": done.new, "unchanged": done.unchanged, "ignored": list(judged.ignored), "dry_run": dry_run}
    if as_json:
        click.echo(json.dumps(report))
        return
    if judged.ignored:
        click.echo(f"Columns that no question has, left out: {', '.join(judged.ignored)}.")
    if dry_run:
        click.echo(f"{done.new} responses can be imported. Nothing was stored.")
    else:
        click.echo(f"Imported {done.new} responses; {done.unchanged} were there already.")


def _split(part: str) -> tuple[str, Path]:
    section, mark, path = part.partition("=")
    if not mark or not Path(path).is_file():
        raise click.BadParameter(f"{part!r} is not SECTION=FILE.csv with a file that is there.")
    return section, Path(path)
