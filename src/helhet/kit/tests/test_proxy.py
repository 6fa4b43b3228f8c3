"""The address of a client is believed only from a proxy that is trusted."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from helhet.kit.proxy import ProxyMiddleware, address_of, client_of, is_among, networks

TRUSTED = networks(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"])
HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def passed(settings: LazySettings, **meta: str) -> HttpRequest:
    """The request as the rest of the product sees it, with 10.0.0.0/8 trusted."""
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    settings.SECURE_PROXY_SSL_HEADER = HEADER
    seen: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    ProxyMiddleware(answer)(RequestFactory().get("/", **meta))
    return seen[0]


def test_a_trusted_proxy_tells_the_address_and_that_it_was_https(settings: LazySettings) -> None:
    request = passed(settings, REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR="192.0.2.7", HTTP_X_FORWARDED_PROTO="https")
    assert request.META["REMOTE_ADDR"] == "192.0.2.7"
    assert request.is_secure()


def test_from_anybody_else_the_headers_count_for_nothing(settings: LazySettings) -> None:
    request = passed(
        settings, REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR="192.0.2.7", HTTP_X_FORWARDED_PROTO="https",
        HTTP_X_FORWARDED_HOST="evil.example",
    )  # fmt: skip
    assert request.META["REMOTE_ADDR"] == "192.0.2.9"
    assert not request.is_secure()
    assert not [name for name in request.META if "FORWARDED" in name]


def test_without_a_trusted_proxy_nobody_is_believed(settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = []
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7")
    ProxyMiddleware(lambda _request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("", "10.0.0.5"),
        ("192.0.2.7", "192.0.2.7"),
        ("1.1.1.1, 192.0.2.7", "192.0.2.7"),
        ("1.1.1.1, 192.0.2.7, 10.9.9.9", "192.0.2.7"),
        ("127.0.0.1, 10.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("10.1.1.1, 10.9.9.9", "10.1.1.1"),
        ("192.0.2.7, nonsense", "10.0.0.5"),
        ("192.0.2.7, nonsense, 10.9.9.9", "10.9.9.9"),
        ("192.0.2.7:5123", "192.0.2.7"),
        ("[2001:4860::8]:5123", "2001:4860::8"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (",,,", "10.0.0.5"),
    ],
)
def test_the_stranger_nearest_to_us_is_the_client(chain: str, client: str) -> None:
    assert client_of("10.0.0.5", chain, TRUSTED) == client


@given(st.text(max_size=60), st.ip_addresses())
def test_what_a_client_writes_itself_never_alters_its_address(written: str, real: object) -> None:
    client = address_of(str(real))
    if is_among(client, TRUSTED):
        return
    assert client_of("10.0.0.5", f"{written}, {real}", TRUSTED) == str(client)
