"""The words of a question's choices, ready to be compared with a reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forms.definition import Choice, Question, Text
from forms.interview import Interview
from forms.question_types import find_type
from forms.sms import vocabulary
from forms.sms.prompts import list_codes
from forms.sms.vocabulary import counts_in, fold

NEAR = 80.0
"""The least likeness (rapidfuzz ratio, 0..100) at which we ask "Did you mean ...?"."""


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """The texted codes of a question, and the folded labels of each: in the respondent's language and in all others.

    `yes_no`: the codes of the choices that mean yes and no, where a question has such choices, else nothing.
    """

    own: dict[str, frozenset[str]]
    others: dict[str, frozenset[str]]
    yes_no: tuple[str | None, str | None] | None

    @property
    def codes(self) -> frozenset[str]:
        """All codes as they are texted."""
        return frozenset(self.own)

    @property
    def one_digit_each(self) -> bool:
        """Whether several codes may be written without separators."""
        return all(len(code) == 1 for code in self.own)

    def words_of(self, codes: Iterable[str]) -> frozenset[str]:
        """Give all words of these choices' labels."""
        labels = (label for code in codes for label in self.own[code] | self.others[code])
        return frozenset(word for label in labels for word in label.split())

    def match_exact(self, folded: str) -> tuple[str, ...]:
        """Give the codes with this very label: in the respondent's language, else in any other."""
        own = tuple(code for code, labels in self.own.items() if folded in labels)
        return own or self._match_part(folded) or tuple(c for c, labels in self.others.items() if folded in labels)

    def _match_part(self, folded: str) -> tuple[str, ...]:
        """Give the codes with a label, in the respondent's language, that is this once its article is left out."""
        bare = drop_articles(folded)
        return tuple(code for code, labels in self.own.items() if bare in map(drop_articles, labels)) if bare else ()

    def match_prefix(self, folded: str) -> tuple[str, ...]:
        """Give the codes with a label, in the respondent's language, that begins so, where neither negates.

        One letter is no prefix: it may as well count the choices (`A` for the first).
        """
        if len(folded) < 2:
            return ()
        return tuple(
            code
            for code, labels in self.own.items()
            if any(label.startswith(folded) and _negates(label) == _negates(folded) == [] for label in labels)
        )

    def find_near(self, folded: str) -> str | None:
        """Give the one code whose label begins so or is spelt nearly so, and negates as much; nothing where two do."""
        begun = {
            code
            for code, labels in self.own.items()
            if any(label.startswith(folded) and _negates(label) == _negates(folded) for label in labels)
        }
        if begun:
            return begun.pop() if len(begun) == 1 else None
        if len(folded) > 80:
            return None
        from rapidfuzz.fuzz import ratio

        best: dict[str, float] = {}
        for code, labels in self.own.items():
            for label in labels | self.others[code]:
                likeness = ratio(folded, label)
                if likeness >= NEAR and _negates(label) == _negates(folded):
                    best[code] = max(best.get(code, 0.0), likeness)
        nearest = [code for code, likeness in best.items() if likeness == max(best.values())]
        return nearest[0] if len(nearest) == 1 else None

    def agrees(self, code: str, folded: str) -> bool:
        """Whether the words beside a code do not name another choice."""
        words = " ".join(word for word in folded.split() if not word.isdigit())
        matched = self.match_exact(words) or self.match_prefix(words)
        return not words or matched in ((), (code,))


def drop_articles(folded: str) -> str:
    """Leave out the article before a word, also the one that Arabic writes together with it."""
    words = folded.split()
    while len(words) > 1 and words[0] in vocabulary.ARTICLES:
        del words[0]
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)


def list_words(interview: Interview, question: Question, language: str) -> ChoiceWords:
    """Give the words of every open choice: its label and its label for texts, in every language."""
    own: dict[str, frozenset[str]] = {}
    others: dict[str, frozenset[str]] = {}
    type_ = find_type(question.type)
    code_of = {value: code for code, value in list_codes(question).items()}
    listed = dict(type_.text_choices(question, language))
    for choice in type_.choices(question):
        code = code_of[choice.value]
        texts = _list_texts(question, choice)
        shown = {text.in_(language) for text in texts} | {listed.get(choice.value, "")}
        own[code] = _fold_labels(interview, question, code, shown, language)
        every = {words for text in texts for words in text.by_language.values()}
        foreign = _fold_labels(interview, question, code, every, language) - own[code]
        others[code] = frozenset(label for label in foreign if counts_in(label, language))
    return ChoiceWords(own, others, _find_yes_no(own, others))


def _list_texts(question: Question, choice: Choice) -> tuple[Text, ...]:
    short = question.sms.choices.get(choice.value)
    return (choice.label,) if short is None else (choice.label, short)


def _fold_labels(
    interview: Interview, question: Question, code: str, labels: set[str], language: str
) -> frozenset[str]:
    """Fold labels, with and without the code that some begin with; what is nothing but digits is no label.

    Where a label is two words with a stroke between them (`School/university`), each is one too.
    """
    said = [interview.say(label, language, question.id) for label in labels]
    whole = [fold(part) for label in said for part in {label, *label.split("/")}]
    folded = {*whole, *(label.removeprefix(f"{code} ") for label in whole)}
    return frozenset(label for label in folded if label and not label.isdigit())


def _find_yes_no(
    own: dict[str, frozenset[str]], others: dict[str, frozenset[str]]
) -> tuple[str | None, str | None] | None:
    """Find the choices whose label is a word for yes and for no; nothing where there are none or several."""
    found: list[str | None] = []
    for words in (vocabulary.YES, vocabulary.NO):
        codes = [code for code in own if (own[code] | others[code]) & words]
        found.append(codes[0] if len(codes) == 1 else None)
    return (found[0], found[1]) if any(found) else None


def _negates(words: str) -> list[str]:
    """Give the words of negation in a text, sorted."""
    return sorted(word for word in words.split() if word in vocabulary.NEGATIONS)
