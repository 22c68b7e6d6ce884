"""Floor 3, the service: Flask, SQLAlchemy and the gateways around the engine and the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from surveyapp.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Make the WSGI app; settings come from the environment unless given. Raises `ConfigurationError`."""
    from surveyapp.web import build_app

    return build_app(settings)
