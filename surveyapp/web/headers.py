"""What every answer carries: whom the browser may talk to, what it may keep, and as few bytes as possible."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request

from surveyapp.config import Settings
from surveyapp.errors import SurveyAppError
from surveyapp.runtime import KEY

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
PROTECTION = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
WATCHED = frozenset({"/healthz", "/readyz"})
"""Load balancers ask these by address, whatever name the service has."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SMALLEST_COMPRESSED = 500
COMPRESSED_TYPES = frozenset(
    {"text/html", "text/css", "text/plain", "text/javascript", "text/csv", "image/svg+xml", "application/json"}
)
ONE_YEAR = 365 * 24 * 3600


class UnknownHostError(SurveyAppError):
    """The request names a host that is not ours; no link is ever made from it."""

    status = 400


def install(app: Flask) -> None:
    """Check the host before anything else and dress every answer last; gives templates `static_url`."""
    settings: Settings = app.extensions[KEY].settings
    folder = Path(app.root_path, app.static_folder or "static")

    def check_host() -> None:
        if request.path not in WATCHED and not _is_ours(request.host, settings):
            raise UnknownHostError("This address does not belong to this service.")

    def dress(response: Response) -> Response:
        response.headers.extend(PROTECTION)  # no door sets any of them, and looking for each takes four times as long
        if request.endpoint == "static":
            _keep_static(response)
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return _compress(request, response)

    @lru_cache(maxsize=64)
    def static_url(name: str) -> str:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
        return f"/static/{name}?v={digest}"

    app.before_request(check_host)
    app.after_request(dress)
    app.jinja_env.globals["static_url"] = static_url


def _is_ours(host: str, settings: Settings) -> bool:
    public = urlsplit(settings.public_url)
    standard = 443 if public.scheme == "https" else 80
    try:
        given = urlsplit(f"//{host}")
        address = (given.hostname, given.port or standard)
    except ValueError:
        return False
    if settings.demo and given.hostname in LOOPBACK:
        return True
    return address == (public.hostname, public.port or standard)


def _keep_static(response: Response) -> None:
    """The address of a file holds the hash of its content, so that it may be kept for good."""
    if "v" in request.args and response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "public, max-age=300"


def _compress(asked: Request, response: Response) -> Response:
    if (
        response.mimetype not in COMPRESSED_TYPES
        or response.status_code in (204, 206, 304)
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    if not asked.accept_encodings["gzip"] or asked.method == "HEAD":
        return response
    if asked.endpoint == "static":
        response.direct_passthrough = False
        data = response.get_data()
        response.close()  # the open file behind it
        response.set_data(_press_file(data))
    elif response.is_streamed or (response.content_length or 0) < SMALLEST_COMPRESSED:
        return response
    else:
        response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    # The stored file and its pressed form are two representations: they may not share a strong tag.
    response.headers.pop("ETag", None)
    return response


@lru_cache(maxsize=64)
def _press_file(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=9, mtime=0)
