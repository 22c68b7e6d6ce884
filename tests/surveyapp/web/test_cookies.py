"""Sessions in signed cookies: proved with the key of the moment, by a serializer that is made once."""

from flask import Flask, session

from surveyapp.web.cookies import CookieSessions


def make_app():
    app = Flask("somewhere")
    app.session_interface = CookieSessions()
    app.secret_key = "the first key of this app"

    @app.get("/keep")
    def keep():
        session["kept"] = "yes"
        return ""

    @app.get("/")
    def tell():
        return session.get("kept", "no")

    return app


def test_a_session_lasts_and_its_serializer_is_made_once():
    app = make_app()
    client = app.test_client()
    client.get("/keep")
    assert client.get("/").text == "yes"
    assert app.session_interface.get_signing_serializer(app) is app.session_interface.get_signing_serializer(app)


def test_a_session_of_another_key_counts_no_more_unless_the_key_is_a_fallback():
    app = make_app()
    client = app.test_client()
    client.get("/keep")
    app.secret_key = "the second key of this app"
    assert client.get("/").text == "no"
    app.config["SECRET_KEY_FALLBACKS"] = ["the first key of this app"]
    assert client.get("/").text == "yes"


def test_without_a_key_there_is_no_session():
    app = make_app()
    app.secret_key = None
    assert app.session_interface.get_signing_serializer(app) is None
