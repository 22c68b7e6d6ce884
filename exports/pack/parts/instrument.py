"""`instrument/`: what was asked, in every language: the definition itself, a form to print, the texts of the phone."""

from __future__ import annotations

from exports.pack.contents import Contents
from exports.pack.form import write_form
from forms.sms.transcript import Exchange, build_transcript


def write_instrument(contents: Contents) -> None:
    """Write the instrument as it was frozen into the round; forms and texts have the round's own words filled in."""
    study, archive = contents.whole, contents.archive
    definition = study.definition
    archive.add("instrument/definition.json", "The instrument, as it was published", definition.source)
    for language, name in definition.languages.items():
        archive.add(
            f"instrument/form_{_slug(language)}.pdf", f"The questions in print: {name}", write_form(study, language)
        )
        words = {key: str(value) for key, value in study.parameters.items()}
        exchanges = build_transcript(definition, language, study.dated.date(), words)
        if exchanges:
            path = f"instrument/sms-script_{_slug(language)}.txt"
            archive.add(path, f"An interview by text message: {name}", _write_script(exchanges))


def _write_script(exchanges: tuple[Exchange, ...]) -> str:
    lines = ["One way through the interview by text. Each message with its segments; < is an example of a reply.", ""]
    for exchange in exchanges:
        count = exchange.cost.segments
        lines.append(f"> [{count} {'segment' if count == 1 else 'segments'}, {exchange.cost.encoding}]")
        lines += exchange.text.splitlines()
        if exchange.reply is not None:
            lines.append(f"< {exchange.reply}")
        lines.append("")
    return "\n".join(lines)


def _slug(language: str) -> str:
    return language.lower().replace("-", "_")
