"""People sleep: texts wait for the morning of everybody whom the number may belong to."""

from datetime import UTC, datetime

import pytest

from surveyapp.sending import Sending
from surveyapp.services.quiet_hours import find_next_moment

SENDING = Sending(gateway="simulator", sender="+12025550100")
NIGHT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phone", "own", "moment"),
    [
        ("+254712345678", None, datetime(2026, 3, 2, 5, 0, tzinfo=UTC)),  # eight in Nairobi
        ("+12025550142", None, datetime(2026, 3, 2, 13, 0, tzinfo=UTC)),  # eight in Washington
        ("+12025550142", "Africa/Nairobi", datetime(2026, 3, 2, 5, 0, tzinfo=UTC)),  # the person's own zone wins
        ("+77011234567", None, datetime(2026, 3, 2, 3, 0, tzinfo=UTC)),  # eight in Almaty: now
        ("+18005550199", None, datetime(2026, 3, 2, 22, 0, tzinfo=UTC)),  # from Guam to Newfoundland
    ],
)
def test_a_text_waits_until_all_are_awake(phone, own, moment):
    assert find_next_moment(NIGHT, phone, own, "UTC", SENDING) == moment


def test_a_number_of_the_whole_world_goes_by_the_rounds_zone():
    assert find_next_moment(NIGHT, "+870773111632", None, "Asia/Tokyo", SENDING) == NIGHT
    assert find_next_moment(NIGHT, "+870773111632", None, "UTC", SENDING) == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_eight_in_the_morning_stays_eight_when_the_clocks_change():
    eve = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # the night in which Paris moves its clocks
    assert find_next_moment(eve, "+33612345678", "Europe/Paris", "UTC", SENDING) == datetime(
        2026, 3, 29, 6, 0, tzinfo=UTC
    )


def test_the_evening_waits_for_the_next_morning():
    evening = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # eight in the evening in Nairobi
    assert find_next_moment(evening, "+254712345678", None, "UTC", SENDING) == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
