"""Who may pass which door: every route declares it, and a route that declares nothing stays shut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from surveyapp.errors import RefusedError

ANYONE = "anyone"
"""No login and no secret is asked."""
RESPONDENT = "respondent"
"""The secret is in the address: the door itself looks the personal link up, and answers 404 to any other."""
GATEWAY = "gateway"
"""The door itself checks the gateway's signature."""
PROGRAM = "token"
"""The door itself looks the token in the header up, and answers 401 to any that does not count."""
STAFF = ("admin", "coordinator", "evaluator")
DECLARABLE = frozenset({ANYONE, RESPONDENT, GATEWAY, PROGRAM, *STAFF})

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "surveyapp_access"


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the service, its methods, and who may use it."""

    path: str
    endpoint: str
    methods: tuple[str, ...]
    roles: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the route as the command line prints it."""
        return asdict(self)


def access(*who: str) -> Callable[[View], View]:
    """Declare who may use a view: one of the words above, or roles of staff. Stands below the route."""
    unknown = set(who) - DECLARABLE
    if unknown or not who:
        raise ValueError(f"a view is open to one or more of {sorted(DECLARABLE)}, not to {sorted(unknown)}")

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, frozenset(who))
        return view

    return declare


def install(app: Flask) -> None:
    """Stand in front of every route of the app. Files of `static` are open to anyone."""
    if "static" in app.view_functions:
        access(ANYONE)(app.view_functions["static"])
    app.before_request(lambda: _check(app))


def list_routes(app: Flask) -> Iterator[Route]:
    """Give every route with its methods and roles, by path; no roles means that nobody may pass."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        methods = tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        yield Route(rule.rule, rule.endpoint, methods, tuple(sorted(_find_declared(app, rule.endpoint))))


def _find_declared(app: Flask, endpoint: str) -> frozenset[str]:
    declared: frozenset[str] = getattr(app.view_functions.get(endpoint), _ATTRIBUTE, frozenset())
    return declared


def _check(app: Flask) -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # routing has its own 404 and 405
    allowed = _find_declared(app, request.endpoint)
    if not allowed:
        app.logger.error("the route %s declares no access and stays shut", request.endpoint)
        abort(404)
    if not allowed.isdisjoint((ANYONE, RESPONDENT, GATEWAY, PROGRAM)):
        return None
    if not current_user.is_authenticated:
        refusal: ResponseReturnValue = app.login_manager.unauthorized()  # type: ignore[attr-defined]  # set by flask-login
        return refusal
    if current_user.role not in allowed:
        raise RefusedError("Your account may not do this. Ask an administrator if you need it.")
    return None
