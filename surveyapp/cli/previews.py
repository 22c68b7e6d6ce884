"""`surveyapp definition preview`: an instrument as people will meet it, with no round and no database behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from forms.definition import Definition


@click.command("preview")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--channel", type=click.Choice(["web", "sms"]), required=True, help="Web pages as HTML, or the texts.")
@click.option("--lang", "language", help="A language of the definition; its default language if left out.")
@click.option("--param", "parameters", multiple=True, metavar="KEY=VALUE", help="What stands in for a parameter.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("-"), help="Where to write; - is the screen.")
def preview(file: Path, channel: str, language: str | None, parameters: tuple[str, ...], output: Path) -> None:
    """Show a definition as web pages (one HTML file) or as a conversation by text; nothing is stored.

    The conversation follows the path of the first answers and says what every message costs.
    """
    from forms.loading import load_file
    from surveyapp.cli.writing import write_aside

    loaded = load_file(file)
    if language is not None and language not in loaded.languages:
        spoken = ", ".join(loaded.languages)
        raise click.ClickException(f"{file}: the definition does not speak `{language}`. Its languages are: {spoken}.")
    language = language or loaded.default_language
    given = _read_parameters(loaded, parameters)
    draw = _draw_pages if channel == "web" else _write_texts
    drawn = draw(loaded, language, given)
    with write_aside(output) as stream:
        stream.write(drawn)


def _read_parameters(definition: Definition, written: tuple[str, ...]) -> dict[str, str]:
    known = [parameter.id for parameter in definition.parameters]
    given = dict(part.partition("=")[::2] for part in written)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise click.ClickException(f"There is no parameter `{unknown[0]}`. Parameters: {', '.join(known) or 'none'}.")
    return given


def _draw_pages(definition: Definition, language: str, given: dict[str, str]) -> str:
    from surveyapp.web.previewing import draw_file

    return draw_file(definition, language, datetime.now(UTC).date(), given)


def _write_texts(definition: Definition, language: str, given: dict[str, str]) -> str:
    from forms.sms.transcript import build_transcript

    exchanges = build_transcript(definition, language, datetime.now(UTC).date(), given)
    if not exchanges:
        return f"{definition.id} {definition.version} asks nothing by text.\n"
    lines = []
    for exchange in exchanges:
        cost = exchange.cost
        because = f" because of {cost.forced_by!r}" if cost.forced_by else ""
        lines.append(f"< {exchange.text}".replace("\n", "\n  "))
        lines.append(f"  ({_count(cost.segments)}, {cost.units} units of {cost.encoding}{because})")
        if exchange.reply is not None:
            lines.append(f"> {exchange.reply}")
    total = sum(exchange.cost.segments for exchange in exchanges)
    return "\n".join([*lines, f"{len(exchanges)} messages, {_count(total)}", ""])


def _count(segments: int) -> str:
    return f"{segments} segment{'s' * (segments != 1)}"
