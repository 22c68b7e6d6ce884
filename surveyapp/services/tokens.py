"""Every secret and every random name of the service is made here, from `secrets`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0/O and 1/I, so that people can read it to each other."""


def make_nonce() -> str:
    """Give 128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def derive_token(secret_key: str, nonce: str) -> str:
    """Give the personal token of a nonce: 26 characters (128 bits) that only the holder of the secret key can make."""
    digest = hmac.new(secret_key.encode(), b"personal-link:" + nonce.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def hash_token(token: str) -> str:
    """Give what is kept of a token: its SHA-256 as hex. Looking a hash up by index tells nothing about the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_reference() -> str:
    """Give a reference that people can read aloud: 8 characters (40 bits), as `7KQ2-M9XD`."""
    word = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{word[:4]}-{word[4:]}"


def make_response_id() -> str:
    """Give a random name for a response in exports, unrelated to person, order and time."""
    return secrets.token_hex(8)


def make_row_id() -> str:
    """Give a random name for a row that a respondent adds: 8 lower-case characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8)).lower()


def make_feed_token() -> str:
    """Give what a program shows to read feeds: 192 random bits, so marked that scanners of leaked secrets know it."""
    return f"svf_{secrets.token_urlsafe(24)}"


def make_round_code() -> str:
    """Give the code of a round's open link: 8 lower-case characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8)).lower()
