"""Deny by default: the census of routes."""

from datetime import timedelta

import pytest
from flask import Blueprint

from surveyapp import create_app
from surveyapp.runtime import find_utc_now
from surveyapp.services.heartbeats import beat
from surveyapp.web.access import ANYONE, DECLARABLE, GATEWAY, PROGRAM, RESPONDENT, STAFF, access, list_routes


def test_every_route_declares_who_may_use_it(app):
    undeclared = [route.path for route in list_routes(app) if not route.roles]
    assert undeclared == []


def test_no_route_mixes_staff_with_everybody(app):
    for route in list_routes(app):
        roles = set(route.roles)
        assert roles <= DECLARABLE
        assert len(roles) == 1 or roles <= set(STAFF), route


def test_everything_under_the_console_is_for_staff_and_nothing_else_but_the_known_doors_is_open(app):
    known = ("/static/", "/healthz", "/readyz", "/login", "/logout", "/r/", "/a/", "/sms/", "/api/v1/openapi.json")
    for route in list_routes(app):
        is_open = not set(route.roles).isdisjoint({ANYONE, RESPONDENT, GATEWAY})
        if route.path.startswith("/console"):
            assert not is_open, route
        if PROGRAM in route.roles:
            assert route.path.startswith("/api/v1/"), route
        if is_open and route.path != "/":
            assert route.path.startswith(known), route


def test_a_route_that_declares_nothing_stays_shut(settings):
    app = create_app(settings)
    door = Blueprint("forgotten", __name__)
    door.get("/forgotten")(lambda: "secrets")
    app.register_blueprint(door)
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 404
    assert "secrets" not in answer.text
    app.extensions["surveyapp"].database.close()


def test_a_stranger_is_let_into_no_door_of_the_staff(app, client):
    for route in list_routes(app):
        if set(route.roles) <= set(STAFF) and "GET" in route.methods:
            address = app.url_map.bind("localhost").build(route.endpoint, _give_arguments(app, route))
            answer = client.get(address)
            assert answer.status_code in (302, 303), route
            assert "/login" in answer.location


@pytest.mark.parametrize("who", [(), ("everybody",), ("admin", "guest")])
def test_only_known_roles_can_be_declared(who):
    with pytest.raises(ValueError, match="open to one or more"):
        access(*who)


def test_the_list_of_routes_names_methods_and_roles(app):
    routes = {route.path: route.as_json() for route in list_routes(app)}
    assert routes["/a/<token>/done"]["roles"] == (RESPONDENT,)
    assert routes["/healthz"]["methods"] == ("GET",)


def test_the_service_is_ready_only_while_somebody_runs_the_jobs(app, client, database):
    answer = client.get("/readyz")
    assert (answer.status_code, "surveyapp worker" in answer.text) == (503, True)
    for age, status in ((timedelta(minutes=4), 503), (timedelta(minutes=1), 200)):
        with database.writing() as session:
            beat(session, "a worker", find_utc_now() - age)
        assert client.get("/readyz").status_code == status


def test_the_service_is_ready_only_with_its_tables(app, client, database):
    with database.writing() as session:
        beat(session, "a worker", find_utc_now())
    assert client.get("/readyz").status_code == 200
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "not migrated" in answer.text
    assert client.get("/healthz").status_code == 200


def _give_arguments(app, route):
    """Some value for each variable part of an address: the first where only some words are possible, else 1."""
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == route.endpoint)
    return {name: next(iter(sorted(getattr(kind, "items", ["1"])))) for name, kind in rule._converters.items()}
