"""What we are measured against: the same page drawn bare by Jinja, drawn by WTForms, and a raw durable insert."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

from flask import Flask, redirect, request
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

LABELS = ("Not at all", "A little", "Partly", "Mostly", "Fully")
CODES = ("1", "2", "3", "4", "5", "-98")
BARE_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="/static/a.css"></head><body><main><h1>{{ title }}</h1>
<form method="post">{% for q in questions %}<fieldset id="{{ q.id }}"><legend>{{ q.label }}</legend>
{% for c in q.choices %}<div><input type="radio" id="{{ q.id }}-{{ c.value }}" name="{{ q.id }}" value="{{ c.value }}">
<label for="{{ q.id }}-{{ c.value }}">{{ c.label }}</label></div>{% endfor %}</fieldset>{% endfor %}
<button name="action" value="next">Continue</button></form></main></body></html>"""
FORM_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Views</title></head><body><main>
<form method="post">{{ form.csrf_token }}{% for field in form if field.type == "RadioField" %}
<fieldset><legend>{{ field.label.text }}</legend>{% for choice in field %}<div>{{ choice }}{{ choice.label }}</div>
{% endfor %}</fieldset>{% endfor %}<button>Continue</button></form></main></body></html>"""


def make_bare_app(count: int = 15) -> Flask:
    """A Flask app whose page is so many questions drawn by a Jinja loop: no lookup, no CSRF, no piping."""
    app = Flask("bare")
    choices = [{"value": code, "label": label} for code, label in zip(CODES, (*LABELS, "Don't know"), strict=True)]
    questions = [
        {"id": f"q{n:02}", "label": f"Is goal {n} clear to you?", "choices": choices} for n in range(1, count + 1)
    ]

    template = app.jinja_env.from_string(BARE_PAGE)

    @app.get("/")
    def page() -> str:
        return template.render(title="Views", questions=questions)

    return app


def make_wtforms_app() -> Flask:
    """The same page by Flask-WTF, field by field."""
    app = Flask("naive")
    app.config["SECRET_KEY"] = "bench"
    choices = [SelectChoice(code, label) for code, label in zip(CODES, (*LABELS, "Don't know"), strict=True)]
    fields = {
        f"q{n:02}": RadioField(f"Is goal {n} clear to you?", choices=choices, validators=[InputRequired()])
        for n in range(1, 16)
    }
    form_class = type("Views", (FlaskForm,), fields)

    template = app.jinja_env.from_string(FORM_PAGE)

    @app.get("/")
    def page() -> str:
        return template.render(form=form_class())

    return app


def make_inserting_app(folder: str) -> Flask:
    """A Flask app that stores 15 posted answers as one row: raw sqlite3, WAL, FULL, one connection a thread."""
    app = Flask("inserting")
    kept = threading.local()

    def connect() -> sqlite3.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = sqlite3.connect(Path(folder, "raw.db"), isolation_level=None, timeout=15)
            kept.connection.execute("PRAGMA journal_mode=WAL")
            kept.connection.execute("PRAGMA synchronous=FULL")
        return kept.connection

    connect().execute("CREATE TABLE IF NOT EXISTS answers (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    @app.post("/")
    def store():
        body = {name: value for name, value in request.form.items() if name.startswith("q")}
        if len(body) != 15 or any(value not in CODES for value in body.values()):
            return "no", 422
        connection = connect()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO answers (body) VALUES (?)", (json.dumps(body),))
        connection.execute("COMMIT")
        return redirect("/", 303)

    return app
