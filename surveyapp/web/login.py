"""Staff log in and out. Who changes a password, role or status ends every older login of that person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.datastructures import MultiDict

from surveyapp.errors import InvalidError
from surveyapp.models import User
from surveyapp.runtime import now, reading, settings, writing
from surveyapp.services.accounts import change_user, check_password, find_user
from surveyapp.services.logins import begin_attempt, find_login, record_login
from surveyapp.web.access import ANYONE, STAFF, access
from surveyapp.web.console_forms import LoginForm, PasswordForm

blueprint = Blueprint("login", __name__)
manager = LoginManager()
manager.session_protection = "strong"

WRONG = "The e-mail address or the password is not right."
KEPT = "kept-"
MOST_KEPT = 150_000
"""Characters of a form that wait while somebody logs in again; the whole request may have 256 KiB."""


@dataclass(frozen=True, slots=True)
class Staff(UserMixin):
    """Who is logged in, for as long as nothing about the account changes. `partnership_id` none: all of them."""

    id: int
    login_version: int
    email: str
    role: str
    partnership_id: int | None

    def get_id(self) -> str:
        """Give what the cookie holds: the account as it was when this login began."""
        return f"{self.id}:{self.login_version}"


def install(app: Flask) -> None:
    """Let the app know who is logged in."""
    manager.init_app(app)
    app.context_processor(lambda: {"console_path": "/console"})


def find_staff() -> Staff:
    """Give the member of staff whose request this is; only behind routes that are open to staff alone."""
    return cast(Staff, current_user._get_current_object())


@manager.user_loader
def load_staff(cookie: str) -> Staff | None:
    """Give the login of a cookie, if it still counts."""
    number, _, version = cookie.partition(":")
    if not (number.isascii() and number.isdigit() and version.isascii() and version.isdigit()):
        return None
    with reading() as session:
        user = find_login(session, int(number), int(version))
        return _make_staff(user) if user is not None else None


@manager.unauthorized_handler
def ask_to_log_in() -> ResponseReturnValue:
    """Send to the login and back; what was typed into a form waits in the login page.

    A POST comes here only after its CSRF token was found right, so that nobody else can plant a form.
    """
    if request.method == "GET":
        path = request.full_path if request.query_string else request.path
        return redirect(url_for("login.show", next=path))
    form = LoginForm(formdata=None, next=request.path)
    return _show(form, kept=_keep(request.form), notice="Your login has ended. What you typed is kept."), 401


@blueprint.get("/")
@access(ANYONE)
def lead_in() -> ResponseReturnValue:
    """Lead staff to the console; respondents come by links of their own."""
    return redirect("/console")


@blueprint.get("/login")
@access(ANYONE)
def show() -> ResponseReturnValue:
    """Ask for e-mail address and password."""
    target = clean_next(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(target)
    return _show(LoginForm(formdata=None, next=target))


@blueprint.post("/login")
@access(ANYONE)
def log_in() -> ResponseReturnValue:
    """Judge one try: count it, check the password outside every lock, then begin the login."""
    form = LoginForm()
    kept = [(name.removeprefix(KEPT), value) for name, value in request.form.items(multi=True) if _is_kept(name)]
    email, password = form.email.data or "", form.password.data or ""
    origin = {"address": request.remote_addr or "", "secret_key": settings().secret_key}
    if not form.validate():
        return _show(form, kept), 422
    with writing() as session:
        wait = begin_attempt(session, email=email, now=now(), **origin)
    if wait > timedelta(0):
        return _refuse_for_now(form, kept, wait)
    with reading() as session:
        found = check_password(session, email=email, password=password)
    if found is not None:
        with writing() as session:
            found = record_login(session, found.id, password=password, now=now(), **origin)
    if found is None:
        return _show(form, kept, fault=WRONG), 422
    login_user(_make_staff(found))
    target = clean_next(form.next.data or "")
    if kept:
        return render_template("console/resume.html", target=target, kept=kept)
    return redirect(target, 303)


@blueprint.post("/logout")
@access(ANYONE)
def log_out() -> ResponseReturnValue:
    """End this login."""
    logout_user()
    return redirect(url_for("login.show"), 303)


@blueprint.get("/console/account")
@access(*STAFF)
def show_account() -> ResponseReturnValue:
    """Show one's own account."""
    return render_template("console/account.html", form=PasswordForm(formdata=None), changed="changed" in request.args)


@blueprint.post("/console/account")
@access(*STAFF)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other login of the account ends, this one goes on."""
    staff, form = find_staff(), PasswordForm()
    if form.validate():
        with reading() as session:
            right = check_password(session, email=staff.email, password=form.password.data or "")
        if right is None:
            form.password.errors = ["That is not your password now."]
        else:
            try:
                with writing() as session:
                    user = find_user(session, staff.email)
                    change_user(session, user, now=now(), actor=staff.email, password=form.new_password.data)
            except InvalidError as error:
                form.new_password.errors = list(error.faults)
            else:
                login_user(_make_staff(user))
                return redirect(url_for("login.show_account", changed=1), 303)
    return render_template("console/account.html", form=form, changed=False), 422


def clean_next(target: str) -> str:
    """Give a path inside the console, or its home: no address of anybody else can be slipped in."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/console"
    inside = parts.path == "/console" or parts.path.startswith("/console/")
    harmless = target.isascii() and target.isprintable() and "\\" not in target and "//" not in target
    return target if inside and harmless and not parts.scheme and not parts.netloc else "/console"


def _make_staff(user: User) -> Staff:
    return Staff(user.id, user.login_version, user.email, user.role, user.partnership_id)


def _is_kept(name: str) -> bool:
    return name.startswith(KEPT) and name != KEPT + "csrf_token"


def _keep(typed: MultiDict[str, str]) -> list[tuple[str, str]]:
    kept = [pair for pair in typed.items(multi=True) if pair[0] != "csrf_token" and "password" not in pair[0]]
    return kept if sum(len(name) + len(value) for name, value in kept) <= MOST_KEPT else []


def _refuse_for_now(form: LoginForm, kept: list[tuple[str, str]], wait: timedelta) -> ResponseReturnValue:
    seconds = ceil(wait.total_seconds())
    span = f"{seconds} seconds" if seconds < 90 else f"{ceil(seconds / 60)} minutes"
    page = _show(form, kept, fault=f"Too many tries. Wait {span}, then try again.")
    return page, 429, {"Retry-After": str(seconds)}


def _show(form: LoginForm, kept: list[tuple[str, str]] | None = None, *, fault: str = "", notice: str = "") -> str:
    return render_template(
        "console/login.html",
        form=form,
        kept=[(KEPT + name, value) for name, value in kept or ()],
        fault=fault,
        notice=notice,
    )
