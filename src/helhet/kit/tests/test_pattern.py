"""The pattern page and the pages that say no."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.shortcuts import render
from django.test import RequestFactory
from django.utils import translation

from helhet.kit.errors import Clash
from helhet.kit.parts import Choice
from helhet.kit.pattern import pattern

pytestmark = pytest.mark.usefixtures("kit_alone")


@pytest.fixture
def request_() -> HttpRequest:
    """A request from whoever; who may see the page is tried with the rights of all pages."""
    request = RequestFactory().get("/_kit/")
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    return request


@pytest.fixture(params=["sv", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Both languages."""
    return str(request.param)


def shown(request: HttpRequest, language: str) -> str:
    """The page's HTML."""
    with translation.override(language):
        return str(pattern.__wrapped__(request).content.decode())  # type: ignore[attr-defined]


def test_it_shows_every_component_in_both_languages(request_: HttpRequest, language: str) -> None:
    html = shown(request_, language)
    for part in [
        "hh-says",
        "hh-thing",
        "hh-devs",
        "hh-table",
        "hh-filter",
        "hh-bulk",
        "hh-pages",
        "hh-form",
        "hh-error",
        "hh-facts",
        "hh-pair",
        "hh-hist",
        "hh-diff",
        "hh-job",
        "hh-linechart",
        "hh-matrix",
        "hh-toast",
        "hh-empty",
        "hh-views",
        "hh-menu",
        "hh-inplace",
        "hh-ask",
    ]:
        assert re.search(rf'class="[^"]*\b{part}\b', html), part
    assert f'<html lang="{language}"' in html
    assert ("Byggstenar" in html) == (language == "sv")


def test_it_keeps_the_content_policy(request_: HttpRequest, language: str) -> None:
    html = shown(request_, language)
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son\w+=|hx-on", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


def test_ids_are_unique(request_: HttpRequest, language: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', shown(request_, language))
    assert sorted(ids) == sorted(set(ids))


def test_every_label_points_at_a_field(request_: HttpRequest, language: str) -> None:
    html = shown(request_, language)
    for target in re.findall(r'<label[^>]*\sfor="([^"]+)"', html):
        assert f'id="{target}"' in html


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "409.html", "500.html"])
def test_error_pages_speak_and_lead_on(request_: HttpRequest, language: str, template: str) -> None:
    with translation.override(language):
        html = render(request_, template).content.decode()
    assert "hh-says" in html
    assert 'href="/"' in html


def test_a_refusal_says_what_and_what_to_do(request_: HttpRequest, language: str) -> None:
    refusal = Clash("The group has 41 items.", todo="Move them first.")
    with translation.override(language):
        page = render(request_, "kit/refusal.html", {"refusal": refusal}).content.decode()
        part = render(request_, "kit/_refusal.html", {"refusal": refusal}).content.decode()
    for html in (page, part):
        assert "The group has 41 items." in html
        assert "Move them first." in html
    assert 'role="alert"' in part


def test_choices_within_choices_open_without_script(request_: HttpRequest) -> None:
    choices = [Choice("Kind", choices=(Choice("Server", "/?q=kind:server", count=3),))]
    html = render(request_, "kit/_menu.html", {"label": "Filter", "choices": choices}).content.decode()
    assert html.count("<details") == 2
    assert 'href="/?q=kind:server"' in html
