"""Recording many: what decides about the path of an interview is told apart from what does not."""

from __future__ import annotations

from datetime import date

import pytest
from instruments import DEFINITIONS

from forms.definition import WEB
from forms.recording import ABSENT, Recorder, Setting
from tests.sketches import definition, question

DAY = date(2026, 3, 2)


def test_rows_are_not_its_business() -> None:
    with_rows = next(one for one in DEFINITIONS.values() if one.repeats)
    with pytest.raises(ValueError, match="record_rows"):
        Recorder(with_rows, {})


def test_the_date_makes_a_difference_only_where_it_is_asked_for() -> None:
    assert Recorder(definition(question("text", "a", show_if="today() > '2026-06-01'")), {}).needs_today
    assert not Recorder(definition(question("text", "a")), {}).needs_today


def test_those_who_agree_in_what_decides_share_a_plan() -> None:
    recorder = Recorder(definition(question("scale", "a"), question("scale", "b", show_if="${a} > 2")), {})
    assert recorder.telling == ("a",)
    setting = Setting({}, DAY, WEB, True)
    more, less = (recorder.find_plan(setting, [answer]) for answer in (4, 1))
    assert recorder.find_plan(Setting({}, date(2026, 3, 3), WEB, True), [4]) is more
    assert (more.takes, less.takes) == ({"b"}, set())
    assert recorder.find_plan(setting, [ABSENT]) is not less
