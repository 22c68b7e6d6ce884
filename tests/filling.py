"""Instruments filled in by somebody with a browser: the answers of each question, and the rows of each list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from instruments import DEFINITIONS, answer, find_question
from respondents import Respondent

from forms.question_types import find_type
from forms.rows import split

DONT_KNOW = "-98"
Wishes = Mapping[str, Any]


def fill(
    name: str, respondent: Respondent, answers: Wishes | None = None, rows: Mapping[str, Sequence[Wishes]] | None = None
) -> None:
    """Fill an instrument in page by page and submit it; what nobody wished gets the answer that tests give.

    `rows`: for each list the rows to add, in order. Of a roster `answers` has the rows' own fields, `org-2-sn01`.
    """
    definition, wished = DEFINITIONS[name], answers or {}
    left = {section: list(wishes) for section, wishes in (rows or {}).items()}
    begun: dict[str, Wishes] = {}
    for _ in range(200):
        section = respondent.fields.get("section", "")
        if section == "review":
            break
        if respondent.lists_rows and (respondent.unfinished or left.get(section)):
            respondent.open_row(*respondent.unfinished[:1])
            continue
        sent = {}
        for field in respondent.names:
            question, (list_, row, _) = find_question(definition, field), split(field)
            if row not in begun and left.get(list_):
                begun[row] = left[list_].pop(0)
            own = begun.get(row, {}).get(question.id, wished.get(field, wished.get(question.id, answer(question))))
            if find_type(question.type).asks:
                sent |= _send(field, own)
        respondent.send(**sent)
    respondent.send("submit")
    assert 'id="receipt"' in respondent.page.text, respondent.text


def _send(field: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {f"{field}__st": DONT_KNOW}
    return {field: [str(one) for one in value] if isinstance(value, list | tuple) else str(value)}
