"""Sessions in signed cookies, as Flask keeps them; what proves them is made once, not with every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions. One app has one of them; another secret key makes another serializer."""

    def __init__(self) -> None:
        self._made_for: tuple[Any, Any] | None = None
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Give what signs and proves cookies; nothing without a secret key."""
        keys = (app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys != self._made_for:
            self._serializer, self._made_for = super().get_signing_serializer(app), keys
        return self._serializer
