"""Tokens that strangers may hold: made here, shown once, kept only as a digest."""

from __future__ import annotations

import hashlib
import secrets

_TOKEN_BYTES = 32  # 256 bits


def new_token() -> str:
    """A fresh token: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_digest(token: str) -> str:
    """What the database keeps of a token.

    A plain SHA-256, without salt or stretching: the token is 256 random bits, so there is nothing
    to guess, and a look-up by digest needs no comparison in Python.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
