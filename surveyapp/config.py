"""Settings from the environment, every fault printed at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from surveyapp.errors import ConfigurationError
from surveyapp.sending import PriceList, Sending, has_country, read_countries, read_prices, read_sender

PREFIX = "SURVEYAPP_"
INSTALLED_DEFINITIONS = Path(__file__).parent / "survey_definitions"
CHECKOUT_DEFINITIONS = Path(__file__).parent.parent / "survey_definitions"
GATEWAYS = ("simulator", "twilio", "http")
NEEDED = {
    "twilio": ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    "http": ("http_gateway_url", "http_gateway_secret", "sms_from"),
}
"""What a gateway cannot do without: nothing is believed and nothing is sent without a secret."""
JOBS = ("sqlite", "postgresql", "redis", "rediss")
NOWHERE_ELSE: frozenset[str] = frozenset()
Given = TypeVar("Given")


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
    sending: Sending
    twilio_api_url: str = ""
    http_gateway_url: str = ""
    http_gateway_secret: str = ""
    jobs_url: str = ""
    demo: bool = False

    @property
    def kept_dir(self) -> Path:
        """Where finished files and copies of answers are kept, all of which may be deleted at any time."""
        return self.data_dir / "exports" / "kept"


def read_hours(text: str) -> tuple[int, int]:
    """Read the hours in which people may be texted, as `8-20`; raises `ValueError` for what is none."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*-\s*(\d{1,2})\s*", text)
    if match is None or not 0 <= int(match[1]) < int(match[2]) <= 24:
        raise ValueError(f"{text!r} must look like 8-20")
    return int(match[1]), int(match[2])


class _Read(fields.Field[Any]):
    """A setting whose text a function of ours reads; its `ValueError` is the fault."""

    def __init__(self, read: Callable[[str], Given], *, load_default: Given) -> None:
        super().__init__(load_default=load_default)
        self._read = read

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self._read(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


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
        validate=validate.OneOf(GATEWAYS, error="is {input}; it can be one of: {choices}"),
    )
    sms_from = _Read(read_sender, load_default="")
    sms_rate = fields.Float(
        load_default=1.0,
        validate=validate.Range(0, 1_000, min_inclusive=False, error="must be segments a second, above 0"),
    )
    sms_price = _Read(read_prices, load_default=PriceList())
    sms_countries = _Read(read_countries, load_default=NOWHERE_ELSE)
    sms_most_a_day = fields.Integer(
        load_default=100_000, validate=validate.Range(0, error="must be 0 or more segments")
    )
    sms_most_per_number = fields.Integer(load_default=3, validate=validate.Range(0, error="must be 0 or more"))
    sms_hours = _Read(read_hours, load_default=(8, 20))
    http_gateway_url = fields.String(load_default="")
    http_gateway_secret = fields.String(load_default="")
    twilio_account_sid = fields.String(load_default="")
    twilio_auth_token = fields.String(load_default="")
    twilio_from = _Read(read_sender, load_default="")
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
        gateway = data.get("sms_gateway", "")
        for name in NEEDED.get(gateway, ()):
            if not data[name]:
                faults[name] = [f"is not set, and the {gateway} gateway needs it"]
        ours = data.get({"twilio": "twilio_from", "http": "sms_from"}.get(gateway, ""), "")
        if ours and not has_country(ours) and data.get("sms_countries") == NOWHERE_ELSE:
            faults["sms_countries"] = [f"is not set, and {ours} tells no country: say where texts may go, as KE, UG"]
        for name in ("twilio_api_url", "http_gateway_url"):
            if data[name] and urlsplit(data[name]).scheme not in ("http", "https"):
                faults[name] = [f"is {data[name]!r}; it must begin with https:// (or http://)"]
        if data["jobs_url"] and urlsplit(data["jobs_url"]).scheme not in JOBS:
            faults["jobs_url"] = [f"must begin with one of: {', '.join(f'{scheme}://' for scheme in JOBS)}"]
        if faults:
            raise ValidationError(faults)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Settings:
        """Fill in what follows from the rest."""
        data_dir = Path(data["data_dir"]).absolute()
        sender = data["twilio_from"] if data["sms_gateway"] == "twilio" else (data["sms_from"] or "+12025550100")
        installed = INSTALLED_DEFINITIONS if INSTALLED_DEFINITIONS.is_dir() else CHECKOUT_DEFINITIONS
        return Settings(
            secret_key=data["secret_key"],
            data_dir=data_dir,
            database_url=data["database_url"] or f"sqlite:///{data_dir / 'surveyapp.db'}",
            definitions_dir=Path(data["definitions_dir"]) if data["definitions_dir"] else installed,
            public_url=data["public_url"].rstrip("/"),
            sms_gateway=data["sms_gateway"],
            sms_from=sender,
            twilio_account_sid=data["twilio_account_sid"],
            twilio_auth_token=data["twilio_auth_token"],
            twilio_api_url=data["twilio_api_url"].rstrip("/"),
            http_gateway_url=data["http_gateway_url"],
            http_gateway_secret=data["http_gateway_secret"],
            jobs_url=data["jobs_url"],
            sending=Sending(
                gateway=data["sms_gateway"],
                sender=sender,
                rate=data["sms_rate"],
                prices=data["sms_price"],
                countries=data["sms_countries"],
                # Its numbers belong to nobody, in whichever country.
                everywhere=data["sms_gateway"] == "simulator",
                most_a_day=data["sms_most_a_day"],
                most_per_number=data["sms_most_per_number"],
                quiet_from=data["sms_hours"][1],
                quiet_until=data["sms_hours"][0],
            ),
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
