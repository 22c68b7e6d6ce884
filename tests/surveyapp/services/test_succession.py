"""Publishing again: an instrument that a partnership knows keeps its questions, or says that it does not."""

from __future__ import annotations

import json

import pytest
from builders import FEEDBACK, publish
from sqlalchemy import func, select

from surveyapp.database import Database
from surveyapp.errors import InvalidError
from surveyapp.models import Round
from surveyapp.services.succession import find_published


def feedback(version: str, **labels: str) -> str:
    """Give the feedback survey with this version, and other words for some of its questions."""
    read = json.loads(FEEDBACK.read_text(encoding="utf-8"))
    for section in read["sections"]:
        for question in section["questions"]:
            if question["id"] in labels:
                question["label"] = {**question["label"], "en": labels[question["id"]]}
    return json.dumps({**read, "version": version})


def test_a_reworded_question_is_refused_and_nothing_is_written(database: Database) -> None:
    publish(database)
    with pytest.raises(InvalidError) as refusal:
        publish(database, name="Autumn", definition=feedback("1.1.0", pf05="Is it clear?", pf06="Is it fair?"))
    assert [fault.split(" ")[1] for fault in refusal.value.faults] == ["`pf05`", "`pf06`", "Answers"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Round)) == 1


def test_a_major_version_another_partnership_and_the_same_content_are_let_through(database: Database) -> None:
    publish(database)
    changed = {"pf05": "Is it clear?"}
    publish(database, name="Autumn", definition=feedback("2.0.0", **changed))
    publish(database, name="Autumn", partnership="Hill Top", definition=feedback("1.1.0", **changed))
    publish(database, name="Winter")
    with database.reading() as session:
        versions = [one.version for one in find_published(session, "River Valley", "partnership_feedback")]
    assert versions == ["1.0.0", "2.0.0"]


def test_one_version_has_one_content(database: Database) -> None:
    publish(database, definition=feedback("1.0.0"))
    other = json.loads(feedback("1.0.0"))
    other["closing"] = "Goodbye"
    with pytest.raises(InvalidError) as refusal:
        publish(database, name="Autumn", definition=json.dumps(other))
    assert "Version 1.0.0 is not after 1.0.0, which has other content." in refusal.value.faults[0]
