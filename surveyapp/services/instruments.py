"""The instruments on offer for a new round: the definitions that lie in the definitions folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from forms.definition import Definition
from forms.errors import DefinitionError
from surveyapp.errors import NotFoundError
from surveyapp.services.definitions import read_definition


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the folder holds: definitions by the name of their file, and the faults of files that cannot be used."""

    usable: Mapping[str, Definition]
    broken: Mapping[str, tuple[str, ...]]


def list_instruments(folder: Path) -> Shelf:
    """Read every definition of the folder, by file name; a schema is no definition."""
    usable: dict[str, Definition] = {}
    broken: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(".schema.json"):
            continue
        try:
            usable[path.stem] = read_definition(path.read_text(encoding="utf-8"))
        except DefinitionError as error:
            broken[path.name] = tuple(fault.sentence() for fault in error.faults)
        except (OSError, UnicodeDecodeError):
            broken[path.name] = ("The file cannot be read as UTF-8 text.",)
    return Shelf(usable, broken)


def find_instrument(folder: Path, name: str) -> Definition:
    """Give the definition of this file name, without its ending; raises `NotFoundError`."""
    definition = list_instruments(folder).usable.get(name)
    if definition is None:
        raise NotFoundError("There is no such instrument.")
    return definition
