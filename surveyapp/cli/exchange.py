"""`surveyapp definition import` and `export`: instruments from and to XLSForm workbooks."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("import")
@click.argument("form", type=click.Path(path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def import_(form: Path, output: Path, force: bool, as_json: bool) -> None:
    """Make a definition of an XLSForm (.xlsx; .xls, .csv and .md too).

    Whatever has no equivalent is listed, cell by cell, with what was done about it.
    """
    from forms.xlsform import read_xlsform
    from surveyapp.cli.writing import write_aside

    refuse_overwriting(output, force)
    imported = read_xlsform(form)
    with write_aside(output) as stream:
        stream.write(imported.text)
    read, remarks = imported.definition, imported.remarks
    if as_json:
        listed = [{"where": one.where, "message": one.message, "done": one.done} for one in remarks]
        about = {"file": str(form), "output": str(output), "id": read.id, "version": read.version}
        click.echo(json.dumps({**about, "remarks": listed}, ensure_ascii=False, indent=2))
        return
    to_screen = str(output) == "-"
    for remark in remarks:
        click.echo(f"{form}: {remark.sentence()}", err=to_screen)
    count = f"{len(remarks)} remark{'s' * (len(remarks) != 1)}"
    said = f"{output}: {read.id} {read.version}, {len(read.questions)} questions, {count}."
    click.echo(said, err=to_screen)


@click.command("export")
@click.argument("definition", type=click.Path(path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def export(definition: Path, output: Path, force: bool, as_json: bool) -> None:
    """Write a definition as an XLSForm workbook, which ODK and Kobo open and `import` reads as the same again."""
    from forms.loading import load_file
    from forms.xlsform import write_xlsform
    from surveyapp.cli.writing import write_bytes_aside

    refuse_overwriting(output, force)
    read = load_file(definition)
    packed = write_xlsform(read)
    with write_bytes_aside(output) as stream:
        stream.write(packed)
    if as_json:
        about = {"file": str(definition), "output": str(output), "id": read.id, "version": read.version}
        click.echo(json.dumps(about, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{output}: {read.id} {read.version} as an XLSForm.", err=str(output) == "-")


def refuse_overwriting(output: Path, force: bool) -> None:
    """Refuse to write over a file that is there, unless that is wanted; raises `click.ClickException`."""
    if str(output) != "-" and output.exists() and not force:
        raise click.ClickException(f"{output} exists already; write over it with --force.")
