"""Columns as Table Schema describes them, with labels and missing codes, and the package around the tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from exports import options as wishes
from exports.about import LEVELS
from exports.missing import REASONS
from exports.pack.contents import Contents, Resource
from exports.table import Table
from exports.variables import Variable
from forms.question_types.base import STATUS_SUFFIX

_PROFILES = "https://datapackage.org/profiles/2.0/"
_TYPES = {"flag": "integer", "status": "integer", "number": "number", "time": "datetime", "date": "date"}


def describe_table(table: Table, language: str) -> list[dict[str, Any]]:
    """Give the fields of a table in codes."""
    names = {variable.name for variable in table.variables}
    return [_describe(variable, language, variable.name + STATUS_SUFFIX in names) for variable in table.variables]


def write_descriptor(contents: Contents) -> str:
    """Give `datapackage.json` (Data Package 2.0)."""
    study, definition = contents.whole, contents.whole.definition
    content = {
        "$schema": _PROFILES + "datapackage.json",
        "name": f"{study.round_code}-{definition.id}-{contents.options.level}".lower(),
        "title": f"{study.round_name}: {definition.title.in_(contents.language)}",
        "description": LEVELS[contents.options.level],
        "version": f"{definition.version}+{study.dated.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "created": study.dated.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "licenses": [_describe_licence(contents)],
        "contributors": [{"title": study.partnership, "roles": ["creator", "rightsHolder"]}],
        "sources": [{"title": f"Answers of stakeholders to {definition.id} {definition.version}"}],
        "resources": [_describe_resource(resource, contents.resources) for resource in contents.resources],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _describe(variable: Variable, language: str, reason_beside: bool) -> dict[str, Any]:
    numeric = variable.kind == "code" and variable.integral
    field: dict[str, Any] = {
        "name": variable.name,
        "type": "integer" if numeric else _TYPES.get(variable.kind, "string"),
        "title": variable.find_label(language),
    }
    labels = variable.find_values(language)
    if variable.kind == "code" and labels:
        field["categories"] = [{"value": code, "label": label} for code, label in labels.items()]
        if variable.question is not None:
            field["constraints"] = {"enum": list(labels)}
    if variable.kind == "flag":
        field["constraints"] = {"enum": [0, 1]}
    if variable.name == "response_id":
        field["constraints"] = {"required": True}
    if variable.question is not None and variable.kind != "status" and not reason_beside:
        field["missingValues"] = ["", *(str(reason.code) for reason in REASONS)]
    return field


def _describe_licence(contents: Contents) -> dict[str, str]:
    if contents.options.level == wishes.SUMMARY:
        return {"title": "To be chosen by the partnership before it publishes this", "path": "README.txt"}
    return {"title": "Not to be passed on; see README.txt", "path": "README.txt"}


def _describe_resource(resource: Resource, others: Sequence[Resource]) -> dict[str, Any]:
    schema: dict[str, Any] = {"$schema": _PROFILES + "tableschema.json", "fields": list(resource.fields)}
    if resource.primary_key:
        schema["primaryKey"] = list(resource.primary_key)
    names = {other.path: other.name for other in others}
    keys = [
        {"fields": [field], "reference": {"resource": names[path], "fields": [target]}}
        for field, (path, target) in resource.foreign_keys.items()
        if path in names
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": resource.name,
        "type": "table",
        "$schema": _PROFILES + "dataresource.json",
        "title": resource.title,
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
