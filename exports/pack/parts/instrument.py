"""`instrument/`: what was asked, in every language: the definition itself, a form to print, the texts of the phone."""

from __future__ import annotations

from exports.errors import ExportError
from exports.pack.contents import Contents
from exports.pack.form import write_form
from forms.errors import DefinitionError
from forms.sms.transcript import Exchange, build_transcript
from forms.xlsform import write_xlsform


def write_instrument(contents: Contents) -> None:
    """Write the instrument as it was frozen into the round; forms and texts have the round's own words filled in."""
    study, archive = contents.whole, contents.archive
    definition = study.definition
    if definition.source:
        _write_files(contents)
    for language, name in definition.languages.items():
        path = f"instrument/form_{_slug(language)}.pdf"
        try:
            archive.add(path, f"The questions in print: {name}", write_form(study, language))
        except ExportError as error:
            contents.remarks.append(f"{path} is left out. {error}")
        words = {key: str(value) for key, value in study.parameters.items()}
        exchanges = build_transcript(definition, language, study.dated.date(), words)
        if exchanges:
            path = f"instrument/sms-script_{_slug(language)}.txt"
            archive.add(path, f"An interview by text message: {name}", _write_script(exchanges))


def _write_files(contents: Contents) -> None:
    definition, archive = contents.whole.definition, contents.archive
    archive.add("instrument/definition.json", "The instrument, as it was published", definition.source)
    path = "instrument/form.xlsx"
    try:
        archive.add(path, "The instrument as XLSForm, for ODK and Kobo", write_xlsform(definition))
    except DefinitionError as error:
        contents.remarks.append(f"{path} is left out. {error}")


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
