"""The catalogues are complete, compiled, and fit for text messages."""

from __future__ import annotations

import ast
import io
import re
from gettext import GNUTranslations
from pathlib import Path
from typing import BinaryIO

import pytest
from babel.messages.catalog import Message

from forms.locale.__main__ import check_catalogue, compile_catalogue, find_catalogues, main, read_catalogue
from forms.sms.segments import count_segments
from forms.wording import words

ROOT = Path(__file__).parents[3]
ROOMS = ("forms", "surveyapp")
PLACEHOLDER = re.compile(r"%\(\w+\)\w")
IN_A_PAGE = re.compile(r"""(?<!\w)(?:_|gettext)\((['"])(.+?)\1\)""")
OTHER_SCRIPTS = {"ar"}
COUNTED = {
    "Please choose at most %(n)s answer.": "%(n)s",
    "Please choose at least %(n)s answer.": "%(n)s",
    "The text may have %(longest)s characters. Please shorten it by %(over)s character.": "%(over)s",
    "Please look at %(n)s answer again": "%(n)s",
    "%(n)s questions, about %(minutes)s minute.": "%(minutes)s",
    "At least %(n)s questions, about %(minutes)s minute; more with every entry that you add.": "%(minutes)s",
    "Choose %(n)s answer.": "%(n)s",
}
"""The number that chooses the plural form: Arabic says none, one and two in words."""
MANY = {"ar": 3, "es": 0, "fr": 0, "sw": 0}
"""The first plural form that must show its number."""
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


def test_every_sentence_in_the_pages_is_in_the_catalogue(path: Path) -> None:
    known = {_first(message.id) for message in read_catalogue(path)}
    said = {
        match[2]
        for template in (ROOT / "surveyapp" / "templates").rglob("*.html")
        for match in IN_A_PAGE.finditer(template.read_text(encoding="utf-8"))
    }
    assert len(said) > 20, "the sentences are found at all"
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


def test_each_language_says_every_sentence_that_another_says() -> None:
    said = {path: {message.id for message in read_catalogue(path)} for path in find_catalogues()}
    assert {path.parent.parent.name for path in said} >= {"ar", "es", "fr", "sw"}
    whole = set().union(*said.values())
    assert {path.parent.parent.name: whole - ids for path, ids in said.items() if ids != whole} == {}


def test_no_language_loses_or_invents_a_placeholder(path: Path) -> None:
    for message in read_catalogue(path):
        counted = isinstance(message.id, tuple)
        for form, string in enumerate(list_strings(message)):
            found, wanted = set(PLACEHOLDER.findall(string)), set(PLACEHOLDER.findall(_last(message.id)))
            in_words = {COUNTED[message.id[0]]} if counted and form < MANY[path.parent.parent.name] else set()
            assert wanted - in_words <= found <= wanted, string


@pytest.mark.parametrize(
    ("n", "said"), [(1, "إجابة واحدة"), (2, "إجابتين"), (3, "3 إجابات"), (11, "11 إجابة"), (100, "100 إجابة")]
)
def test_arabic_counts_in_its_own_forms(n: int, said: str) -> None:
    sentence = words("ar").ngettext("Please look at %(n)s answer again", "Please look at %(n)s answers again", n)
    assert sentence % {"n": n} == f"يرجى مراجعة {said}"


def test_sentences_of_the_engine_can_be_texted_in_one_segment(path: Path) -> None:
    """In plain letters; in a script that those do not have, long sentences may take two."""
    said = {sentence for file in (ROOT / "forms").rglob("*.py") for sentence in list_sentences(file)}
    on_the_web_only = {"Yes", "Extremely likely"}
    texted = [message for message in read_catalogue(path) if _first(message.id) in said - on_the_web_only]
    assert texted
    plain = path.parent.parent.name not in OTHER_SCRIPTS
    for message in texted:
        for string in list_strings(message):
            cost = count_segments(string)
            assert cost.encoding == "GSM-7" or not plain, string
            assert cost.segments <= (1 if plain or len(_first(message.id)) <= 100 else 2), string


def list_strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _last(sentence: str | tuple[str, ...]) -> str:
    return sentence if isinstance(sentence, str) else sentence[-1]


def _first(sentence: str | tuple[str, ...]) -> str:
    return sentence if isinstance(sentence, str) else sentence[0]
