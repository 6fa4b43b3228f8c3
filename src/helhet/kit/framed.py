"""Parts of the frame, drawn once for each frame that looks the same.

Menu, top and bottom are two thirds of what a page's templates draw, and say the same on page after page.
"""

from __future__ import annotations

import functools
import secrets

from django.conf import settings
from django.template import Context, engines
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from helhet.kit.web import Frame
from helhet.kit.words import Key, last_known

# Drawn in the place of what differs from request to request. Not to be guessed: else a name could ask for the token.
TOKEN, PATH = (f"{name}-{secrets.token_hex(16)}" for name in ("token", "path"))
KEPT = 512


class _Request:
    """What a framed part may ask of the request."""

    def get_full_path(self) -> str:
        return PATH


def framed(template: str, frame: Frame, *, token: str, path: str) -> SafeString:
    """A template that reads `frame`, `csrf_token` and `request.get_full_path` and nothing else, nor finds it.

    What is kept is kept under the whole frame, the language, the house's words and the template, so it is never
    another's and never old.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    text = draw(template, frame, get_language() or "", frozenset(last_known().items()))
    return mark_safe(text.replace(TOKEN, escape(token)).replace(PATH, escape(path)))  # noqa: S308 - drawn by a template, the rest escaped


@functools.lru_cache(maxsize=KEPT)
def _drawn(template: str, frame: Frame, _language: str, _words: frozenset[tuple[Key, str]]) -> str:
    found = engines["django"].get_template(template)
    context = Context({"frame": frame, "csrf_token": TOKEN, "request": _Request()})
    return str(found.template.render(context))  # type: ignore[attr-defined]
