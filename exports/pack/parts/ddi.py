"""`metadata/ddi-codebook.xml`: the study and its variables as archives read them, DDI-Codebook 2.5.

Source: DDI Alliance, DDI-Codebook 2.5 (2014), element order of `codebook.xsd`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from xml.etree import ElementTree as ET

from exports.about import LEVELS, MISSING_NOTE
from exports.codebook import find_limits, find_universe, say_text
from exports.disclosure import ALL
from exports.missing import HIGHEST, LOWEST, REASONS
from exports.pack.contents import Contents
from exports.pack.parts.data import find_path
from exports.responses import ROSTER
from exports.scorecards.notes import SAMPLE
from exports.summaries import Summary
from exports.table import Table
from exports.typed import is_numeric
from exports.variables import Variable
from forms.definition import SMS
from forms.question_types.base import STATUS_SUFFIX

PATH = "metadata/ddi-codebook.xml"
NAMESPACE = "ddi:codebook:2_5"
_SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_ddi(contents: Contents) -> None:
    """Write study and variables; their numbers stand on k people or are left out, and a summary has none of them."""
    study = contents.whole
    root = ET.Element(
        "codeBook",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
            "version": "2.5",
            _LANG: study.definition.default_language,
            "ID": f"round_{study.round_code}",
        },
    )
    _describe_study(ET.SubElement(root, "stdyDscr"), contents)
    for place, table in enumerate(contents.tables if contents.has_rows else (), start=1):
        _describe_file(ET.SubElement(root, "fileDscr", {"ID": f"F{place}"}), find_path(contents, table), table)
    _describe_data(ET.SubElement(root, "dataDscr"), contents)
    ET.indent(root, " ")
    data = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n"
    contents.archive.add(PATH, "Study and variables for archives (DDI-Codebook 2.5)", data)


def _describe_study(parent: ET.Element, contents: Contents) -> None:
    study, definition = contents.whole, contents.whole.definition
    citation = ET.SubElement(parent, "citation")
    title = ET.SubElement(citation, "titlStmt")
    _add(title, "titl", f"{study.partnership}: {say_text(study, definition.title, definition.default_language)}")
    _add(title, "subTitl", study.round_name)
    for language in definition.title.by_language:
        if language != definition.default_language:
            _add(title, "parTitl", say_text(study, definition.title, language), {_LANG: language})
    _add(title, "IDNo", f"{study.round_code}-{definition.id}-{definition.version}", {"agency": "surveyapp"})
    _add(ET.SubElement(citation, "rspStmt"), "AuthEnty", study.partnership)
    production = ET.SubElement(citation, "prodStmt")
    _add(production, "producer", study.partnership)
    day = f"{study.dated.astimezone(UTC):%Y-%m-%d}"
    _add(production, "prodDate", day, {"date": day})
    _add(production, "software", "surveyapp")
    _add(ET.SubElement(citation, "verStmt"), "version", definition.version, {"date": day})
    info = ET.SubElement(parent, "stdyInfo")
    introduction = say_text(study, definition.introduction, definition.default_language)
    _add(info, "abstract", introduction or study.round_name)
    summary = ET.SubElement(info, "sumDscr")
    _add(summary, "collDate", day, {"date": day, "event": "end"})
    _add(summary, "anlyUnit", "Individual")
    _add(summary, "universe", "Stakeholders of the partnership")
    _add(summary, "dataKind", "Survey data" if not study.sample_data else f"Survey data. {SAMPLE}")
    _describe_method(ET.SubElement(parent, "method"), contents)
    access = ET.SubElement(parent, "dataAccs")
    use = ET.SubElement(access, "useStmt")
    _add(use, "restrctn", LEVELS[contents.options.level])
    _add(use, "citReq", f"Cite as: {study.partnership}, {study.round_name}, data as of {day}.")


def _describe_method(parent: ET.Element, contents: Contents) -> None:
    study = contents.whole
    collection = ET.SubElement(parent, "dataColl")
    _add(collection, "timeMeth", "Cross-section; one round of a repeated study")
    invited = study.frame.kind == ROSTER
    _add(collection, "sampProc", "Everybody on a list was invited" if invited else "Self-selected, by open link")
    _add(collection, "collMode", "Self-administered questionnaire: web")
    if study.sms_in_use:
        _add(collection, "collMode", "Self-administered questionnaire: text message (SMS)")
    _add(collection, "resInstru", "Structured questionnaire; see the folder instrument")
    _add(collection, "weight", "None")
    _add(collection, "cleanOps", MISSING_NOTE)
    reach = contents.results.card.reach.get(ALL)
    if invited and reach is not None and reach.response_rate is not None:
        analysis = ET.SubElement(parent, "anlyInfo")
        _add(analysis, "respRate", f"{100 * reach.response_rate:.1f} % (AAPOR RR2)")


def _describe_file(parent: ET.Element, path: str, table: Table) -> None:
    text = ET.SubElement(parent, "fileTxt")
    _add(text, "fileName", path)
    dimensions = ET.SubElement(text, "dimensns")
    _add(dimensions, "caseQnty", str(sum(1 for _ in table.rows())))
    _add(dimensions, "varQnty", str(len(table.variables)))
    _add(text, "fileType", "CSV", {"charset": "UTF-8"})


def _describe_data(parent: ET.Element, contents: Contents) -> None:
    """Describe every column of every table; a summary has no tables, so of it only what was asked."""
    for place, (table, summaries) in enumerate(zip(contents.tables, contents.summaries, strict=True), start=1):
        names = set(table.header)
        for variable in table.variables:
            if variable.question is None and not contents.has_rows:
                continue
            # what keys and facts are called is the same in every table, what questions are called is not
            own = variable.name if place == 1 or variable.question is not None else f"{table.name}.{variable.name}"
            facts = {"ID": f"V_{own}", "name": variable.name, **({"files": f"F{place}"} if contents.has_rows else {})}
            ranged = is_numeric(variable) and variable.name + STATUS_SUFFIX not in names
            var = ET.SubElement(parent, "var", facts)
            _describe_variable(var, contents, variable, summaries.get(variable.name), ranged)


def _describe_variable(
    var: ET.Element, contents: Contents, variable: Variable, summary: Summary | None, ranged: bool
) -> None:
    study, question = contents.whole, variable.question
    var.set("intrvl", "contin" if variable.kind in ("number", "date", "time") else "discrete")
    var.set("nature", {"scale": "ratio"}.get(variable.measure, variable.measure))
    _add(var, "labl", variable.find_label(contents.language), {_LANG: contents.language})
    if question is not None:
        for language in study.definition.languages:
            if language in question.label.by_language:
                asked = ET.SubElement(var, "qstn", {_LANG: language})
                _add(asked, "qstnLit", variable.label.in_(language))
        if question.sms.label is not None and SMS in question.channels:
            for language in question.sms.label.by_language:
                asked = ET.SubElement(var, "qstn", {_LANG: language})
                _add(asked, "qstnLit", say_text(study, question.sms.label, language))
        _add_range(var, variable)
        if ranged and variable.kind != "status":
            _add(ET.SubElement(var, "invalrng"), "range", None, {"min": str(LOWEST), "max": str(HIGHEST)})
        universe = find_universe(variable)
        if universe:
            _add(var, "universe", f"Asked where {universe}")
    _add_statistics(var, summary)
    _add_categories(var, variable, summary, contents.language, ranged)
    _add(var, "varFormat", None, {"type": "numeric" if is_numeric(variable) else "character"})


def _add_range(var: ET.Element, variable: Variable) -> None:
    if variable.question is None or variable.kind not in ("code", "number"):
        return
    least, most = find_limits(variable.question)
    limits = {name: str(limit) for name, limit in (("min", least), ("max", most)) if limit is not None}
    if limits and variable.choice is None:
        if variable.kind == "number" and variable.question.type not in ("integer", "rank"):
            limits["UNITS"] = "REAL"
        _add(ET.SubElement(var, "valrng"), "range", None, limits)


def _add_statistics(var: ET.Element, summary: Summary | None) -> None:
    if summary is None or summary.n_valid is None:
        return
    _add(var, "sumStat", str(summary.n_valid), {"type": "vald"})
    if None not in summary.missing.values():
        _add(var, "sumStat", str(sum(n for n in summary.missing.values() if n)), {"type": "invd"})
    if summary.mean is not None:
        _add(var, "sumStat", format(summary.mean, ".6f"), {"type": "mean"})
    if summary.sd is not None:
        _add(var, "sumStat", format(summary.sd, ".6f"), {"type": "stdev"})


def _add_categories(var: ET.Element, variable: Variable, summary: Summary | None, language: str, ranged: bool) -> None:
    codes = (summary.codes if summary else None) or {}
    labels = variable.find_values(language) if variable.kind == "code" else {}
    if variable.kind == "flag":
        labels = {0: "Not chosen", 1: "Chosen"}
    for code, label in labels.items():
        category = ET.SubElement(var, "catgry")
        _add(category, "catValu", str(code))
        _add(category, "labl", label, {_LANG: language})
        if code in codes:
            _add(category, "catStat", str(codes[code]), {"type": "freq"})
    if variable.question is None or not (ranged or variable.kind in ("code", "text", "date")):
        return
    for reason in REASONS:
        category = ET.SubElement(var, "catgry", {"missing": "Y"})
        _add(category, "catValu", str(reason.code))
        _add(category, "labl", reason.label, {_LANG: "en"})
        count = summary.missing[reason.code] if summary else None
        if count is not None:
            _add(category, "catStat", str(count), {"type": "freq"})


def _add(parent: ET.Element, name: str, text: str | None, attributes: Mapping[str, str] | None = None) -> ET.Element:
    element = ET.SubElement(parent, name, dict(attributes or {}))
    if text is not None:
        element.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return element
