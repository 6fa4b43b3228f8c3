"""Keys that make what is sent twice one thing."""

from __future__ import annotations

import secrets


def new_key() -> str:
    """A key for a form: unlike any other."""
    return secrets.token_urlsafe(18)
