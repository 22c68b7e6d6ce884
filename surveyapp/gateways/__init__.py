"""The registry of SMS gateways: one file each, one line each."""

from __future__ import annotations

from surveyapp.config import Settings
from surveyapp.errors import NotFoundError
from surveyapp.gateways.base import Gateway
from surveyapp.gateways.http import Http
from surveyapp.gateways.simulator import Simulator
from surveyapp.gateways.twilio import Twilio

GATEWAYS: dict[str, type[Gateway]] = {
    Simulator.name: Simulator,
    Twilio.name: Twilio,
    Http.name: Http,
}


def explain_code(name: str, code: str) -> str:
    """Give what an error code of this gateway means, in words for staff; empty where nobody knows."""
    return GATEWAYS[name].meanings.get(code, "") if name in GATEWAYS else ""


def is_gone(name: str, code: str) -> bool:
    """Whether an error code of this gateway says that a number cannot be texted, and never will."""
    return name in GATEWAYS and code in GATEWAYS[name].gone


def find_gateway(name: str, settings: Settings) -> Gateway:
    """Give the gateway of this name; any but the configured one raises `NotFoundError`."""
    if name not in GATEWAYS or name != settings.sms_gateway:
        raise NotFoundError("There is no such gateway here.")
    return GATEWAYS[name](settings)
