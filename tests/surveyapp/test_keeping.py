"""Finished files are kept: the same bytes as made anew, never stale, never in anybody's way."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from builders import INSTRUMENTS, NOON, find_token, publish
from instruments import publish_instrument

from exports.formats import FORMATS
from exports.options import RESEARCH, Options
from surveyapp import keeping
from surveyapp.database import Database
from surveyapp.keeping import Shelf
from surveyapp.services.exporting import build_study
from surveyapp.services.interviews import Change, begin_invited, finish_interview, record_answers
from surveyapp.services.rounds import find_round
from surveyapp.services.standings import find_interview

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "exports" / "kept")


def take(
    database: Database, shelf: Shelf, code: str, options: Options | None = None, format_: str = "csv"
) -> tuple[bytes, bool]:
    """Give the file, and whether it had to be made."""
    stream, made, options = io.BytesIO(), [], options or Options()
    with database.snapshot() as session:
        round_ = find_round(session, code)

        def make(into: BinaryIO) -> None:
            made.append(format_)
            FORMATS[format_].write(build_study(session, round_, LATER), into, options)

        shelf.write(session, round_, format_, options, stream, LATER, make)
    return stream.getvalue(), bool(made)


def answer(database: Database, code: str, name: str, value: int = 4) -> None:
    with database.writing() as session:
        token = find_token(database, find_round(session, code), name)
        standing = begin_invited(session, find_interview(session, token, NOON, lock=True), channel="web", now=NOON)
        changes = {"pfc": Change(1)} | {f"pf{n:02}": Change(value) for n in range(1, 7)}
        standing = record_answers(session, standing, changes, channel="web", key="k", now=NOON)
        finish_interview(session, standing, channel="web", now=NOON)


def list_kept(shelf: Shelf) -> list[Path]:
    return sorted(shelf.folder.iterdir()) if shelf.folder.exists() else []


@pytest.mark.parametrize("options", [Options(), Options(level=RESEARCH, shown="both", excel=True)])
def test_the_second_reader_gets_the_same_bytes_without_the_work(
    database: Database, shelf: Shelf, options: Options
) -> None:
    code = publish(database).code
    answer(database, code, "Amina")
    first, again = take(database, shelf, code, options), take(database, shelf, code, options)
    assert (first[1], again[1]) == (True, False)
    assert first[0] == again[0]
    assert again[0].count(b"\r\n") == 2


def test_a_new_answer_is_in_the_very_next_file_and_the_old_one_is_gone(database: Database, shelf: Shelf) -> None:
    code = publish(database).code
    answer(database, code, "Amina")
    take(database, shelf, code)
    answer(database, code, "Chiara", 2)
    told, made = take(database, shelf, code)
    assert made
    assert told.count(b"\r\n") == 3
    assert len(list_kept(shelf)) == 1


def test_every_wish_and_round_has_a_file_of_its_own(database: Database, shelf: Shelf) -> None:
    first, second = publish(database, name="Spring").code, publish(database, name="Autumn").code
    wishes = [(first, Options()), (first, Options(shown="labels")), (second, Options())]
    told = [take(database, shelf, code, options)[0] for code, options in wishes]
    assert [take(database, shelf, code, options) for code, options in wishes] == [(one, False) for one in told]
    assert len(list_kept(shelf)) == 3


def test_the_tables_of_repeated_sections_are_kept_as_well(database: Database, shelf: Shelf) -> None:
    code = publish_instrument(database, "joint_action_plan").code
    assert (INSTRUMENTS / "joint_action_plan.json").exists()
    with database.reading() as session:
        section = build_study(session, find_round(session, code), LATER).definition.repeats[0].id
    options = Options(section=section)
    told = take(database, shelf, code, options)[0]
    assert take(database, shelf, code, options) == (told, False)
    assert told != take(database, shelf, code)[0]


def test_what_is_made_of_more_than_responses_is_made_every_time(database: Database, shelf: Shelf) -> None:
    code = publish(database).code
    assert [take(database, shelf, code, format_="long")[1] for _ in range(2)] == [True, True]
    assert not list_kept(shelf)


def test_nothing_half_made_is_kept(database: Database, shelf: Shelf) -> None:
    code = publish(database).code
    with database.snapshot() as session:

        def fail(into: BinaryIO) -> None:
            into.write(b"response_id,")
            raise RuntimeError("called off")

        with pytest.raises(RuntimeError, match="called off"):
            shelf.write(session, find_round(session, code), "csv", Options(), io.BytesIO(), LATER, fail)
    assert not list_kept(shelf)


def test_kept_files_are_for_their_owner_only(database: Database, shelf: Shelf) -> None:
    take(database, shelf, publish(database).code)
    assert shelf.folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in list_kept(shelf)] == [0o600]


def test_a_folder_that_cannot_be_used_keeps_nobody_from_their_file(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    told, made = take(database, Shelf(tmp_path / "file" / "kept"), publish(database).code)
    assert made
    assert told.startswith(b"response_id,")


def test_what_nobody_has_asked_for_lately_is_thrown_away(database: Database, shelf: Shelf) -> None:
    assert shelf.sweep() == 0
    codes = [publish(database, name=name).code for name in ("Spring", "Autumn")]
    for code in codes:
        take(database, shelf, code)
    (shelf.folder / ".left.by.a.crash.part").write_bytes(b"half")
    for path in list_kept(shelf):
        os.utime(path, (0, path.stat().st_mtime - keeping.LONGEST - 60))
    take(database, shelf, codes[0])
    assert shelf.sweep() == 2
    assert [path.name.split(".")[0] for path in list_kept(shelf)] == [codes[0]]
