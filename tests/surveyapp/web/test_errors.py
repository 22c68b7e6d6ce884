"""What goes wrong becomes a calm page with the right status."""

import pytest
from builders import publish
from flask import Blueprint
from live import read_hidden

from surveyapp import create_app
from surveyapp.errors import InvalidError
from surveyapp.web.access import ANYONE, access


@pytest.fixture
def app(settings):
    """The app with doors that fail, each in its own way."""
    app = create_app(settings)
    door = Blueprint("failing", __name__)

    @door.get("/fails")
    @access(ANYONE)
    def fail():
        raise ZeroDivisionError("secret detail")

    @door.post("/saves")
    @access(ANYONE)
    def save():
        raise InvalidError("Two things are wrong.", ["The <name> is missing.", "The date is past."])

    app.register_blueprint(door)
    app.register_blueprint(door, url_prefix="/api/v1", name="failing_api")
    yield app
    app.extensions["surveyapp"].database.close()


def test_an_unknown_address_is_not_found(client):
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "Page not found" in page.text


def test_a_method_that_is_not_possible_says_which_are(client, database):
    page = client.delete("/healthz")
    assert page.status_code == 405
    assert "GET" in page.headers["Allow"]
    assert "<h1>" in page.text


def test_our_own_fault_shows_no_details_of_ours(client):
    page = client.get("/fails")
    assert page.status_code == 500
    assert "our fault" in page.text
    assert "secret detail" not in page.text


def test_every_fault_of_what_was_sent_is_listed_as_text(app, client):
    token = read_hidden(client.get(_start(app)).text)["csrf_token"]
    page = client.post("/saves", data={"csrf_token": token})
    assert page.status_code == 422
    assert "The &lt;name&gt; is missing." in page.text
    assert "The date is past." in page.text


def test_programs_get_json(app, client):
    token = read_hidden(client.get(_start(app)).text)["csrf_token"]
    answer = client.post("/api/v1/saves", data={"csrf_token": token})
    assert answer.status_code == 422
    assert answer.json == {
        "error": "Two things are wrong.",
        "faults": ["The <name> is missing.", "The date is past."],
    }


def test_a_stale_form_of_our_own_can_be_sent_again_with_what_was_typed(client):
    page = client.post(
        "/saves", data={"name": "A <b> name", "password": "hidden"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert page.status_code == 400
    fields = read_hidden(page.text)
    assert fields["name"] == "A <b> name"
    assert "password" not in fields
    assert client.post("/saves", data=fields).status_code == 422


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_a_form_from_elsewhere_is_never_offered_for_sending(client, site):
    page = client.post("/saves", data={"name": "forged"}, headers={"Sec-Fetch-Site": site} if site else {})
    assert page.status_code == 400
    assert "forged" not in page.text


def _start(app) -> str:
    return f"/r/{publish(app.extensions['surveyapp'].database, open_link=True).code}"
