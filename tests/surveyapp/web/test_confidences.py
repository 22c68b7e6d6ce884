"""What people tell in confidence is read by those who run the round, and by nobody else."""

import pytest
from respondents import Respondent, ask, publish_small
from staff import download, enter

TOLD = "They took my <b>field</b>."


@pytest.fixture
def confiding(wsgi, database):
    asked = [ask("open_word", "text"), ask("secret_word", "text", private=True)]
    round_ = publish_small(database, {"id": "one", "questions": asked}, name="Voice")
    respondent = Respondent(wsgi.test_client(), f"/r/{round_.code}")
    respondent.send(open_word="Hello", secret_word=TOLD)
    respondent.send("submit")
    return round_


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_those_who_run_the_round_read_it_without_a_name(wsgi, database, confiding, role):
    page = enter(wsgi.test_client(), database, role).get(f"/console/rounds/{confiding.id}/confidences").text
    assert "They took my &lt;b&gt;field&lt;/b&gt;." in page
    assert "Hello" not in page
    assert "In confidence" in page


def test_evaluators_do_not_and_no_export_has_it(wsgi, database, confiding):
    evaluator = enter(wsgi.test_client(), database, "evaluator")
    assert evaluator.get(f"/console/rounds/{confiding.id}/confidences").status_code in (403, 404)
    assert "In confidence" not in evaluator.get(f"/console/rounds/{confiding.id}").text
    coordinator = enter(wsgi.test_client(), database)
    table = download(coordinator, f"/console/rounds/{confiding.id}", level="restricted").text
    assert "field" not in table
    assert "Hello,-91" in table


def test_a_round_that_asks_nothing_in_confidence_has_no_such_tab(wsgi, database):
    round_ = publish_small(database, {"id": "one", "questions": [ask("a", "scale")]})
    coordinator = enter(wsgi.test_client(), database, "coordinator")
    assert "In confidence" not in coordinator.get(f"/console/rounds/{round_.id}").text
    assert "Nobody has told anything" in coordinator.get(f"/console/rounds/{round_.id}/confidences").text
