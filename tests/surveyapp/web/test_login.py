"""Staff log in and out: one answer to every wrong try, no way out of the console, nothing typed is lost."""

from datetime import UTC, datetime

import pytest
from builders import publish
from staff import PASSWORD, add_staff, enter, find_csrf_token, log_in, post

from surveyapp.services.accounts import change_user, find_user
from surveyapp.web.login import clean_next

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_console_asks_to_log_in_first_and_goes_on_where_one_wanted_to_go(visitor, database):
    email = add_staff(database)
    answer = visitor.get("/console/rounds/new?x=1")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/console/rounds/new?x%3D1"
    page = visitor.get(answer.location).text
    assert 'name="next" value="/console/rounds/new?x=1"' in page
    assert log_in(visitor, email, next="/console/rounds/new?x=1").location == "/console/rounds/new?x=1"


def test_the_bare_address_leads_to_the_console(visitor, database):
    assert visitor.get("/").location == "/console"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/console//evil.example",
        "/console\\@evil.example",
        "/consoles",
        "javascript:alert(1)",
        "/console\r\nSet-Cookie: x=1",
        "/login",
        "https:/console",
        "",
        "/console/\u202e",
        "[",
        "http://[/console",
    ],
)
def test_no_address_of_anybody_else_can_be_slipped_in(visitor, database, target):
    email = add_staff(database)
    assert clean_next(target) == "/console"
    assert log_in(visitor, email, next=target).location == "/console"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visitor, database):
    email = add_staff(database)
    wrong, unknown = log_in(visitor, email, "wrong password"), log_in(visitor, "nobody@example.org", "wrong password")
    assert wrong.status_code == unknown.status_code == 422
    strip = [answer.text.replace(email, "").replace("nobody@example.org", "") for answer in (wrong, unknown)]
    tokens = [find_csrf_token(answer.text) for answer in (wrong, unknown)]
    assert strip[0].replace(tokens[0], "") == strip[1].replace(tokens[1], "")
    assert "The e-mail address or the password is not right." in wrong.text
    assert "wrong password" not in wrong.text


def test_empty_fields_are_named_and_do_not_count_as_a_try(visitor, database):
    email = add_staff(database)
    for _ in range(12):
        page = log_in(visitor, email, "")
        assert page.status_code == 422
    assert "Give your password." in page.text
    assert log_in(visitor, email).status_code == 303


def test_after_ten_failures_even_the_right_password_waits_and_is_told_how_long(visitor, database):
    email = add_staff(database)
    for _ in range(10):
        assert log_in(visitor, email, "wrong").status_code == 422
    answer = log_in(visitor, email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "Too many tries" in answer.text
    assert visitor.get("/console").status_code == 302


def test_logging_out_is_a_post_and_ends_the_login(visitor, database):
    enter(visitor, database)
    assert visitor.get("/logout").status_code == 405
    assert post(visitor, "/logout").location == "/login"
    assert visitor.get("/console").status_code == 302


@pytest.mark.parametrize("path", ["/login", "/logout", "/console/account", "/console/rounds/1/close"])
def test_no_form_is_taken_without_its_token(visitor, database, path):
    enter(visitor, database)
    assert visitor.post(path, data={"name": "x"}).status_code == 400
    assert visitor.get("/console").status_code == 200


@pytest.mark.parametrize("change", [{"password": "another password"}, {"role": "evaluator"}, {"active": False}])
def test_a_change_of_the_account_ends_its_login_at_once(visitor, database, change):
    enter(visitor, database)
    with database.writing() as session:
        change_user(session, find_user(session, "coordinator@example.org"), now=NOW, actor="admin", **change)
    assert visitor.get("/console").status_code == 302


def test_changing_ones_own_password_ends_other_logins_and_keeps_this_one(wsgi, visitor, database):
    enter(visitor, database)
    other = wsgi.test_client()
    log_in(other, "coordinator@example.org")
    new = {"new_password": "an even longer password", "again": "an even longer password"}
    assert post(visitor, "/console/account", password="wrong", **new).status_code == 422
    assert post(visitor, "/console/account", password=PASSWORD, new_password="a", again="b").status_code == 422
    assert post(visitor, "/console/account", password=PASSWORD, **new).status_code == 303
    assert visitor.get("/console").status_code == 200
    assert other.get("/console").status_code == 302


def test_a_password_that_is_too_short_is_refused_on_the_page_that_asked(visitor, database):
    enter(visitor, database)
    answer = post(visitor, "/console/account", password=PASSWORD, new_password="short", again="short")
    assert answer.status_code == 422
    assert "A password has 8 to 256 characters" in answer.text
    assert "Change the password" in answer.text


def test_a_stolen_cookie_is_worth_nothing_in_another_browser(wsgi, visitor, database):
    enter(visitor, database)
    cookie = visitor.get_cookie("session").value
    thief = wsgi.test_client()
    thief.set_cookie("session", cookie)
    assert thief.get("/console", headers={"User-Agent": "another browser"}).status_code == 302


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(visitor, database):
    email = add_staff(database)
    cookie = log_in(visitor, email).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_what_was_typed_waits_while_somebody_logs_in_again(visitor, database):
    round_ = publish(database)
    enter(visitor, database)
    token = find_csrf_token(visitor.get("/console/account").text)
    with database.writing() as session:
        change_user(
            session,
            find_user(session, "coordinator@example.org"),
            now=NOW,
            actor="admin",
            password="another password",
        )
    path = f"/console/rounds/{round_.id}/close"
    page = visitor.post(path, data={"csrf_token": token, "name": "Spring <2026>"})
    assert page.status_code == 401
    assert 'name="kept-name" value="Spring &lt;2026&gt;"' in page.text
    resumed = log_in(
        visitor, "coordinator@example.org", "another password", next=path, **{"kept-name": "Spring <2026>"}
    )
    assert f'action="{path}"' in resumed.text
    assert 'name="name" value="Spring &lt;2026&gt;"' in resumed.text


def test_a_form_of_a_foreign_page_is_never_kept_for_sending(wsgi, visitor, database):
    round_ = publish(database)
    stranger = wsgi.test_client()
    answer = stranger.post(f"/console/rounds/{round_.id}/close", data={"name": "Spring 2026"})
    assert answer.status_code == 400
    assert "Spring 2026" not in answer.text
