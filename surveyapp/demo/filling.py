"""Synthetic coordinators fill in instruments with lists, page by page, as a browser without JavaScript does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from flask.testing import FlaskClient

from forms.definition import Definition, Question
from forms.rows import split

_HIDDEN = re.compile(r'<input[^>]*\bname="(csrf_token|section|revision|row)"[^>]*\bvalue="([^"]*)"')
_ASKED = re.compile(r'<(?:input|textarea)(?! type="hidden")[^>]* name="([\w-]+)"')
_OPEN_ROW = re.compile(r'<li id="[\w]+-(\w+)"[^>]*>\s*<span class="name">.*?</b> <span class="open">')
_MOST_PAGES = 200

Cells = Mapping[str, object]
"""Answers by question id: codes, numbers, texts, ISO dates, or several codes."""


def fill_in(
    client: FlaskClient,
    path: str,
    definition: Definition,
    rows: Mapping[str, Sequence[Cells]],
    choose: Callable[[Question], object],
) -> None:
    """Fill everything in behind a personal link and send it: the rows of each list, and `choose` for all the rest.

    Raises `RuntimeError` where an answer is refused.
    """
    left, begun = {section: list(own) for section, own in rows.items()}, dict[str, Cells]()
    where = path
    for _ in range(_MOST_PAGES):
        page = client.get(where, follow_redirects=True).get_data(as_text=True)
        hidden = dict(_HIDDEN.findall(page))
        section = hidden.get("section", "")
        if "row=new" in page and (waiting := _OPEN_ROW.search(page)):
            where = f"{path}?section={section}&row={waiting[1]}"
            continue
        if "row=new" in page and left.get(section):
            where = f"{path}?section={section}&row=new"
            continue
        form: dict[str, object] = {**hidden, "action": "submit" if section == "review" else "next"}
        for name in dict.fromkeys(_ASKED.findall(page)):
            if name.endswith("__st"):
                continue
            list_, row, id_ = split(name)
            if list_ in left and row not in begun and left[list_]:
                begun[row] = left[list_].pop(0)
            question = definition.questions[id_ if list_ in left else name]
            form[name] = begun[row].get(question.id, "") if row in begun else choose(question)
        response = client.post(path, data=form)
        if response.status_code != 303:
            raise RuntimeError(f"a sample record was refused with {response.status_code} at {section}")
        where = response.headers["Location"]
        if where.split("?")[0].endswith("/done"):
            return
    raise RuntimeError("a sample record does not end")
