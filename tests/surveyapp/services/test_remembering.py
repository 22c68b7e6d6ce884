"""Counts are kept beside the blocks that they are of, and go with them."""

import pytest

from surveyapp.services.remembering import Counts, forget, write_aside


@pytest.fixture
def folder(tmp_path):
    for name in ("r.one.block", "r.two.block"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def test_what_is_kept_of_some_blocks_is_found_under_their_names_alone(folder):
    counts = Counts(folder, "r")
    counts.remember(["r.one.block", "r.two.block"], b"many\nlines")
    assert counts.recall(["r.one.block", "r.two.block"]) == b"many\nlines"
    assert counts.recall(["r.two.block", "r.one.block"]) is None
    assert counts.recall(["r.one.block"]) is None
    assert Counts(folder, "s").recall(["r.one.block", "r.two.block"]) is None


def test_of_a_block_that_is_not_kept_nothing_is_kept(folder):
    Counts(folder, "r").remember(["r.one.block", "r.three.block"], b"x")
    assert not list(folder.glob("*.counts"))


def test_with_the_first_of_its_blocks_a_count_is_deleted(folder):
    counts = Counts(folder, "r")
    counts.remember(["r.one.block", "r.two.block"], b"both")
    counts.remember(["r.one.block"], b"one")
    forget(folder, "r", {"r.one.block"})
    assert counts.recall(["r.one.block", "r.two.block"]) is None
    assert counts.recall(["r.one.block"]) == b"one"
    assert len(list(folder.glob("*.counts"))) == 1


def test_what_is_no_count_is_deleted_and_never_told(folder):
    counts = Counts(folder, "r")
    counts.remember(["r.one.block"], b"one")
    (path,) = folder.glob("*.counts")
    path.write_bytes(b"nonsense")
    assert counts.recall(["r.one.block"]) is None
    forget(folder, "r", {"r.one.block"})
    assert not path.exists()


def test_a_folder_that_cannot_be_used_holds_up_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    counts = Counts(tmp_path / "file" / "folder", "r")
    counts.remember([], b"x")
    assert counts.recall([]) is None
    forget(tmp_path / "nowhere", "r", set())


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    with pytest.raises(ZeroDivisionError), write_aside(tmp_path / "a" / "b") as stream:
        stream.write(b"half")
        1 / 0  # noqa: B018
    assert list((tmp_path / "a").iterdir()) == []
