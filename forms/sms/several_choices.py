"""A reply to a question with several answers -> the codes it names, written with any separators or none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forms.definition import Question
from forms.sms import vocabulary
from forms.sms.labels import ChoiceWords
from forms.sms.one_choice import NUMBER, Found, Unreadable, is_bare, match_number_word, match_one, to_code
from forms.sms.vocabulary import fold
from forms.text import fold_digits

_RANGE = re.compile(r"\d+ ?(-|–|—|to|a|à|hasta|thru|through) ?\d+")
_PIECES = re.compile(r"[,;،؛/&+\n]+")
_JOINED_AND = re.compile(r"(?<=\s)و(?=\w{2})")
"""Arabic writes its "and" together with the next word."""


def read_several(question: Question, listed: ChoiceWords, text: str, folded: str, language: str) -> Found:
    """Read the choices of a multiple choice: codes with any separators, or labels with clear ones."""
    if NUMBER.search(text):
        return _read_codes(listed, _JOINED_AND.sub("و ", text), language)
    single = match_one(question, listed, text, folded, language)
    if single is not None:
        return single
    for split in (text, _JOINED_AND.sub("و ", text)):
        pieces = [piece for piece in map(fold, _split_pieces(split)) if piece]
        matched = [_match_piece(listed, piece, language) for piece in pieces]
        if matched and all(len(codes) == 1 for codes in matched):
            return Found("labels", 0.9, _unique(codes[0] for codes in matched))
        words = [match_number_word(listed, word, language) for piece in pieces for word in piece.split()]
        if words and all(words):
            return Found("number_words", 0.95, _unique(codes[0] for codes in words))
    raise Unreadable(listed.find_near(folded) if len(pieces) == 1 else None)


def _match_piece(listed: ChoiceWords, piece: str, language: str) -> tuple[str, ...]:
    """Match one label of a list, polite words around it left out if need be."""
    plain = " ".join(word for word in piece.split() if word not in vocabulary.list_polite(language))
    return listed.match_exact(piece) or listed.match_prefix(piece) or listed.match_exact(plain)


def _read_codes(listed: ChoiceWords, text: str, language: str) -> Found:
    """Read several codes: `1,3`, `1 and 3`, `1 Money 3 Materials`, and `13` where every code has one digit.

    `1-3` is refused: it may be two codes or three.
    """
    written = " ".join(fold_digits(text).casefold().split())
    runs = NUMBER.findall(written)
    if not is_bare(text) or (len(runs) == 2 and _RANGE.search(written)):
        raise Unreadable
    codes: list[str] = []
    for run in runs:
        together = listed.one_digit_each and len(run) > 1
        if together and len(set(run)) != len(run):
            raise Unreadable
        codes += list(run) if together else [to_code(run)]
    if not set(codes) <= listed.codes:
        raise Unreadable
    beside = set(fold(NUMBER.sub(" ", written)).split())
    around = (vocabulary.AND | vocabulary.list_polite(language)) - listed.words_of(listed.codes)
    if not beside <= around | listed.words_of(codes):
        raise Unreadable
    return Found("codes_and_labels" if beside - vocabulary.AND else "codes", 1.0, _unique(codes))


def _split_pieces(text: str) -> list[str]:
    """Split a list of labels at its commas, and at the words for "and"."""
    pieces: list[str] = []
    for piece in _PIECES.split(text):
        current: list[str] = []
        for word in piece.split():
            if fold(word) in vocabulary.AND:
                pieces.append(" ".join(current))
                current = []
            else:
                current.append(word)
        pieces.append(" ".join(current))
    return pieces


def _unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
