from __future__ import annotations

import pytest

from surveyapp.errors import SurveyAppError
from surveyapp.gateways.simulator import is_fictional, make_fictional, read_fictional


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+1 (202) 555-0123", "+12025550123"),
        ("+44 7700 900123", "+447700900123"),
        ("+33 6 39 98 12 34", "+33639981234"),
    ],
)
def test_a_number_that_belongs_to_nobody_is_read_as_people_type_it(typed, number):
    assert read_fictional(typed) == number


@pytest.mark.parametrize("typed", ["+12025551123", "+12025550200", "+447700901000", "+33639971234", "2025550123", "me"])
def test_a_number_that_could_belong_to_somebody_is_refused(typed):
    with pytest.raises(SurveyAppError):
        read_fictional(typed)


def test_the_numbers_that_are_made_belong_to_nobody():
    numbers = [make_fictional() for _ in range(200)]
    assert all(map(is_fictional, numbers))
    assert all(read_fictional(number) == number for number in numbers)
