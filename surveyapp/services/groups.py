"""Groups of stakeholders: one id for a group, whether it comes from the contact list or from an answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from forms.definition import Definition, Question
from forms.values import Answers, Code, Missing, Value


def find_group_question(definition: Definition) -> Question | None:
    """Give the question that says which group a respondent speaks for, if the definition has one."""
    scorecard = definition.scorecard
    return definition.questions.get(scorecard.group_by) if scorecard and scorecard.group_by else None


def make_slug(text: str) -> str:
    """Give a text as an id: ASCII letters, digits and single underscores (`NGO/charity` -> `ngo_charity`)."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or re.sub(r"\s+", "_", text.strip().lower())


@lru_cache(maxsize=256)
def _group_ids(definition: Definition) -> Mapping[Code, str]:
    question = find_group_question(definition)
    if question is None:
        return {}
    default = definition.default_language
    return {
        choice.value: choice.value if isinstance(choice.value, str) else make_slug(choice.label.in_(default))
        for choice in question.choices
    }


def find_group_labels(definition: Definition) -> dict[str, str]:
    """Give group id -> label in the default language, in the definition's order."""
    question = find_group_question(definition)
    if question is None:
        return {}
    ids = _group_ids(definition)
    return {ids[choice.value]: choice.label.in_(definition.default_language) for choice in question.choices}


def read_group(definition: Definition, text: str | None) -> tuple[str | None, Code | None]:
    """Read a contact list's group: its id, and the code of the choice it stands for.

    Matched by value, label in any language, slug, or the unique beginning of a slug; a text that matches none is
    a group of its own, without a code. An empty text is no group.
    """
    if not text or not text.strip():
        return None, None
    word, slug = text.strip().casefold(), make_slug(text)
    ids = _group_ids(definition)
    question = find_group_question(definition)
    for choice in question.choices if question else ():
        labels = {label.casefold() for label in choice.label.by_language.values()}
        if word == str(choice.value).casefold() or word in labels or slug == ids[choice.value]:
            return ids[choice.value], choice.value
    begins = [code for code, group_id in ids.items() if group_id.startswith(slug)]
    if len(begins) == 1:
        return ids[begins[0]], begins[0]
    return slug, None


def find_given(definition: Definition, group_text: str | None) -> tuple[str | None, dict[str, Value]]:
    """Give a contact's group id and the answers that follow from it: the group question is then never asked."""
    question = find_group_question(definition)
    group, code = read_group(definition, group_text)
    if question is None or group is None:
        return group, {}
    return group, {question.id: Missing.OFF_PATH if code is None else code}


def find_group(definition: Definition, invited_as: str | None, answers: Answers) -> str | None:
    """Give a respondent's group id: as invited, else as answered, else unknown."""
    if invited_as is not None:
        return invited_as
    question = find_group_question(definition)
    value = answers.get(question.id) if question else None
    return _group_ids(definition).get(value) if isinstance(value, (int, str)) else None
