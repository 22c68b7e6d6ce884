"""An instrument before it is published: its web pages, its text messages, its XLSForm. Nothing is stored."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.definition import Definition
from forms.sms.transcript import build_transcript
from forms.text import normalise
from surveyapp.runtime import now, settings, templates
from surveyapp.services.instruments import find_instrument
from surveyapp.web.access import access
from surveyapp.web.answering_pages import find_direction
from surveyapp.web.console import COORDINATING
from surveyapp.web.previewing import draw_preview

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PREFIX = "parameter_"
"""Begins the names of parameters, here as in the round's form."""

blueprint = Blueprint("previews", __name__, url_prefix="/console")


@blueprint.get("/instruments/<instrument>/pages")
@access(*COORDINATING)
def show_pages(instrument: str) -> ResponseReturnValue:
    """Show all sections as respondents see them, in the language wished for."""
    definition = find_instrument(settings().definitions_dir, instrument)
    return draw_preview(
        templates(),
        definition,
        definition.choose_language(request.args.get("lang")),
        now().date(),
        parameters=_read_parameters(definition),
        languages=_list_languages(definition, "previews.show_pages", instrument),
        texts=url_for("previews.show_texts", instrument=instrument, **_keep()),
        back=url_for("publishing.show_form", instrument=instrument),
    )


@blueprint.get("/instruments/<instrument>/texts")
@access(*COORDINATING)
def show_texts(instrument: str) -> ResponseReturnValue:
    """Show the conversation by text along the path of the first answers, with what every message costs."""
    definition = find_instrument(settings().definitions_dir, instrument)
    language = definition.choose_language(request.args.get("lang"))
    exchanges = build_transcript(definition, language, now().date(), _read_parameters(definition))
    return render_template(
        "console/texts.html",
        instrument=instrument,
        definition=definition,
        spoken=language,
        direction_spoken=find_direction(language),
        exchanges=exchanges,
        segments=sum(exchange.cost.segments for exchange in exchanges),
        languages=_list_languages(definition, "previews.show_texts", instrument),
        pages=url_for("previews.show_pages", instrument=instrument, **_keep()),
    )


@blueprint.get("/instruments/<instrument>/form.xlsx")
@access(*COORDINATING)
def download_form(instrument: str) -> ResponseReturnValue:
    """Give the instrument as an XLSForm workbook, for KoboToolbox and ODK."""
    from forms.xlsform import write_xlsform

    definition = find_instrument(settings().definitions_dir, instrument)
    response = Response(write_xlsform(definition), mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"{definition.id}_{definition.version}.xlsx")
    return response


def _list_languages(definition: Definition, endpoint: str, instrument: str) -> list[tuple[str, str, str]]:
    """Give code, name and address of every language of the definition; what else was asked for stays."""
    return [
        (code, name, url_for(endpoint, instrument=instrument, **_keep() | {"lang": code}))
        for code, name in definition.languages.items()
    ]


def _keep() -> dict[str, Any]:
    """Give what this page was asked with, for the links to the others."""
    return {name: value for name, value in request.args.items() if name == "lang" or name.startswith(PREFIX)}


def _read_parameters(definition: Definition) -> dict[str, str]:
    """Read what the round's form has been filled in with so far."""
    given = {
        parameter.id: normalise(request.args.get(PREFIX + parameter.id, ""))[: parameter.max_length]
        for parameter in definition.parameters
    }
    return {name: value for name, value in given.items() if value}
