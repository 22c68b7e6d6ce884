"""Invited people who answer, below the doors: their interview begun, answered and ended in one go."""

from __future__ import annotations

from builders import NOON

from surveyapp.database import Database
from surveyapp.services.interviews import (
    Change,
    begin_invited,
    finish_interview,
    note_standing,
    record_answers,
)
from surveyapp.services.standings import find_interview

SCALES = [f"pf{n:02}" for n in range(1, 7)]
WEB = {"pfc": 1, **dict.fromkeys(SCALES, 4), "pf07": 9, "pf08": None} | {
    **{f"pf{n:02}": 4 for n in range(9, 16)},
    "pf16": (1, 3),
    "pf17": 1,
}
"""Answers to all that the feedback survey asks on the web."""


def answer(database: Database, token: str, answers, *, finish: bool = True, channel: str = "web", stop: bool = False):
    """Let whoever has this personal token answer."""
    with database.writing() as session:
        standing = begin_invited(session, find_interview(session, token, NOON, lock=True), channel=channel, now=NOON)
        changes = {id_: Change(value) for id_, value in answers.items()}
        standing = record_answers(session, standing, changes, channel=channel, key=f"k{standing.id}", now=NOON)
        if finish:
            standing = finish_interview(session, standing, channel=channel, now=NOON)
        if stop:
            note_standing(session, standing, state="stopped")
