"""Settings from the environment, every fault printed at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from surveyapp.errors import ConfigurationError

PREFIX = "SURVEYAPP_"
INSTALLED_DEFINITIONS = Path(__file__).parent / "survey_definitions"
CHECKOUT_DEFINITIONS = Path(__file__).parent.parent / "survey_definitions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process runs. `public_url` has no slash at its end; `demo` opens what only a rehearsal may."""

    secret_key: str
    data_dir: Path
    database_url: str
    definitions_dir: Path
    public_url: str
    sms_gateway: str
    sms_from: str
    twilio_account_sid: str
    twilio_auth_token: str
    demo: bool = False


class _SettingsSchema(Schema):
    """The environment's names without their prefix, in lower case."""

    secret_key = fields.String(
        required=True,
        validate=validate.Length(min=16, error="needs at least 16 characters"),
        error_messages={
            "required": "is not set. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))', and keep it: personal links depend on it"
        },
    )
    data_dir = fields.String(load_default="./var")
    database_url = fields.String(load_default="")
    definitions_dir = fields.String(load_default="")
    public_url = fields.String(load_default="http://127.0.0.1:8000")
    sms_gateway = fields.String(
        load_default="simulator",
        validate=validate.OneOf(["simulator", "twilio"], error="is {input}; it can be one of: {choices}"),
    )
    sms_from = fields.String(load_default="")
    twilio_account_sid = fields.String(load_default="")
    twilio_auth_token = fields.String(load_default="")
    twilio_from = fields.String(load_default="")
    twilio_api_url = fields.String(load_default="")
    jobs_url = fields.String(load_default="")
    demo = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """See that what depends on each other is there; settings with a fault of their own may be absent."""
        faults: dict[str, list[str]] = {}
        url = urlsplit(data["public_url"])
        if url.scheme not in ("http", "https") or not url.hostname:
            faults["public_url"] = [f"is {data['public_url']!r}; it must look like https://survey.example.org"]
        if data["database_url"]:
            try:
                backend = make_url(data["database_url"]).get_backend_name()
            except ArgumentError:
                backend = ""
            if backend not in ("sqlite", "postgresql"):
                faults["database_url"] = ["must begin with sqlite:/// or postgresql+psycopg://"]
        if data.get("sms_gateway") == "twilio":
            for name in ("twilio_account_sid", "twilio_auth_token", "twilio_from"):
                if not data[name]:
                    faults[name] = ["is not set, and the twilio gateway needs it"]
        if faults:
            raise ValidationError(faults)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Settings:
        """Fill in what follows from the rest."""
        data_dir = Path(data["data_dir"]).absolute()
        installed = INSTALLED_DEFINITIONS if INSTALLED_DEFINITIONS.is_dir() else CHECKOUT_DEFINITIONS
        return Settings(
            secret_key=data["secret_key"],
            data_dir=data_dir,
            database_url=data["database_url"] or f"sqlite:///{data_dir / 'surveyapp.db'}",
            definitions_dir=Path(data["definitions_dir"]) if data["definitions_dir"] else installed,
            public_url=data["public_url"].rstrip("/"),
            sms_gateway=data["sms_gateway"],
            sms_from=data["twilio_from"] if data["sms_gateway"] == "twilio" else (data["sms_from"] or "+12025550100"),
            twilio_account_sid=data["twilio_account_sid"],
            twilio_auth_token=data["twilio_auth_token"],
            demo=data["demo"],
        )


def read_settings(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read `SURVEYAPP_*` settings; `overrides` (by lower-case name) win.

    Raises `ConfigurationError` with every fault.
    """
    environment = os.environ if environment is None else environment
    given: dict[str, object] = {
        name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)
    }
    given.update({name: value for name, value in overrides.items() if value is not None})
    try:
        settings: Settings = _SettingsSchema().load(given)
    except ValidationError as error:
        messages = cast("dict[str, list[str]]", error.messages)
        faults = [f"{PREFIX}{name.upper()}: {'; '.join(sentences)}" for name, sentences in messages.items()]
        faults = [fault.replace("Unknown field.", "is not a setting that surveyapp knows") for fault in faults]
        raise ConfigurationError("surveyapp is not configured", faults) from None
    return settings
