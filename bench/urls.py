"""The product's addresses, and the floor of its pages: what a page was drawn from, drawn again with no query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment
from django.urls import path
from django.utils import translation
from django.utils.safestring import mark_safe

from helhet.accounts.models import User
from helhet.config.urls import *  # noqa: F403 - all of them
from helhet.config.urls import urlpatterns as product

KEPT: dict[str, Callable[[], str]] = {}
BY = "bench@sjovik.example"


def drawn(request: HttpRequest, template: str) -> HttpResponse:
    """The page `of`, whose own template is `template`: read once for each process, then only drawn. `content` names the
    template of the part that the page may have kept, which is drawn too.
    """
    address = request.GET["of"]
    if address not in KEPT:
        KEPT[address] = _drawing(address, template, request.GET["content"])
    return HttpResponse(KEPT[address]())


def _drawing(address: str, template: str, content: str) -> Callable[[], str]:
    client = Client()
    client.force_login(User.objects.get(email=BY))
    setup_test_environment()
    cache.clear()
    try:
        told = client.get(address)
    finally:
        teardown_test_environment()
    contexts: Any = told.context
    own = next(one.flatten() for one in contexts if "request" in one)
    whole, part = loader.get_template(template), loader.get_template(content)
    of_part = next(one.flatten() for one, of in zip(contexts, told.templates, strict=True) if of.name == content)
    language = translation.get_language() or "sv"

    def draw() -> str:
        with translation.override(language):
            return str(whole.render(own | {"content": mark_safe(part.render(of_part))}, told.wsgi_request))  # noqa: S308

    draw()
    with CaptureQueriesContext(connection) as asked:
        text = draw()
    if len(asked) or abs(len(text) - len(told.content.decode())) > 200:
        raise RuntimeError(f"Drawing {address} again is not what was asked for: {len(asked)} statements, {len(text)}")
    return draw


urlpatterns = [path("bench/drawn/<path:template>", drawn), *product]
