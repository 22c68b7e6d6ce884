"""A reply to a question with one answer -> the code it names: the strictest rule first, and none guesses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from forms.definition import Question
from forms.interview import CONSENT_NO, CONSENT_YES
from forms.sms import vocabulary
from forms.sms.labels import ChoiceWords
from forms.sms.prompts import lists_not_applicable
from forms.sms.vocabulary import counts_in, fold
from forms.text import fold_digits
from forms.values import Missing

NUMBER = re.compile(r"\d+")
_SIGNED = re.compile(r"^\W*?[-−–]\s*\d")
_SIGNS = frozenset("%<>~$€£±^*")
_CODE_FIRST = re.compile(r"\W*(?P<code>\d+)(?!\d)(?P<rest>.*)", re.DOTALL)
_CODE_LAST = re.compile(r"(?P<rest>.*?)(?<!\d)(?P<code>\d+)\W*", re.DOTALL)
_OUT_OF_TEN = re.compile(r"(\d{1,2}) ?(/|out of|sur|de|over|kati ya|من) ?10")
_ORDINAL = re.compile(r"(\d{1,2}) ?(?:st|nd|rd|th|er|[eè]re|e|[eè]me|º|ª)")


class Unreadable(Exception):  # noqa: N818  # what happened to the reply, and the word people use for it
    """The reply is no clear answer to the question.

    `suggestion`: the code that it came near to, as it is texted. `reason`: a sentence for the respondent where the
    reply was understood but the question does not take it.
    """

    def __init__(self, suggestion: str | None = None, reason: str | None = None) -> None:
        self.suggestion = suggestion
        self.reason = reason
        super().__init__(reason or "not a clear answer")


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: texted codes, or a missing reason."""

    rule: str
    certainty: float = 1.0
    codes: tuple[str, ...] = ()
    missing: Missing | None = None


def read_way_out(question: Question, folded: str) -> Found | None:
    """Read skip, don't know and not applicable, the latter two where the question takes them."""
    if folded in vocabulary.SKIP and question.type != "consent":
        return Found("skip", missing=Missing.REFUSED)
    if question.dont_know and folded in vocabulary.DONT_KNOW:
        return Found("dont_know", missing=Missing.DONT_KNOW)
    if question.not_applicable and folded in vocabulary.NOT_APPLICABLE:
        return Found("not_applicable", missing=Missing.NOT_APPLICABLE)
    return None


def read_one(question: Question, listed: ChoiceWords, text: str, folded: str, language: str) -> Found:
    """Read a whole reply as one choice or a way out, polite words around it left out if need be.

    Raises `Unreadable` with the code it came near to.
    """
    found = match_one(question, listed, text, folded, language)
    if found is not None:
        return found
    polite = vocabulary.list_polite(language)
    plain = " ".join(word for word in folded.split() if word not in polite)
    if plain and plain != folded and is_bare(text):
        written = " ".join(word for word in text.split() if fold(word) not in polite)
        found = match_one(question, listed, written, plain, language)
        if found is not None:
            return replace(found, rule=f"polite_{found.rule}", certainty=min(found.certainty, 0.9))
    raise Unreadable(_suggest(question, listed, text, folded))


def match_one(question: Question, listed: ChoiceWords, text: str, folded: str, language: str) -> Found | None:
    """Match a whole reply to one choice or to a way out; nothing where no rule is sure."""
    exact = listed.match_exact(folded)
    if len(exact) == 1:
        return Found("label", 1.0, exact)
    if NUMBER.search(text):
        found = _match_number(question, listed, text) if is_bare(text) else None
        return found or _match_ordinal(listed, text)
    way_out = read_way_out(question, folded)
    yes_no = _match_yes_no(question, listed, folded) if counts_in(text, language) else ()
    if way_out is not None:
        is_listed = way_out.missing is Missing.DONT_KNOW or (
            way_out.missing is Missing.NOT_APPLICABLE and lists_not_applicable(question)
        )
        return way_out if is_listed or not yes_no else None
    if yes_no:
        return Found("yes_no", 1.0, yes_no)
    if exact:
        return None
    word = match_number_word(listed, folded, language)
    prefixed = listed.match_prefix(folded)
    candidates = {*word, *prefixed}
    if len(candidates) != 1:
        return None if candidates else _match_ordinal(listed, text)
    return Found("number_word", 1.0, tuple(word)) if word else Found("prefix", 0.9, tuple(prefixed))


def _match_number(question: Question, listed: ChoiceWords, text: str) -> Found | None:
    """Match a reply with digits: one code, alone or beside its own label."""
    written = " ".join(fold_digits(text).casefold().split())
    if question.type == "nps" and (match := _OUT_OF_TEN.fullmatch(written.strip(" .!"))):
        clear = match[1] in listed.codes and (match[2] != "/" or match[1] != "9")
        return Found("out_of_ten", 0.95, (match[1],)) if clear else None
    for pattern in (_CODE_FIRST, _CODE_LAST):
        match = pattern.fullmatch(written)
        code, beside = (to_code(match["code"]), fold(match["rest"])) if match else ("", "")
        if code in listed.codes and beside and listed.match_exact(beside) == (code,):
            return Found("code_and_label", 1.0, (code,))
    numbers = {to_code(run) for run in NUMBER.findall(written)}
    code = numbers.pop()
    if numbers or code not in listed.codes:
        return None
    beside = fold(NUMBER.sub(" ", written))
    if not beside or vocabulary.NUMBER_WORDS.get(beside) == int(code):
        return Found("code", 1.0, (code,))
    return Found("code_and_label", 1.0, (code,)) if listed.match_prefix(beside) == (code,) else None


def _match_ordinal(listed: ChoiceWords, text: str) -> Found | None:
    """Match `the second one` or `2nd` where the second choice listed is also the one that is numbered 2."""
    written = " ".join(fold_digits(text).casefold().strip(" .!").split())
    around = [word for word in written.split() if fold(word) not in vocabulary.AROUND_ORDINALS]
    if len(around) != 1:
        return None
    match = _ORDINAL.fullmatch(around[0])
    place = int(match[1]) if match else vocabulary.ORDINALS.get(fold(around[0]), 0)
    stands = place > 0 and list(listed.own)[place - 1 : place] == [str(place)]
    return Found("ordinal", 0.9, (str(place),)) if stands else None


def is_bare(text: str) -> bool:
    """Whether numbers stand only among signs that change nothing: `4.`, `(4)`, `#4`, not `4%`, `<4`, `-4` or `4½`."""
    return not _SIGNED.match(text) and not set(text) & _SIGNS and not _has_fraction(text)


def _has_fraction(text: str) -> bool:
    return any(unicodedata.decomposition(character).startswith("<fraction>") for character in text)


def _match_yes_no(question: Question, listed: ChoiceWords, folded: str) -> tuple[str, ...]:
    """Match the words for yes and no where the choices are yes and no."""
    if question.type == "consent":
        if folded in vocabulary.YES:
            return (str(CONSENT_YES),)
        return (str(CONSENT_NO),) if folded in vocabulary.NO else ()
    if not listed.yes_no:
        return ()
    return tuple(
        code
        for code, words in zip(listed.yes_no, (vocabulary.YES, vocabulary.NO), strict=True)
        if code is not None and folded in words
    )


def match_number_word(listed: ChoiceWords, folded: str, language: str) -> tuple[str, ...]:
    """Match a number word, in any language that we understand, to the code of that number."""
    number = vocabulary.NUMBER_WORDS.get(folded)
    if number is None or not counts_in(folded, language):
        return ()
    return (str(number),) if str(number) in listed.codes else ()


def _suggest(question: Question, listed: ChoiceWords, text: str, folded: str) -> str | None:
    """Give the one code that a reply comes near to: beside other words, or misspelt; never against a negation."""
    written = fold_digits(text).casefold().strip(" .!")
    if question.type == "nps" and (match := _OUT_OF_TEN.fullmatch(written)):
        return match[1] if match[1] in listed.codes else None
    codes = {to_code(run) for run in NUMBER.findall(written)}
    if not codes & listed.codes:
        return listed.find_near(folded)
    codes |= {str(vocabulary.NUMBER_WORDS[word]) for word in folded.split() if word in vocabulary.NUMBER_WORDS}
    code = codes.pop()
    changed = (vocabulary.NEGATIONS | vocabulary.QUALIFIERS) & set(folded.split()) or _has_fraction(text)
    return code if not codes and not changed and listed.agrees(code, folded) else None


def to_code(digits: str) -> str:
    """Give a run of digits without leading zeros."""
    return digits.lstrip("0") or "0"
