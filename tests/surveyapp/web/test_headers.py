"""What every answer carries."""

import gzip

import pytest
from builders import publish
from respondents import Respondent

from surveyapp.web import headers


@pytest.fixture
def link(client, database) -> str:
    return Respondent(client, f"/r/{publish(database, open_link=True).code}").link


def test_a_page_may_load_nothing_but_our_own_files_and_stand_in_no_frame(client, link):
    policy = client.get(link).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/nowhere", "/healthz", "/static/surveyapp.css"])
def test_every_answer_is_protected(client, path):
    answer = client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Content-Security-Policy" in answer.headers
    answer.close()


def test_personal_pages_are_kept_by_nobody(client, link):
    for path in (link, f"{link}/done", "/a/unknown"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_respondents_page_sets_only_the_cookie_that_guards_its_form(client, database):
    round_ = publish(database, open_link=True)
    cookies = client.get(f"/r/{round_.code}").headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["session"]
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:81", "local host", "[::1", "x:y"]
)
def test_an_unknown_host_is_refused(client, host):
    assert client.get("/r/whatever", headers={"Host": host}).status_code == 400


def test_an_unknown_host_is_refused_before_anything_is_judged(client, link):
    assert client.post(link, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost:80"])
def test_our_own_name_is_known_in_every_spelling(client, host):
    assert client.get("/nowhere", headers={"Host": host}).status_code == 404


def test_watchers_may_ask_by_any_address(client):
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_text_is_pressed_for_who_can_unpress_it(client, link):
    plain = client.get(link)
    pressed = client.get(link, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert pressed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in pressed.vary
    assert len(pressed.data) < len(plain.data)
    assert "<form" in gzip.decompress(pressed.data).decode()
    refused = client.get(link, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_files_are_kept_for_good_under_the_hash_of_their_content(app, client):
    url = app.jinja_env.globals["static_url"]("surveyapp.css")
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"--accent" in gzip.decompress(answer.data)
    bare = client.get("/static/surveyapp.css")
    assert "immutable" not in bare.headers["Cache-Control"]
    bare.close()


def test_the_policy_names_no_other_host():
    assert "http" not in headers.CONTENT_SECURITY_POLICY
