"""The catalogues are complete, compiled, and fit for text messages."""

from __future__ import annotations

import ast
import io
from gettext import GNUTranslations
from pathlib import Path
from typing import BinaryIO

import pytest

from forms.locale.__main__ import check_catalogue, compile_catalogue, find_catalogues, main, read_catalogue
from forms.sms.segments import count_segments

ROOT = Path(__file__).parents[3]
ROOMS = ("forms", "surveyapp")
CALLS = ("gettext", "ngettext", "msgid", "_")


@pytest.fixture(params=find_catalogues(), ids=lambda path: path.parent.parent.name)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def list_sentences(file: Path) -> set[str]:
    """Give every sentence that a module hands to the catalogue."""
    sentences: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            aliased = isinstance(node.func, ast.Name) and name == "say"
            if (name in CALLS or aliased) and isinstance(node.args[0].value, str):
                sentences.add(node.args[0].value)
    return sentences


def test_the_compiled_catalogue_is_the_one_that_people_read(path: Path) -> None:
    fresh = io.BytesIO(compile_catalogue(read_catalogue(path)))
    with path.with_suffix(".mo").open("rb") as compiled:
        assert _list_pairs(compiled) == _list_pairs(fresh), "run python -m forms.locale"


def test_compiling_twice_gives_the_same_bytes(path: Path) -> None:
    assert compile_catalogue(read_catalogue(path)) == compile_catalogue(read_catalogue(path))


def _list_pairs(compiled: BinaryIO) -> dict[object, str]:
    pairs = dict(GNUTranslations(compiled)._catalog)
    pairs.pop("", None)
    return pairs


def test_every_sentence_is_translated_once_and_keeps_its_placeholders(path: Path) -> None:
    assert list(check_catalogue(path)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_in_the_code_is_in_the_catalogue(path: Path, room: str) -> None:
    known = {
        sentence
        for message in read_catalogue(path)
        for sentence in (message.id if isinstance(message.id, tuple) else (message.id,))
    }
    said = {sentence for file in (ROOT / room).rglob("*.py") for sentence in list_sentences(file)}
    assert said, "the sentences are found at all"
    assert sorted(said - known) == []


def test_a_fault_of_a_catalogue_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    good = (find_catalogues()[0]).read_text(encoding="utf-8")
    added = 'msgid "Yes"\nmsgstr "Oui"\n\nmsgid "New"\nmsgstr ""\n\nmsgid "Lost %(n)s"\nmsgstr "Perdu %(m)s"\n'
    (folder / "surveyapp.po").write_text(f"{good}\n{added}", encoding="utf-8")
    monkeypatch.setattr("forms.locale.__main__.LOCALE", tmp_path)
    assert main() == 1
    told = capsys.readouterr().err
    assert "stands 2 times: Yes" in told
    assert "not translated: New" in told
    assert "Lost %(n)s" in told


def test_sentences_of_the_engine_can_be_texted_in_one_segment(path: Path) -> None:
    said = {sentence for file in (ROOT / "forms").rglob("*.py") for sentence in list_sentences(file)}
    on_the_web_only = {"Extremely likely"}
    texted = [message for message in read_catalogue(path) if _first(message.id) in said - on_the_web_only]
    assert texted
    for message in texted:
        for string in message.string if isinstance(message.string, tuple) else (message.string,):
            assert count_segments(string).encoding == "GSM-7", string
            assert count_segments(string).segments == 1, string


def _first(sentence: str | tuple[str, ...]) -> str:
    return sentence if isinstance(sentence, str) else sentence[0]
