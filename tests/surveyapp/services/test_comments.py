"""Comments below the doors: what was written beside a choice is one too."""

from __future__ import annotations

from builders import NOON, find_token, publish
from invited import answer
from respondents import ask, build_definition

from exports.comments import list_comments
from surveyapp.services.comments import find_passed, list_to_read
from surveyapp.services.exporting import build_study
from surveyapp.services.rounds import find_round

OTHER = [{"value": 1, "label": "Money"}, {"value": 9, "label": "Other", "specify": True}]
GAIN = ask("gain", "select_one", choices=OTHER)


def test_what_people_write_beside_a_choice_is_a_comment(database):
    definition = build_definition({"id": "one", "questions": [GAIN, ask("why")]})
    round_ = publish(database, definition=definition, confidentiality="named")
    with database.reading() as session:
        study = build_study(session, find_round(session, round_.code), NOON)
        name = study.definition.questions["gain"].specification.id
    answer(database, find_token(database, round_, "Amina"), {"gain": 9, name: "A bridge", "why": "Because"})
    with database.reading() as session:
        found = find_round(session, round_.code)
        comments = list(list_comments(build_study(session, found, NOON)))
        page = list_to_read(session, found, NOON)
        assert find_passed(session, found, NOON) == ([], {})
    assert {(one.question_id, one.text) for one in comments} == {(name, "A bridge"), ("why", "Because")}
    assert page.counts["unread"] == 2
