"""Copies of answers by column: what the rows say, read again only where something changed, gone with the answers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import NOON, publish
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from exports import ordering
from exports.columns import Batch, Column
from exports.formats import FORMATS
from exports.options import RESEARCH, RESTRICTED, Options
from exports.responses import SELF_SELECTED
from forms.values import Missing
from surveyapp.database import Database
from surveyapp.models import Interview
from surveyapp.services import blocks
from surveyapp.services.blocks import list_blocks, read_blocks, refresh_blocks, refresh_copies
from surveyapp.services.copies import read_part, write_part
from surveyapp.services.exporting import build_study
from surveyapp.services.reading import Part, read_parts
from surveyapp.services.rounds import close_round, find_round
from surveyapp.services.standings import find_round_facts
from surveyapp.services.states import Stamps
from tests.bench.evaluating import ROUND, add_responses, build_definition

SPAN = 8
PEOPLE = 30
KEPT = 2
"""Blocks of them that are long enough: ids 1 to 15 and 16 to 23."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def code(database: Database, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a round of thirty, in blocks of eight."""
    monkeypatch.setattr(blocks, "SPAN", SPAN)
    wishes: dict[str, Any] = {"name": ROUND, "parameters": {}, "contacts": None, "open_link": True}
    code = publish(database, definition=json.dumps(build_definition()), **wishes).code
    add_responses(database, 0, PEOPLE)
    return code


def read(database: Database, code: str, folder: Path | None, *, closed: bool = False) -> list[Part]:
    with database.snapshot() as session:
        facts = find_round_facts(session, code)
        if folder is None:
            return list(read_parts(session, facts, closed=closed))
        return list(read_blocks(session, facts, folder, closed=closed))


def tell(parts: list[Part]) -> list[tuple[Any, ...]]:
    """Give everything that parts say of each response, by its name."""

    def look(thing: Any) -> Iterator[Any]:
        for one in fields(thing):
            value = getattr(thing, one.name)
            if isinstance(value, Batch):
                yield from look(value)
            elif isinstance(value, dict):
                yield from value.values()
            else:
                yield value.tolist() if isinstance(value, np.ndarray) else value

    return sorted((row for part in parts for row in zip(*look(part), strict=True)), key=lambda row: str(row[0]))


def list_files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def change(database: Database, place: int, **values: Any) -> str:
    """Change the interview at this place of all, by its id, and give its name."""
    with database.writing() as session:
        id_, name = session.execute(select(Interview.id, Interview.response_id).order_by(Interview.id)).all()[place]
        statement = update(Interview).where(Interview.id == id_).values(**values) if values else None
        session.execute(statement if statement is not None else delete(Interview).where(Interview.id == id_))
    return str(name)


def test_copies_say_what_the_rows_say(database: Database, code: str, folder: Path) -> None:
    rows = tell(read(database, code, None))
    assert len(rows) == PEOPLE
    assert tell(read(database, code, folder)) == rows
    files = list_files(folder)
    assert len(files) == KEPT
    assert tell(read(database, code, folder)) == rows
    assert list_files(folder) == files


def test_only_the_block_that_changed_is_read_again(
    database: Database, code: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(database, code, folder)
    before, asked = list_files(folder), []

    def note(*args: Any, within: tuple[int, int], **facts: Any) -> Iterator[Part]:
        asked.append(within)
        return read_parts(*args, within=within, **facts)

    change(database, 9, state="stopped")
    monkeypatch.setattr(blocks, "read_parts", note)
    told = tell(read(database, code, folder))
    assert len(asked) == 2  # and the end, which is too short to be kept
    assert len(before & list_files(folder)) == len(before) - 1
    monkeypatch.undo()
    assert told == tell(read(database, code, None))


def test_new_answers_make_new_blocks_and_leave_the_others(database: Database, code: str, folder: Path) -> None:
    read(database, code, folder)
    before = list_files(folder)
    add_responses(database, PEOPLE, 20)
    assert tell(read(database, code, folder)) == tell(read(database, code, None))
    assert before < list_files(folder)


def test_nothing_stays_of_an_interview_that_is_gone(database: Database, code: str, folder: Path) -> None:
    read(database, code, folder)
    name = change(database, 3)
    assert any(name.encode() in path.read_bytes() for path in folder.iterdir())
    with database.snapshot() as session:
        refresh_copies(session, folder, NOON)
    assert list_files(folder)
    assert not any(name.encode() in path.read_bytes() for path in folder.iterdir())
    assert tell(read(database, code, folder)) == tell(read(database, code, None))


def test_nothing_stays_of_it_however_long_ago_its_round_ended(database: Database, code: str, folder: Path) -> None:
    with database.writing() as session:
        close_round(session, find_round(session, code), actor="ana@example.org", now=NOON)
    read(database, code, folder, closed=True)
    change(database, 3)
    with database.snapshot() as session:
        assert refresh_copies(session, folder, NOON + timedelta(days=9)) == 0
    assert len(list_files(folder)) == KEPT - 1


def test_the_close_makes_them_anew(database: Database, code: str, folder: Path) -> None:
    change(database, 2, state="started", finished_at=None)
    (pending,) = {part.batch.dispositions.values[0] for part in read(database, code, folder)[:1]} or {None}
    assert pending
    open_ones = list_files(folder)
    told = tell(read(database, code, folder, closed=True))
    assert told == tell(read(database, code, None, closed=True))
    assert not open_ones & list_files(folder)


def test_a_worker_makes_them_before_anybody_asks(database: Database, code: str, folder: Path) -> None:
    with database.snapshot() as session:
        assert refresh_copies(session, folder, NOON) == KEPT
        assert refresh_copies(session, folder, NOON) == 0
    with database.writing() as session:
        close_round(session, find_round(session, code), actor="ana@example.org", now=NOON)
    with database.snapshot() as session:
        assert refresh_copies(session, folder, NOON + timedelta(days=2)) == 0
        assert refresh_copies(session, folder, NOON) == KEPT


def test_blocks_hold_everybody_once_whatever_the_ids(database: Database, code: str) -> None:
    for place in (1, 1, 1, 12, 12, 20):
        change(database, place)
    with database.snapshot() as session:
        facts = find_round_facts(session, code)
        found = list(list_blocks(session, facts.id))
    assert sum(block.stamps.count for block in found) == PEOPLE - 6
    assert all(SPAN <= block.stamps.count < 2 * SPAN for block in found[:-1])
    assert all(one.end <= other.first for one, other in pairwise(found))


def test_what_was_broken_or_cannot_be_kept_is_read_from_the_rows(
    database: Database, code: str, folder: Path, tmp_path: Path
) -> None:
    rows = tell(read(database, code, None))
    read(database, code, folder)
    for broken in (b"", b"PK\x03\x04 half", b"words", next(folder.iterdir()).read_bytes()[:-30]):
        for path in folder.iterdir():
            path.write_bytes(broken)
        assert tell(read(database, code, folder)) == rows
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert tell(read(database, code, tmp_path / "file" / "kept")) == rows


def test_they_are_for_their_owner_only(database: Database, code: str, folder: Path) -> None:
    read(database, code, folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("level", [RESEARCH, RESTRICTED])
def test_files_are_the_same_to_the_byte_with_copies_and_without(
    database: Database, code: str, folder: Path, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "RANGE", 11)
    with database.snapshot() as session:
        plain, copied = write(session, code, level), []
        session.info["copies"] = folder
        for _ in range(2):
            copied.append(write(session, code, level))
            assert refresh_copies(session, folder, NOON) in (0, KEPT)
        study = build_study(session, find_round(session, code), NOON)
        assert {name for batch in study.batches() for name in batch.response_ids} == {
            one.response_id for one in study.responses()
        }
        assert study.frame.kind == SELF_SELECTED
    assert copied == [plain, plain]
    assert plain.count(b"\r\n") == PEOPLE + 1


def write(session: Session, code: str, level: str) -> bytes:
    stream = io.BytesIO()
    FORMATS["csv"].write(build_study(session, find_round(session, code), NOON), stream, Options(level=level))
    return stream.getvalue()


def test_a_reader_who_sees_later_changes_keeps_nothing_under_an_older_name(
    database: Database, code: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_meanwhile(*args: Any, **facts: Any) -> Iterator[Part]:
        found = list(read_parts(*args, **facts))
        monkeypatch.setattr(blocks, "sum_stamps", lambda *_: Stamps(0, 0, 0))
        return iter(found)

    monkeypatch.setattr(blocks, "read_parts", change_meanwhile)
    with database.reading() as session:
        facts = find_round_facts(session, code)
        assert refresh_blocks(session, facts, folder, closed=False)
    assert not list_files(folder)


def test_every_kind_of_value_comes_back(tmp_path: Path, code: str, database: Database) -> None:
    part = read(database, code, None)[0]
    values = [
        1,
        'say "so"',
        "\ud800",
        Decimal("1.00"),
        Decimal("1.0"),
        date(2026, 3, 2),
        (2, 1),
        ("a",),
        None,
        *Missing,
    ]
    places = np.arange(len(part.batch)) % len(values)
    batch = replace(part.batch, answers={"q": Column(values, places)}, people=[None, *["p"] * (PEOPLE - 1)])
    part = replace(part, batch=batch, invitations=[7, *[None] * (PEOPLE - 1)])
    with (tmp_path / "part").open("w+b") as stream:
        write_part(part, stream)
        stream.seek(0)
        again = read_part(stream)
    assert list(map(repr, again.batch.answers["q"].values)) == list(map(repr, values))
    assert tell([again]) == tell([part])
    assert (again.batch.people[0], again.batch.response_ids[:2][1]) == (None, part.batch.response_ids[1])
