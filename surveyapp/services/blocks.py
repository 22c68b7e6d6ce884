"""A round's responses by column, in blocks that are kept: only what changed since is read from the rows again.

A block is a stretch of interview ids. Its file is named by all that it was made of, the stamps of its interviews
included, and never changes: any number of processes may share the folder. What has no name any more is deleted at the
next look, so that nothing stays of an interview that is gone. All of it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.services.copies import read_part, write_part
from surveyapp.services.reading import Part, read_parts
from surveyapp.services.remembering import forget, write_aside
from surveyapp.services.rounds import list_rounds
from surveyapp.services.standings import CLOSED, INTERVIEWS, RoundFacts, find_round_facts
from surveyapp.services.states import Stamps, list_facts, sum_stamps

SPAN = 8_192
"""A block has at least so many interviews and fewer than twice as many: shorter stretches of ids are taken together,
and what is left at the end is not worth a file."""
SUFFIX = ".block"
LATELY = timedelta(days=1)
"""Rounds that ended longer ago are copied when somebody reads them."""


@dataclass(frozen=True, slots=True)
class Block:
    """The interviews of a round with ids from `first` to before `end`."""

    first: int
    end: int
    stamps: Stamps

    @property
    def is_kept(self) -> bool:
        """Whether it is long enough to be kept."""
        return self.stamps.count >= SPAN


def list_blocks(session: Session, round_id: int) -> Iterator[Block]:
    """Give the blocks of a round, by their ids."""
    before: Block | None = None
    ids = INTERVIEWS.c.id
    of_round = select(func.min(ids)).where(INTERVIEWS.c.round_id == round_id)
    end = 0
    while (first := session.execute(of_round.where(ids >= end)).scalar_one()) is not None:
        end = (first // SPAN + 1) * SPAN
        stamps = sum_stamps(session, round_id, (first, end))
        if before is not None and before.is_kept:
            yield before
        elif before is not None:
            first, stamps = before.first, before.stamps + stamps
        before = Block(first, end, stamps)
    if before is not None:
        yield before


def list_named(
    session: Session, facts: RoundFacts, folder: Path, *, closed: bool
) -> Iterator[tuple[Block, Path, Callable[[], Iterator[Part]]]]:
    """Give the blocks of a round without repeated sections with their files, and what reads each."""
    for block, path in _name_blocks(session, facts, folder, closed=closed):
        yield block, path, partial(_read, session, facts, block, path, closed=closed)


def read_blocks(session: Session, facts: RoundFacts, folder: Path, *, closed: bool) -> Iterator[Part]:
    """Stream every begun interview of a round without repeated sections, in no order that means anything.

    A folder that cannot be used keeps nothing and holds up nobody.
    """
    for _, _, read in list_named(session, facts, folder, closed=closed):
        yield from read()


def count_copied(session: Session, facts: RoundFacts, folder: Path, *, closed: bool) -> int:
    """Give how many interviews a round has, if most of them are copied; else none."""
    named = list(_name_blocks(session, facts, folder, closed=closed))
    count = sum(block.stamps.count for block, _ in named)
    copied = sum(block.stamps.count for block, path in named if block.is_kept and path.exists())
    return count if 2 * copied > count else 0


def refresh_copies(session: Session, folder: Path, now: datetime) -> int:
    """Bring the copies of all rounds up to date; give how many files were made.

    Of rounds that ended a while ago nothing is made, but what is no longer true goes.
    """
    made = 0
    kept = {path.name.split(".")[0] for path in folder.glob(f"*{SUFFIX}")}
    for round_ in list_rounds(session):
        facts = find_round_facts(session, round_.code)
        closed = facts.find_status(now) == CLOSED
        ended = [at for at in (round_.closed_at, round_.closes_at) if at is not None]
        if facts.definition.repeats:
            continue
        if not closed or not ended or min(ended) > now - LATELY:
            made += refresh_blocks(session, facts, folder, closed=closed)
        elif facts.code in kept:
            list(_name_blocks(session, facts, folder, closed=closed))
    return made


def refresh_blocks(session: Session, facts: RoundFacts, folder: Path, *, closed: bool) -> int:
    """Make the files of blocks that have none, so that who reads next need not; give how many that were."""
    made = 0
    for block, path in _name_blocks(session, facts, folder, closed=closed):
        if block.is_kept and not path.exists():
            _make(session, facts, block, path, closed=closed)
            made += 1
    return made


def _name_blocks(session: Session, facts: RoundFacts, folder: Path, *, closed: bool) -> Iterator[tuple[Block, Path]]:
    """Give each block with its file; after the last, delete every other file of the round."""
    base = json.dumps(list_facts(facts, closed=closed))
    named = set()
    for block in list_blocks(session, facts.id):
        name = hashlib.sha256(f"{base} {json.dumps(astuple(block))}".encode()).hexdigest()[:32]
        path = folder / f"{facts.code}.{name}{SUFFIX}"
        named.add(path)
        yield block, path
    with suppress(OSError):
        for path in set(folder.glob(f"{facts.code}.*{SUFFIX}")) - named:
            path.unlink(missing_ok=True)
    forget(folder, facts.code, {path.name for path in named})


def _read(session: Session, facts: RoundFacts, block: Block, path: Path, *, closed: bool) -> Iterator[Part]:
    part = _open(path) if block.is_kept else None
    yield from [part] if part is not None else _make(session, facts, block, path, closed=closed)


def _make(session: Session, facts: RoundFacts, block: Block, path: Path, *, closed: bool) -> list[Part]:
    """Read a block from the rows, and keep it if it is long enough."""
    within = (block.first, block.end)
    parts = list(read_parts(session, facts, closed=closed, within=within))
    # where a session does not see one state to its end, what was read may be newer than its name
    if block.is_kept and sum_stamps(session, facts.id, within) == block.stamps:
        _keep(path, parts)
    return parts


def _open(path: Path) -> Part | None:
    try:
        with path.open("rb") as stream:
            os.utime(stream.fileno())
            return read_part(stream)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def _keep(path: Path, parts: list[Part]) -> None:
    (part,) = parts
    with suppress(OSError), write_aside(path) as stream:
        write_part(part, stream)
