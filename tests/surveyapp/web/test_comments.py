"""Comments in the console: read by those who run the round, told to everybody else only then."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from builders import INSTRUMENTS, NOON, find_token, publish
from invited import WEB, answer
from sqlalchemy import select
from staff import enter, post
from surveyapp_command import run as run

from surveyapp.models import AuditEntry
from surveyapp.services.rounds import close_round, find_round

NAMES = [f"Person{letter} Example" for letter in "ABCDEFG"]
CONTACTS = "name,email,group\n" + "".join(f"{name},{name[6]}@example.org,community\n" for name in NAMES)


@pytest.fixture
def round_(database):
    """A confidential round of seven people who wrote something, closed."""
    found = publish(database, contacts=CONTACTS)
    for number, name in enumerate(NAMES):
        answer(database, find_token(database, found, name), {**WEB, "pf08": f"More <b>water</b> {number}, ask PersonA"})
    close(database, found)
    return found


def close(database, round_):
    with database.writing() as session:
        close_round(session, find_round(session, round_.code), actor="a", now=NOON + timedelta(days=1))


def list_forms(page: str) -> list[tuple[str, str, str]]:
    """Give key, version and words of every comment to be read."""
    keys = re.findall(r'name="key" value="(\w+)"><input type="hidden" name="version" value="(\d+)"', page)
    words = [unescape(one) for one in re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)]
    return [(*key, text) for key, text in zip(keys, words, strict=True)]


def read(visitor, round_, **query):
    return visitor.get(f"/console/rounds/{round_.id}/comments/read", query_string=query).text


def decide(visitor, round_, key, outcome, words="", version="0", **more):
    path = f"/console/rounds/{round_.id}/comments/read"
    return post(visitor, path, key=key, version=version, outcome=outcome, words=words, **more)


def test_names_are_replaced_before_a_person_reads_and_only_what_they_let_pass_is_told(
    visitor, database, round_, run, tmp_path
):
    enter(visitor, database)
    assert "Read the 7 comments that wait" in visitor.get(f"/console/rounds/{round_.id}/comments").text
    forms = list_forms(read(visitor, round_))
    assert len(forms) == 7
    assert all("ask [name]" in words and "PersonA" not in words for *_, words in forms)
    (first, *_), (second, *_), (third, _, words) = forms[:3]
    assert decide(visitor, round_, first, "shown", "More water =x").status_code == 303
    assert decide(visitor, round_, second, "kept_back").status_code == 303
    assert decide(visitor, round_, third, "shown", words).status_code == 303
    page = visitor.get(f"/console/rounds/{round_.id}/comments").text
    assert "More water =x" in page
    assert "More &lt;b&gt;water&lt;/b&gt;" in page
    assert page.count("<blockquote") == 2
    assert "Read the 4 comments that wait" in page
    file = visitor.get(f"/console/rounds/{round_.id}/comments.csv").text
    assert run("comments", round_.code, "--output", tmp_path / "comments.csv")[0] == 0
    assert (tmp_path / "comments.csv").read_text("utf-8").splitlines() == file.splitlines()
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {row["comment"] for row in rows} == {"More water =x", words}
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.action == "comment.read")).all()
    assert [act.detail["outcome"] for act in acts] == ["shown", "kept_back", "shown"]
    assert "water" not in repr([act.detail for act in acts])


def test_the_report_quotes_what_passed_on_the_page_and_in_files(visitor, database, round_):
    enter(visitor, database)
    path = f"/console/rounds/{round_.id}"
    assert "What people wrote" not in visitor.get(f"{path}/results").text
    key, *_ = list_forms(read(visitor, round_))[0]
    decide(visitor, round_, key, "shown", "More <i>water</i>\nfor all")
    for place in ("results", "scorecard.html"):
        page = visitor.get(f"{path}/{place}").text
        assert "What people wrote" in page
        assert "“More &lt;i&gt;water&lt;/i&gt; for all”" in page
    second, *_ = list_forms(read(visitor, round_))[0]
    decide(visitor, round_, second, "shown", "#panic() *x* _y_ `z $1$ \\u{0} @ref <label> مياه 水 https://x.org")
    assert visitor.get(f"{path}/scorecard.pdf").data.startswith(b"%PDF")
    assert visitor.get(f"{path}/scorecard.xlsx").status_code == 200
    assert "water" not in visitor.get(f"{path}/scorecard.csv").text


def test_evaluators_see_what_passed_and_nothing_else(visitor, database, round_):
    enter(visitor, database, "evaluator")
    page = visitor.get(f"/console/rounds/{round_.id}/comments").text
    assert "No comment can be shown so far" in page
    assert "water" not in page
    assert visitor.get(f"/console/rounds/{round_.id}/comments/read").status_code == 403
    assert decide(visitor, round_, "x", "shown", "y").status_code == 403


def test_it_can_be_decided_anew_but_not_over_somebody_elses_head(visitor, database, round_):
    enter(visitor, database)
    key, *_ = list_forms(read(visitor, round_))[0]
    decide(visitor, round_, key, "shown", "Yes")
    late = decide(visitor, round_, key, "kept_back", version="0")
    assert (late.status_code, "Somebody else has read this comment" in late.text) == (409, True)
    ((_, version, words),) = list_forms(read(visitor, round_, show="shown"))
    assert (version, words) == ("1", "Yes")
    decide(visitor, round_, key, "kept_back", version=version)
    assert list_forms(read(visitor, round_, show="shown")) == []
    assert len(list_forms(read(visitor, round_, show="kept_back"))) == 1


def test_faults_are_said_beside_the_words_that_were_typed(visitor, database, round_):
    enter(visitor, database)
    key, *_ = list_forms(read(visitor, round_))[0]
    empty = decide(visitor, round_, key, "shown", "  ")
    assert (empty.status_code, "Leave some words" in empty.text) == (422, True)
    assert f'href="#words-{key}"' in empty.text
    assert decide(visitor, round_, "nothing", "shown", "x").status_code == 404


def test_while_a_confidential_round_is_open_nobody_sees_a_comment_appear(visitor, database):
    round_ = publish(database, contacts=CONTACTS)
    answer(database, find_token(database, round_, NAMES[0]), {**WEB, "pf08": "Just now"})
    enter(visitor, database)
    for path in ("comments", "comments/read"):
        page = visitor.get(f"/console/rounds/{round_.id}/{path}").text
        assert "read after its close" in page
        assert "Just now" not in page


def test_of_fewer_than_k_people_nothing_is_told_though_it_was_read(visitor, database):
    round_ = publish(database, contacts=CONTACTS, confidentiality="named")
    for name in NAMES[:4]:
        answer(database, find_token(database, round_, name), {**WEB, "pf08": "Few words"})
    enter(visitor, database)
    for key, version, words in list_forms(read(visitor, round_)):
        decide(visitor, round_, key, "shown", words, version)
    assert "Few words" not in visitor.get(f"/console/rounds/{round_.id}/comments").text
    close(database, round_)
    assert visitor.get(f"/console/rounds/{round_.id}/comments.csv").text.strip() == "question,group,comment"


def test_rounds_that_ask_for_no_words_have_no_such_tab(visitor, database):
    round_ = publish(
        database,
        definition=(INSTRUMENTS / "joint_action_plan.json").read_bytes(),
        parameters={},
        contacts=None,
        open_link=True,
    )
    enter(visitor, database)
    assert "/comments" not in visitor.get(f"/console/rounds/{round_.id}").text
