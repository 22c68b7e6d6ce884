"""What synthetic people write: something to whatever question there is, in every language."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from instruments import DEFINITIONS, TEXTED

from forms.definition import SMS
from forms.interview import Interview
from surveyapp.rehearsing.players import Player, write_reply


@pytest.mark.parametrize(("name", "language"), TEXTED)
def test_whatever_chance_says_there_is_a_reply_to_every_question(name, language):
    definition = DEFINITIONS[name]
    interview = Interview(
        definition, {}, date(2026, 3, 2), parameters=dict.fromkeys((one.id for one in definition.parameters), "River")
    )
    for question in interview.questions_in(SMS):
        for seed in range(300):
            player = Player("Ada", "+12025550101", "", language, "", Random(seed), reached=True)
            assert write_reply(player, interview, question, language)
