"""What the API is, in OpenAPI 3.1: written by hand, and held to the routes by a test."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_ROUND = {"name": "round", "in": "path", "required": True, "description": "Id, code or name.", "schema": _TEXT}
_SECTION = {"name": "section", "in": "path", "required": True, "schema": _TEXT}
_KNOWN = {"name": "If-None-Match", "in": "header", "description": "The ETag of what you have.", "schema": _TEXT}
_REFERENCES = {"401": "Unauthorized", "404": "NotFound", "429": "TooMany"}


def _choice(name: str, values: list[str], default: str, words: str) -> dict[str, Any]:
    schema = {**_TEXT, "enum": values, "default": default}
    return {"name": name, "in": "query", "description": words, "schema": schema}


_TABLE = [
    _choice("shown", ["codes", "labels", "both"], "codes", "Answers from a list as codes, labels or both."),
    _choice("answers", ["complete", "partial", "all"], "partial", "Whose answers."),
    _choice("multiple", ["columns", "joined", "both"], "columns", "Several choices as 0/1 columns or in one cell."),
    {"name": "lang", "in": "query", "description": "The language of labels.", "schema": _TEXT},
]


def build_description(public_url: str) -> dict[str, Any]:
    """Give the description of every address under `/api/v1`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "surveyapp",
            "version": version("surveyapp"),
            "description": "Read-only feeds of rounds. What they tell has passed disclosure control; a token tells its "
            "level, `research` unless it says `restricted`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{public_url}/api/v1"}],
        "security": [{"bearer": []}, {"basic": []}],
        "paths": {
            "/openapi.json": {"get": _describe("describe", "This description", _json({}), security=[], errors=())},
            "/rounds": {
                "get": _describe(
                    "list_own",
                    "The rounds that the token may read",
                    _json({"$ref": "#/components/schemas/Rounds"}),
                    errors=("401", "429"),
                )
            },
            "/rounds/{round}/responses.csv": {
                "get": _describe("give_responses", "The responses, one a line", _csv(), _ROUND, _KNOWN, *_TABLE)
            },
            "/rounds/{round}/rows/{section}.csv": {
                "get": _describe(
                    "give_rows", "The rows of a repeated section", _csv(), _ROUND, _SECTION, _KNOWN, *_TABLE
                )
            },
            "/rounds/{round}/scorecard.csv": {
                "get": _describe("give_scorecard", "The scorecard as it may be told", _csv(), _ROUND, _KNOWN)
            },
        },
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "Any user name; the token as password."},
            },
            "responses": {
                "Unauthorized": _error("No token, or none that counts."),
                "NotFound": _error("No such round of the token's partnership."),
                "TooMany": _error("Too many unknown tokens from this address."),
                "Invalid": _error("A wish that no table can meet."),
            },
            "schemas": {"Error": _ERROR, "Rounds": _ROUNDS},
        },
    }


def _describe(
    name: str,
    words: str,
    content: dict[str, Any],
    *parameters: dict[str, Any],
    errors: tuple[str, ...] = ("401", "404", "429"),
    **more: Any,
) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": words, **content}}
    if _KNOWN in parameters:
        answers["304"] = {"description": "You have it already."}
    answers |= {code: {"$ref": f"#/components/responses/{_REFERENCES[code]}"} for code in errors}
    if parameters[-1:] == (_TABLE[-1],):
        answers["422"] = {"$ref": "#/components/responses/Invalid"}
    kept = {"parameters": list(parameters)} if parameters else {}
    return {"operationId": name, "summary": words, **kept, "responses": answers, **more}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _csv() -> dict[str, Any]:
    etag = {"description": "Names the state of the data.", "schema": _TEXT}
    return {"headers": {"ETag": etag}, "content": {"text/csv": {"schema": _TEXT}}}


def _error(words: str) -> dict[str, Any]:
    return {"description": words, **_json({"$ref": "#/components/schemas/Error"})}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_ERROR = _object(error=_TEXT, faults={"type": "array", "items": _TEXT})
_LINK = {"type": "string", "format": "uri"}
_ROUNDS = _object(
    rounds={
        "type": "array",
        "items": _object(
            id={"type": "integer"},
            code=_TEXT,
            name=_TEXT,
            status={**_TEXT, "enum": ["scheduled", "open", "closed"]},
            definition=_TEXT,
            definition_version=_TEXT,
            sample_data={"type": "boolean"},
            responses=_LINK,
            rows={"type": "object", "additionalProperties": _LINK},
            scorecard=_LINK,
        ),
    }
)
