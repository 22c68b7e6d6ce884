"""Compile every catalogue: `python -m forms.locale`. The same `.po` always makes the same bytes."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from forms.wording import DOMAIN, LOCALE

_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def find_catalogues() -> tuple[Path, ...]:
    """Give the path of every `.po`, by language."""
    return tuple(sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


def read_catalogue(path: Path) -> Catalog:
    """Read one `.po`; its dates are fixed, because Babel would put in the time of day."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name, domain=DOMAIN)
    catalogue.creation_date = catalogue.revision_date = _ANY_DAY
    return catalogue


def compile_catalogue(catalogue: Catalog) -> bytes:
    """Give the `.mo` of a catalogue."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def check_catalogue(path: Path) -> Iterator[str]:
    """Give what is wrong with a `.po`: sentences that stand twice, are not translated, or lose a placeholder."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for sentence, count in Counter(_list_msgids(lines)).items():
        if count > 1:
            yield f"{path.parent.parent.name}: stands {count} times: {sentence}"
    catalogue = read_catalogue(path)
    for message in catalogue:
        if not message.id:
            continue
        if message.fuzzy or not all(_list_strings(message)):
            yield f"{path.parent.parent.name}: not translated: {message.id}"
        for fault in message.check(catalogue):
            yield f"{path.parent.parent.name}: {fault}: {message.id}"


def _list_strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def _list_msgids(lines: list[str]) -> Iterator[str]:
    """Give each msgid as it is written, continuation lines joined."""
    collecting: list[str] | None = None
    for line in [*lines, ""]:
        if collecting is not None and line.startswith('"'):
            collecting.append(line[1:-1])
            continue
        if collecting is not None:
            yield "".join(collecting)
            collecting = None
        if line.startswith("msgid "):
            collecting = [line[len('msgid "') : -1]]


def main() -> int:
    """Compile every catalogue that has no fault; print the faults of the others."""
    faults = 0
    for path in find_catalogues():
        for fault in check_catalogue(path):
            faults += 1
            sys.stderr.write(f"{fault}\n")
        path.with_suffix(".mo").write_bytes(compile_catalogue(read_catalogue(path)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
