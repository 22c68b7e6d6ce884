"""Tokens for feeds by the command line: made, listed without their secret, revoked."""

from __future__ import annotations

import json

from builders import publish
from surveyapp_command import run as run


def test_a_token_is_printed_once_and_can_be_revoked(run, database):
    publish(database, contacts=None, open_link=True)
    command = ("token", "add", "Power BI", "--partnership", "River Valley", "--why", "the evaluation")
    code, out, _ = run(*command)
    assert (code, out.startswith("svf_"), len(out.strip()) > 30) == (0, True, True)
    listed = run("token", "list", "--json")[1]
    assert out.strip() not in listed
    (token,) = json.loads(listed)["tokens"]
    assert (token["level"], token["counts"]) == ("research", True)
    assert run("token", "revoke", token["id"])[0] == 0
    assert "ended" in run("token", "list")[1]
    assert run("token", "revoke", 99)[0] == 1
    assert run("token", "add", "Excel", "--partnership", "Nobody", "--why", "the evaluation")[0] == 1
