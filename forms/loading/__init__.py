"""JSON -> Definition: every fault at once, each with its JSON path, a sentence and what to do."""

from __future__ import annotations

import re
from pathlib import Path

from forms.definition import Definition
from forms.errors import DefinitionError, Fault
from forms.loading.files import read_file
from forms.loading.json_text import MAX_BYTES, decode, read_json
from forms.loading.questionnaire import Build
from forms.loading.schemas import DefinitionShape

_PLACE = re.compile(r"\$\.(\w+)(?:\[(\d+)\])?(?:\.questions\[(\d+)\])?")
_TOP_KEYS = {key: place for place, key in enumerate(DefinitionShape().fields)}

__all__ = ["load_definition", "load_file"]


def load_definition(data: bytes | str, file: str = "") -> Definition:
    """Read a definition; `file` is the name by which faults call it.

    Raises `DefinitionError` with everything that is wrong. `Definition.source` is the text exactly as it was given.
    """
    text = decode(data, file)
    build = Build(read_json(text, file))
    definition = build.definition(text)
    if build.reader.faults:
        raise DefinitionError(sorted(build.reader.faults, key=_find_place), file)
    return definition


def _find_place(fault: Fault) -> tuple[int, int, int]:
    """Give where a fault stands in the file, as people read it: by top key, section and question."""
    match = _PLACE.match(fault.path)
    if match is None:
        return (-1, -1, -1)
    top = _TOP_KEYS.get(match[1], -1)
    return (top, int(match[2] or -1), int(match[3] or -1))


def load_file(path: Path | str) -> Definition:
    """Read a definition from a file; a file that cannot be read is a `DefinitionError` too."""
    path = Path(path)
    try:
        data = read_file(path, MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DefinitionError([Fault("$", f"The file cannot be read: {reason}.")], str(path)) from None
    return load_definition(data, str(path))
