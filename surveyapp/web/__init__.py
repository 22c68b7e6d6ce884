"""The doors: open the transaction, call one verb, answer. Every route declares who may pass (`web.access`)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy.orm import configure_mappers

from surveyapp.config import Settings, read_settings
from surveyapp.database import Database
from surveyapp.runtime import KEY, Runtime
from surveyapp.web import (
    access,
    answering,
    answers,
    audit,
    comments,
    confidences,
    console,
    contacts,
    downloads,
    errors,
    feeds,
    headers,
    health,
    imports,
    login,
    messages,
    previews,
    publishing,
    results,
    rounds,
    sharing,
    simulator,
    sms_hooks,
    tokens,
    unread,
)
from surveyapp.web.cookies import CookieSessions

csrf = CSRFProtect()

DOORS = (
    health,
    login,
    previews,
    publishing,
    rounds,
    contacts,
    sharing,
    messages,
    results,
    downloads,
    tokens,
    feeds,
    answers,
    imports,
    comments,
    confidences,
    unread,
    audit,
    sms_hooks,
    simulator,
    answering,
)


def build_app(settings: Settings | None = None) -> Flask:
    """Make the app with its doors; raises `ConfigurationError` with every fault."""
    settings = settings or read_settings()
    secure = urlsplit(settings.public_url).scheme == "https"
    app = Flask("surveyapp", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = CookieSessions()
    # Else the first people to come would wait for it, all threads of a process together.
    configure_mappers()
    app.extensions[KEY] = Runtime(settings, Database(settings.database_url, settings.kept_dir))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    headers.install(app)
    csrf.init_app(app)
    login.install(app)
    console.install(app)
    access.install(app)
    errors.install(app)
    for door in DOORS:
        app.register_blueprint(door.blueprint)
    for webhook in sms_hooks.webhooks:
        csrf.exempt(webhook)
    return app
