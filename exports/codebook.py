"""The codebook: what every column means, from the definition alone, and the value labels in every language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from exports.missing import HIGHEST, LOWEST, REASONS
from exports.responses import Study
from exports.summaries import Summary
from exports.table import Table
from exports.variables import Variable, fill_text
from forms.checks.reports.comparability import build_keys
from forms.definition import Definition, Question, Text
from forms.question_types import find_type
from forms.question_types.base import STATUS_SUFFIX, Cell

WITHHELD = "withheld"
"""Stands where a number would tell of fewer than k people; an empty cell says that there is no such number."""
LABEL_COLUMNS = ("list_name", "code", "label", "lang", "order", "exclusive", "missing_class")
_MISSING_LIST, _DOMAIN_LIST = "missing", "domain"


def list_codebook_columns(definition: Definition) -> tuple[str, ...]:
    """Give the columns of the codebook: question and text message in every language, then what can be computed."""
    return (
        "table",
        "variable",
        "item_id",
        "version",
        "label",
        *(f"question_{_slug(code)}" for code in definition.languages),
        *(f"sms_{_slug(code)}" for code in definition.languages),
        *("type", "kind", "measure", "section", "universe", "channels", "scale", "choice_code", "min", "max"),
        *("missing_codes", "reverse", "score_rule", "core", "domain", "weight", "comparability_key", "n_valid"),
        *(f"n_{reason.name}" for reason in REASONS),
        *("mean", "sd"),
    )


def build_codebook(study: Study, tables: Sequence[tuple[Table, Mapping[str, Summary]]]) -> Iterator[dict[str, Cell]]:
    """Give one row for each column of each table, by the names of `list_codebook_columns`."""
    definition = study.definition
    keys, lists = build_keys(definition), find_list_names(definition)
    for table, summaries in tables:
        for variable in table.variables:
            row: dict[str, Cell] = {"table": table.name, "variable": variable.name, "version": definition.version}
            row |= _describe(study, variable, lists)
            if variable.question is not None:
                row |= _describe_question(study, variable, variable.question)
                row["comparability_key"] = keys.get(variable.question.id, "")
            row |= _describe_numbers(summaries.get(variable.name))
            yield row


def build_labels(definition: Definition, tables: Sequence[Table]) -> Iterator[list[Cell]]:
    """Give every code of every list in every language, once; then the domains, and the missing codes in English."""
    lists, seen = find_list_names(definition), set()
    for table in tables:
        for variable in table.variables:
            name = find_list_name(variable, lists)
            if not variable.values or name in seen:
                continue
            seen.add(name)
            exclusive = (
                {choice.value for choice in variable.question.choices if choice.exclusive} if variable.question else ()
            )
            for order, (code, label) in enumerate(variable.values.items(), start=1):
                spoken = definition.languages if len(label.by_language) > 1 or variable.question else ("en",)
                for language in spoken:
                    yield [name, code, label.in_(language), language, order, int(code in exclusive), ""]
    plan = definition.scorecard
    for order, domain in enumerate(plan.domains if plan else (), start=1):
        for language in definition.languages:
            yield [_DOMAIN_LIST, domain.id, domain.label.in_(language), language, order, 0, ""]
    for order, reason in enumerate(REASONS, start=1):
        yield [_MISSING_LIST, reason.code, reason.label, "en", order, 0, reason.name]


def find_list_names(definition: Definition) -> dict[str, str]:
    """Give for each question the name of its choice list in the file; its own id where the list is its own."""
    raw = json.loads(definition.source) if definition.source else {"sections": []}
    written = {
        question["id"]: question.get("choices") for section in raw["sections"] for question in section["questions"]
    }
    return {id_: name for id_, name in written.items() if isinstance(name, str)}


def find_list_name(variable: Variable, lists: Mapping[str, str]) -> str:
    """Give the name of a column's list of codes; empty where it has none."""
    question = variable.question
    if question is None:
        return variable.name if variable.values else ""
    if not find_type(question.type).choices(question):
        return ""
    return lists.get(question.id, question.id if question.choices else question.type)


def say_text(study: Study, text: Text | None, language: str) -> str:
    """Give a text as it was asked: the round's parameters filled in, answers of others left as `${id}`."""
    return "" if text is None else fill_text(text, study.parameters).in_(language)


def find_universe(variable: Variable) -> str:
    """Give who is asked: the conditions of section and question; empty where everybody is."""
    conditions = [variable.section and variable.section.show_if, variable.question and variable.question.show_if]
    texts = [condition.text for condition in conditions if condition]
    return texts[0] if len(texts) == 1 else " and ".join(f"({text})" for text in texts)


def find_limits(question: Question) -> tuple[Cell, Cell]:
    """Give the least and the greatest value: the ends of the scale, or the limits of a number or date."""
    codes = [choice.value for choice in find_type(question.type).choices(question)]
    if codes:
        whole = [code for code in codes if isinstance(code, int)]
        return (min(whole), max(whole)) if len(whole) == len(codes) else (None, None)
    least, most = question.settings.get("min"), question.settings.get("max")
    return None if least is None else str(least), None if most is None else str(most)


def _describe(study: Study, variable: Variable, lists: Mapping[str, str]) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "label": variable.find_label(study.definition.default_language),
        "kind": variable.kind,
        "measure": variable.measure,
        "universe": find_universe(variable),
        "scale": find_list_name(variable, lists),
        "choice_code": variable.choice.value if variable.choice else None,
        "missing_codes": _describe_missing(variable),
    }
    for language in study.definition.languages:
        row[f"question_{_slug(language)}"] = variable.label.in_(language)
    return row


def _describe_question(study: Study, variable: Variable, question: Question) -> dict[str, Cell]:
    rule, (least, most) = question.score, _find_column_limits(variable, question)
    row: dict[str, Cell] = {
        "item_id": question.id,
        "type": question.type,
        "section": variable.section.id if variable.section else "",
        "channels": " ".join(question.channels),
        "min": least,
        "max": most,
    }
    for language in question.sms.label.by_language if question.sms.label else ():
        row[f"sms_{_slug(language)}"] = say_text(study, question.sms.label, language)
    if rule is not None:
        row |= {
            "reverse": int(rule.reverse),
            "core": int(rule.core),
            "domain": rule.domain,
            "weight": format(rule.weight, "g"),
            "score_rule": _describe_rule(question),
        }
    return row


def _find_column_limits(variable: Variable, question: Question) -> tuple[Cell, Cell]:
    if variable.kind == "flag":
        return 0, 1
    if variable.choice is not None:
        return 0, len(question.choices)
    return find_limits(question) if variable.kind in ("code", "number", "date") else (None, None)


def _describe_rule(question: Question) -> str:
    rule, (least, most) = question.score, find_limits(question)
    assert rule is not None
    if rule.map is not None:
        said = " ".join(f"{code}={points:g}" for code, points in rule.map.items())
    else:
        said = f"100*({most}-x)/({most}-{least})" if rule.reverse else f"100*(x-{least})/({most}-{least})"
    return said if rule.gate is None else f"{said}; gate {rule.gate}"


def _describe_missing(variable: Variable) -> str:
    """Say where the reason stands when there is no answer."""
    if variable.question is None:
        return ""
    beside = {column.name for column in find_type(variable.question.type).columns(variable.question)}
    if variable.kind == "number" and variable.name + STATUS_SUFFIX in beside:
        return f"empty; see {variable.name}{STATUS_SUFFIX}"
    return f"{LOWEST}..{HIGHEST}"


def _describe_numbers(summary: Summary | None) -> dict[str, Cell]:
    if summary is None:
        return {}
    row: dict[str, Cell] = {"n_valid": WITHHELD if summary.n_valid is None else summary.n_valid}
    for reason in REASONS:
        count = summary.missing[reason.code]
        row[f"n_{reason.name}"] = WITHHELD if count is None else count
    if summary.n_valid is None:
        return row | {"mean": WITHHELD, "sd": WITHHELD}
    return row | {"mean": _write(summary.mean), "sd": _write(summary.sd)}


def _write(number: float | None) -> str | None:
    return None if number is None else format(number, ".6f")


def _slug(language: str) -> str:
    return language.lower().replace("-", "_")
