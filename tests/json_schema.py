"""JSON Schema, as much of it as our schema uses: what a document breaks, and documents of a schema's shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    ),
}
ANNOTATIONS = frozenset({"$schema", "$defs", "title", "description", "default", "enumDescriptions", "format"})
KEYWORDS = ANNOTATIONS | {
    *("$ref", "type", "enum", "const", "pattern", "minLength", "minimum", "maximum", "exclusiveMinimum"),
    *("exclusiveMaximum", "anyOf", "allOf", "if", "then", "properties", "required", "additionalProperties"),
    *("propertyNames", "minProperties", "maxProperties", "items", "prefixItems", "minItems", "maxItems"),
    "uniqueItems",
}


def find_faults(schema: Any, value: Any, root: dict[str, Any], path: str = "$") -> Iterator[str]:
    """Give the place of everything in a value that the schema refuses."""
    if schema is True:
        return
    if schema is False:
        yield path
        return
    assert set(schema) <= KEYWORDS, f"a keyword that nobody here knows: {set(schema) - KEYWORDS}"
    if "$ref" in schema:
        yield from find_faults(look_up(schema["$ref"], root), value, root, path)
    if not _is_plain_fit(schema, value):
        yield path
        return
    for part in schema.get("allOf", ()):
        yield from find_faults(part, value, root, path)
    if "anyOf" in schema and all(any(find_faults(part, value, root)) for part in schema["anyOf"]):
        yield path
    if "if" in schema and not any(find_faults(schema["if"], value, root)):
        yield from find_faults(schema["then"], value, root, path)
    if isinstance(value, dict):
        yield from _look_into_object(schema, value, root, path)
    elif isinstance(value, list):
        first = schema.get("prefixItems", ())
        for place, inner in enumerate(value):
            part = first[place] if place < len(first) else schema.get("items", True)
            yield from find_faults(part, inner, root, f"{path}[{place}]")


def _look_into_object(schema: dict[str, Any], value: dict[str, Any], root: dict[str, Any], path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for key, inner in value.items():
        part = known.get(key, schema.get("additionalProperties", True))
        yield from find_faults(part, inner, root, f"{path}.{key}")
        yield from find_faults(schema.get("propertyNames", True), key, root, f"{path}.{key}")
    yield from (f"{path}.{key}" for key in schema.get("required", ()) if key not in value)


def _is_plain_fit(schema: dict[str, Any], value: Any) -> bool:
    types = schema.get("type", [])
    if types and not any(TYPES[name](value) for name in ([types] if isinstance(types, str) else types)):
        return False
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        return False
    if "const" in schema and not _same(value, schema["const"]):
        return False
    if TYPES["number"](value):
        return (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
            and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
        )
    if isinstance(value, str):
        return len(value) >= schema.get("minLength", 0) and bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, list):
        unique = not schema.get("uniqueItems") or len({repr(one) for one in value}) == len(value)
        return unique and schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
    if isinstance(value, dict):
        return schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value))
    return True


def _same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def look_up(reference: str, root: dict[str, Any]) -> Any:
    """Give what `#/$defs/name` stands for."""
    found: Any = root
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def build_document(chance: Random, schema: Any, root: dict[str, Any]) -> Any:
    """Build a value of a schema's shape by chance; lists and open objects stay short."""
    if schema is True:
        return chance.choice([None, False, 7, "x"])
    if "$ref" in schema:
        return build_document(chance, {**look_up(schema["$ref"], root), **_without(schema, "$ref")}, root)
    if "anyOf" in schema:
        return build_document(chance, {**_without(schema, "anyOf"), **chance.choice(schema["anyOf"])}, root)
    if "allOf" in schema:
        return build_document(chance, _choose_case(chance, schema, root), root)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "object" if "properties" in schema else None)
    if kind is None:
        return build_document(chance, True, root)
    kind = kind if isinstance(kind, str) else chance.choice(kind)
    return _BUILD[kind](chance, {**schema, "type": kind}, root)


def _without(schema: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != key}


def _choose_case(chance: Random, schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Take one `if`/`then` and merge it: what the case leaves open is as the whole has it."""
    case = chance.choice(schema["allOf"])
    then = look_up(case["then"]["$ref"], root)
    whole = schema["properties"]
    merged = {key: whole[key] if part is True else part for key, part in then["properties"].items()}
    merged |= case["if"]["properties"]
    needed = [*schema.get("required", ()), *then.get("required", ())]
    return {"type": "object", "properties": merged, "required": needed, "additionalProperties": False}


def _build_object(chance: Random, schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    built = {}
    for key, part in schema.get("properties", {}).items():
        if key in schema.get("required", ()) or chance.random() < 0.3:
            built[key] = build_document(chance, part, root)
    if schema.get("additionalProperties") is not False:
        pattern = schema.get("propertyNames", {}).get("pattern", "")
        for name in chance.sample(_fitting(pattern), max(schema.get("minProperties", 0), chance.randrange(3))):
            built[name] = build_document(chance, schema["additionalProperties"], root)
    return built


def _build_array(chance: Random, schema: dict[str, Any], root: dict[str, Any]) -> list[Any]:
    first = [build_document(chance, part, root) for part in schema.get("prefixItems", ())]
    if "items" not in schema:
        return first
    count = schema.get("minItems", 0) + chance.randrange(3)
    built = [build_document(chance, schema["items"], root) for _ in range(count)]
    return list(dict.fromkeys(built)) if schema.get("uniqueItems") else built


def _build_string(chance: Random, schema: dict[str, Any], root: dict[str, Any]) -> str:
    if schema.get("format") == "date":
        return chance.choice(["2026-01-31", "1999-12-31"])
    return chance.choice(_fitting(schema.get("pattern", "")))


def _fitting(pattern: str) -> list[str]:
    words = ("a", "b1", "en", "fr", "pt-BR", "ROLE", "1", "12", "1.0.0", "2.1", "Où ?", "${a} = 1", "4" * 30)
    return [word for word in words if re.search(pattern, word)]


def _build_number(chance: Random, schema: dict[str, Any], root: dict[str, Any]) -> Any:
    low = schema.get("minimum", schema.get("exclusiveMinimum", schema.get("maximum", 0) - 10))
    high = schema.get("maximum", schema.get("exclusiveMaximum", low + 20))
    while True:
        whole = schema["type"] == "integer" or chance.random() < 0.5
        number = chance.randint(int(low), int(high)) if whole else chance.uniform(low, high)
        if _is_plain_fit(schema, number):
            return number


_BUILD = {
    "object": _build_object,
    "array": _build_array,
    "string": _build_string,
    "integer": _build_number,
    "number": _build_number,
    "boolean": lambda chance, schema, root: chance.random() < 0.5,
}
