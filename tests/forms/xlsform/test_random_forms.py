"""Forms made by chance, right and wrong: each is read or refused in a sentence, and what was read goes round."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from canonical_forms import canonical, parts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbooks import build, items

from forms.errors import DefinitionError
from forms.xlsform import read_xlsform, write_xlsform

PLAIN = ("text", "integer", "decimal", "date", "note", "select_one l", "select_multiple l", "rank l", "select_one m")
ODD = ("range", "acknowledge", "select_one m or_other", "time", "geopoint", "start", "today", "hidden", "barcode")
TYPES = (*PLAIN, *PLAIN, *ODD, "calculate", "calculate", "begin_group", "begin_repeat", "end")
NAMES = ("a", "b1", "Age", "Age-Years", "x.y", "_u", "if", "a_name_of_more_than_thirty_two_letters", "section", "row")
CONDITIONS = (
    *("${%} = 'x'", "${%} > 3", "${%} != ''", "${%} = ''", "selected(${%}, 'Yes')", "not(${%} = 2)", "${%}", "true()"),
    *("regex(${%}, 'a')", "position(..)", "today() - ${%} > 30", "date('2020-01-01') < ${%}", "abs(${%}) > 1", "'"),
    *("count(${%}) > 1", "coalesce(${%}, 0) mod 2 = 1", "jr:choice-name(${%}, '${%}')", ". > ${%}", ". != 3", "yes"),
)
VALUES = (
    "${%} + 1",
    "if(${%} > 1, 'a', 'b')",
    "concat(${%}, 'x')",
    "sum(${%})",
    "round(${%} div 3, 2)",
    "'words'",
    "1",
)
LABELS = (
    "Hello",
    "**Bold** x",
    "<b>b</b>",
    "See ${%}",
    "# H",
    "=1+1",
    "‘x’ «\u00a0y »",
    "STOP",
    "_x0041_",
    "a\nb",
    "Yes",
)
CELLS = {
    "relevant": (0.3, CONDITIONS),
    "constraint": (0.2, CONDITIONS),
    "constraint_message": (0.2, LABELS),
    "hint": (0.2, LABELS),
    "label::French (fr)": (0.2, LABELS),
    "required": (0.2, ("yes", "no", *CONDITIONS)),
    "choice_filter": (0.1, ("name != 'x'", "kind = ${%}", "selected(${%}, name)")),
    "appearance": (0.1, ("minimal",)),
    "default": (0.1, ("3", "${%}")),
    "min": (0.1, ("3", "x")),
    "max": (0.05, ("1",)),
    "dont_know": (0.1, ("yes", "maybe")),
    "sms_choices": (0.05, ("1=x", "bad")),
    "score_domain": (0.05, ("X",)),
    "repeat_count": (0.05, ("3", "${%}", "0")),
}


def fill(chance: Random, text: str, before: list[str]) -> str:
    while "%" in text:
        text = text.replace("%", chance.choice(before), 1)
    return text


def build_form(chance: Random) -> dict[str, list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    open_: list[str] = []
    names = chance.sample(NAMES, chance.randint(2, len(NAMES)))
    for place, name in enumerate(names):
        before = names[:place] or names
        type_ = "text" if place == 0 else chance.choice(TYPES)
        if type_ == "end":
            rows += [{"type": f"end_{open_.pop()}"}] if open_ else []
            continue
        if type_.startswith("begin_"):
            open_.append(type_.removeprefix("begin_"))
        cells = {"type": type_, "name": name, "label": fill(chance, chance.choice(LABELS), before)}
        if type_ == "calculate":
            cells["calculation"] = fill(chance, chance.choice(VALUES), before)
        for column, (share, texts) in CELLS.items() if place else ():
            if chance.random() < share:
                cells[column] = fill(chance, chance.choice(texts), before)
        rows.append(cells)
    rows += [{"type": f"end_{kind}"} for kind in reversed(open_)]
    codes = chance.sample(["Yes", "No", "1", "2", "-98", "a-b", "01", "other", "a_choice_with_a_very_long_name"], 3)
    return {"survey": rows, "choices": [*items("l", *codes, kind=["x", "y", "x"]), *items("m", 1, 2)]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=True))
def test_a_form_made_by_chance_is_read_or_refused_and_goes_round(tmp_path: Path, chance: Random) -> None:
    try:
        imported = read_xlsform(build(tmp_path / "form.xlsx", **build_form(chance)))
    except DefinitionError as refused:
        said = str(refused)
        assert "no valid XLSForm" in said or "in a circle" in said or "No question of this form" in said
        assert "stumbles" not in said
        return
    (tmp_path / "back.xlsx").write_bytes(write_xlsform(imported.definition))
    again = read_xlsform(tmp_path / "back.xlsx")
    assert [remark.sentence() for remark in again.remarks] == []
    assert canonical(again.text) == canonical(imported.text)
    assert parts(again.definition) == parts(imported.definition)
