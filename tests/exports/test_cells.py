import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.cells import GUARDED_STARTS, guard, unguard


@pytest.mark.parametrize("start", GUARDED_STARTS)
def test_text_that_a_spreadsheet_could_run_begins_with_an_apostrophe(start):
    assert guard(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("start", ["\uff1d", "\uff0b", "\uff0d", "\uff20", "\n"])
def test_full_width_forms_and_line_ends_are_guarded_too(start):
    assert guard(start) == f"'{start}"


@pytest.mark.parametrize("text", ["", "plain", "a=1", "1-2", " =1"])
def test_other_text_stays_as_it_is(text):
    assert guard(text) == text


@given(st.text() | st.text(alphabet="'=+-@\t\r\n x"))
def test_the_guard_comes_off_exactly(text):
    assert unguard(guard(text)) == text
