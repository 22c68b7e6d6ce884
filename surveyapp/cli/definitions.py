"""`surveyapp definition`: the tools for authors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.group()
def definition() -> None:
    """Check the JSON definitions of instruments, and print the schema that editors complete them by."""


@definition.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Say everything that is wrong with definitions; exit 1 if one cannot be used. A schema is none: it is left out."""
    reports = [_check_file(path) for path in files if not path.name.endswith(".schema.json")]
    if as_json:
        click.echo(json.dumps({"files": reports}, ensure_ascii=False, indent=2))
    for report in [] if as_json else reports:
        for finding in report["faults"]:
            click.echo(_line(report["file"], finding), err=True)
        for finding in report["findings"]:
            click.echo(_line(report["file"], finding, finding["level"]))
        if not report["faults"]:
            click.echo(f"{report['file']}: {report['id']} {report['version']} can be used.")
    if any(report["faults"] for report in reports):
        raise click.exceptions.Exit(1)


@definition.command("schema")
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of definitions, for editors that complete and check by it."""
    from forms.loading.json_schema import write_schema

    click.echo(write_schema(), nl=False)


def _check_file(path: Path) -> dict[str, Any]:
    from forms.checks import check_definition
    from forms.errors import DefinitionError
    from forms.loading import load_file

    report: dict[str, Any] = {"file": str(path), "id": None, "version": None, "faults": [], "findings": []}
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
    return report


def _line(file: str, finding: dict[str, str], level: str = "") -> str:
    mark = f"{level}: " if level else ""
    return f"{file}: {finding['path']}: {mark}{finding['message']} {finding['suggestion']}".rstrip()
