"""`surveyapp definition`: the tools for authors."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from surveyapp.cli import exchange, previews

if TYPE_CHECKING:
    from forms.definition import Definition


@click.group()
def definition() -> None:
    """Check, preview and exchange the JSON definitions of instruments, and print the schema that editors use."""


for command in (previews.preview, exchange.import_, exchange.export):
    definition.add_command(command)


def _read_price(_context: click.Context, _option: click.Parameter, written: str | None) -> Decimal | None:
    """Read an amount of money exactly; anything but a number from 0 up is wrong usage."""
    if written is None:
        return None
    try:
        price = Decimal(written)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise click.BadParameter(f"{written!r} is not a price: write a number such as 0.0079.")
    return price


@definition.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), help="An earlier version of the same instrument.")
@click.option("--price", callback=_read_price, metavar="AMOUNT", help="What one segment of a text costs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def check(files: tuple[Path, ...], against: Path | None, price: Decimal | None, as_json: bool) -> None:
    """Say everything that is wrong with definitions; exit 1 if one cannot be used. A schema is none: it is left out.

    Beside the faults it reports on channel fit, reachability, exportability and, with --against, comparability.
    """
    from forms.loading import load_file

    earlier = load_file(against) if against else None
    reports = [_check_file(path, earlier, price) for path in files if not path.name.endswith(".schema.json")]
    if earlier is not None and not any(report["id"] == earlier.id for report in reports if not report["faults"]):
        raise click.ClickException(f"{against} is the instrument `{earlier.id}`, and none of the files is.")
    if as_json:
        for report in reports:
            del report["sentences"]
        click.echo(json.dumps({"files": reports}, ensure_ascii=False, indent=2))
    for report in [] if as_json else reports:
        for finding in report["faults"]:
            click.echo(_line(report["file"], finding), err=True)
        for finding in report["findings"]:
            click.echo(_line(report["file"], finding, finding["level"]))
        for sentence in report.pop("sentences", ()):
            click.echo(f"{report['file']}: {sentence}")
        if not report["faults"]:
            click.echo(f"{report['file']}: {report['id']} {report['version']} can be used.")
    if any(report["faults"] for report in reports):
        raise click.exceptions.Exit(1)


@definition.command("schema")
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of definitions, for editors that complete and check by it."""
    from forms.loading.json_schema import write_schema

    click.echo(write_schema(), nl=False)


def _check_file(path: Path, earlier: Definition | None, price: Decimal | None) -> dict[str, Any]:
    from forms.checks import check_definition
    from forms.checks.reports import build_reports, summarise
    from forms.errors import DefinitionError
    from forms.loading import load_file

    report: dict[str, Any] = {"file": str(path), "id": None, "version": None, "faults": [], "findings": []}
    report |= {"reports": None, "sentences": ()}
    try:
        loaded = load_file(path)
    except DefinitionError as error:
        report["faults"] = [
            {"path": fault.path, "message": fault.message, "suggestion": fault.suggestion} for fault in error.faults
        ]
    except OSError as error:
        report["faults"] = [{"path": "$", "message": f"{error.strerror}.", "suggestion": "Check the file's name."}]
    else:
        report |= {"id": loaded.id, "version": loaded.version}
        report["findings"] = [
            {"level": found.level, "path": found.path, "message": found.message, "suggestion": found.suggestion}
            for found in check_definition(loaded)
        ]
        compared = earlier if earlier is not None and earlier.id == loaded.id else None
        built = build_reports(loaded, earlier=compared, price=price)
        report |= {"reports": built.as_json(), "sentences": summarise(built)}
    return report


def _line(file: str, finding: dict[str, str], level: str = "") -> str:
    mark = f"{level}: " if level else ""
    return f"{file}: {finding['path']}: {mark}{finding['message']} {finding['suggestion']}".rstrip()
