"""Feeds: programs read what a token lets them, as it may be told, and nothing is sent twice."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import re

import pytest
from builders import publish
from collected import bring
from json_schema import find_faults
from respondents import ask, publish_small
from sqlalchemy import select
from staff import enter, post

from surveyapp.models import AuditEntry, FeedToken, User
from surveyapp.runtime import find_utc_now
from surveyapp.services.accounts import change_user
from surveyapp.services.feeds import add_token
from surveyapp.web.access import PROGRAM, list_routes

GOALS = {"id": "goals", "repeat": {"over": "entries", "label": "goal"}, "questions": [ask("goal")]}
SECTION = {"id": "one", "questions": [ask("who", "select_one"), ask("idea")]}


@pytest.fixture
def round_(database):
    round_ = publish_small(database, SECTION, GOALS)
    bring(database, round_, [{"who": n % 3 + 1, "idea": "=1+1", "goals": [{"goal": "Water"}]} for n in range(9)])
    return round_


@pytest.fixture
def ask_for(visitor, database, round_):
    """Give a call that reads an address under `/api/v1/rounds/1/` by a token of this level."""

    def call(path="responses.csv", level="research", method="get", secret="", **headers):
        if not secret:
            with database.writing() as session:
                wishes = {"name": "Power BI", "why": "a test", "actor": "x", "now": find_utc_now()}
                _, secret = add_token(session, partnership_id=round_.partnership_id, level=level, **wishes)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Authorization"] = f"Bearer {secret}"
        return getattr(visitor, method)(f"/api/v1/rounds/{round_.id}/{path}", headers=sent)

    return call


def read(answer):
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_rows_come_at_the_level_of_the_token_and_never_as_formulas(ask_for):
    research, restricted = read(ask_for()), read(ask_for(level="restricted"))
    assert {row["idea"] for row in research} == {"-91"}
    assert {row["idea"] for row in restricted} == {"'=1+1"}
    assert {len(row["started_at"]) for row in research} == {len("2026-03-02")}
    assert {row["goal"] for row in read(ask_for("rows/goals.csv", level="restricted"))} == {"Water"}
    assert ask_for("rows/nothing.csv").status_code == 404
    assert {row["who"] for row in read(ask_for("responses.csv?shown=labels"))} == {"Label 1", "Label 2", "Label 3"}
    assert ask_for("responses.csv?shown=everything").status_code == 422


def test_the_scorecard_is_the_one_that_may_be_told(visitor, database):
    round_ = publish(database, contacts=None, open_link=True)
    scales = {f"pf{n:02}": 4 for n in range(1, 7)}
    bring(database, round_, [{"pfc": 1, "finished_at": "", **scales} for _ in range(4)])
    with database.writing() as session:
        wishes = {"name": "Tableau", "why": "a test", "actor": "x", "now": find_utc_now(), "level": "research"}
        _, secret = add_token(session, partnership_id=round_.partnership_id, **wishes)
    answer = visitor.get(f"/api/v1/rounds/{round_.id}/scorecard.csv", headers={"Authorization": f"Bearer {secret}"})
    assert {row["score"] for row in read(answer)} == {""}


def test_what_a_program_has_already_is_not_sent_again_until_something_changes(ask_for, database, round_):
    first = ask_for()
    for tag in (first.headers["ETag"], f'"other", {first.headers["ETag"]}'):
        again = ask_for(If_None_Match=tag)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert ask_for(level="restricted", If_None_Match=first.headers["ETag"]).status_code == 200
    bring(database, round_, [{"who": 1, "idea": "one more", "goals": []}])
    assert ask_for(If_None_Match=first.headers["ETag"]).status_code == 200
    known = ask_for("scorecard.csv").headers["ETag"]
    assert ask_for("scorecard.csv", If_None_Match=known).status_code == 304


def test_head_and_gzip(ask_for):
    plain, pressed, head = ask_for(), ask_for(Accept_Encoding="gzip"), ask_for(method="head")
    assert gzip.decompress(pressed.data) == plain.data
    assert pressed.headers["Content-Length"] == str(len(pressed.data))
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", plain.headers["ETag"])
    assert pressed.headers["Cache-Control"] == "private, no-cache"


def test_a_token_is_shown_by_bearer_or_as_a_password_and_never_in_an_address(visitor, database, ask_for, round_):
    with database.writing() as session:
        wishes = {"name": "Excel", "why": "a test", "actor": "x", "now": find_utc_now(), "level": "research"}
        token, secret = add_token(session, partnership_id=round_.partnership_id, **wishes)
        assert secret not in (token.token_hash, token.name)
    path = f"/api/v1/rounds/{round_.code}/responses.csv"
    basic = base64.b64encode(f"anything:{secret}".encode()).decode()
    assert visitor.get(path, headers={"Authorization": f"Basic {basic}"}).status_code == 200
    for refused in (visitor.get(f"{path}?token={secret}"), ask_for(secret="svf_wrong"), ask_for(secret="\u00e9")):
        assert (refused.status_code, refused.json["faults"]) == (401, [])
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_rounds_of_others_and_unknown_ones_look_alike(visitor, database, ask_for, round_):
    other = publish(database, partnership="Elsewhere", contacts=None, open_link=True)
    with database.writing() as session:
        wishes = {"name": "Elsewhere", "why": "a test", "actor": "x", "now": find_utc_now(), "level": "research"}
        _, secret = add_token(session, partnership_id=other.partnership_id, **wishes)
    headers = {"Authorization": f"Bearer {secret}"}
    foreign = visitor.get(f"/api/v1/rounds/{round_.id}/responses.csv", headers=headers)
    unknown = visitor.get("/api/v1/rounds/999/responses.csv", headers=headers)
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.json["error"].replace(str(round_.id), "999") == unknown.json["error"]
    assert [one["id"] for one in visitor.get("/api/v1/rounds", headers=headers).json["rounds"]] == [other.id]


def test_guessing_is_slowed_down_and_a_revoked_token_is_no_guess(visitor, ask_for, database):
    assert ask_for().status_code == 200
    with database.writing() as session:
        session.scalars(select(FeedToken)).one().revoked_at = find_utc_now()
    statuses = [ask_for(secret=f"svf_{number}").status_code for number in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert ask_for(secret="svf_again").headers["Retry-After"] == "900"


def test_a_token_ends_when_it_is_revoked_and_with_the_login_that_made_it(visitor, database, ask_for, round_):
    enter(visitor, database)
    path = f"/console/rounds/{round_.id}/feeds"
    assert post(visitor, path, name="x", why="", level="research").status_code == 422
    secrets = []
    for name in ("Power BI", "Tableau"):
        page = post(visitor, path, name=name, why="the evaluation", level="research").text
        secrets.append(re.search(r'value="(svf_[^"]+)"', page)[1])
    assert secrets[0] not in visitor.get(path).text
    assert [ask_for(secret=secret).status_code for secret in secrets] == [200, 200]
    post(visitor, f"{path}/1/revoke")
    assert [ask_for(secret=secret).status_code for secret in secrets] == [401, 200]
    with database.writing() as session:
        user = session.scalars(select(User)).one()
        change_user(session, user, now=find_utc_now(), actor="x", password="another long password")
    assert [ask_for(secret=secret).status_code for secret in secrets] == [401, 401]
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("feed.%"))).all()
    assert sorted(acts) == ["feed.responses"] * 2 + ["feed.token.add"] * 2 + ["feed.token.revoke"]


def test_evaluators_make_no_tokens_and_another_partnership_cannot_revoke_one(visitor, database, ask_for, round_):
    assert ask_for().status_code == 200
    enter(visitor, database, role="evaluator")
    assert visitor.get(f"/console/rounds/{round_.id}/feeds").status_code == 403
    other = publish(database, partnership="Elsewhere", contacts=None, open_link=True)
    fresh = visitor.application.test_client()
    enter(fresh, database, partnership="Elsewhere")
    assert post(fresh, f"/console/rounds/{other.id}/feeds/1/revoke").status_code == 404


def test_the_description_knows_every_route_and_what_it_says_of_rounds_is_so(visitor, wsgi, database, round_):
    with database.writing() as session:
        wishes = {"name": "script", "why": "a test", "actor": "x", "now": find_utc_now(), "level": "research"}
        _, secret = add_token(session, partnership_id=round_.partnership_id, **wishes)
    told = visitor.get("/api/v1/openapi.json").json
    routes = {
        re.sub(r"<\w+>", lambda found: {"<reference>": "{round}"}.get(found[0], "{section}"), route.path)
        for route in list_routes(wsgi)
        if route.path.startswith("/api/")
    }
    assert {f"/api/v1{path}" for path in told["paths"]} == routes
    assert told["openapi"] == "3.1.0"
    names = [one["get"]["operationId"] for one in told["paths"].values()]
    assert {route.endpoint for route in list_routes(wsgi) if PROGRAM in route.roles} <= {f"feeds.{n}" for n in names}
    listed = visitor.get("/api/v1/rounds", headers={"Authorization": f"Bearer {secret}"}).json
    assert list(find_faults(told["components"]["schemas"]["Rounds"], listed, told)) == []
    assert visitor.get(listed["rounds"][0]["rows"]["goals"]).status_code == 401
