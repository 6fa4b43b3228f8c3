"""Behind a proxy: whose address a request came from, believed only when a proxy of ours says it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from helhet.kit.web import Answer

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LONGEST = 50
"""So many addresses of a chain are looked at; nobody has as many proxies."""


class ProxyMiddleware:
    """Sets REMOTE_ADDR to the client's address for requests from a trusted proxy, and takes the headers by which a
    proxy speaks from all others, so that nothing after this can be deceived by them.
    """

    def __init__(self, get_response: Answer) -> None:
        """Django's protocol."""
        self.get_response = get_response
        self.trusted = networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before anything looks at the address."""
        given = str(request.META.get("REMOTE_ADDR", ""))
        if is_among(address_of(given), self.trusted):
            chain = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
            request.META["REMOTE_ADDR"] = client_of(given, chain, self.trusted)
        else:
            for name in [name for name in request.META if name.startswith("HTTP_X_FORWARDED_")]:
                del request.META[name]
        return self.get_response(request)


def client_of(peer: str, chain: str, trusted: Sequence[Network]) -> str:
    """The address nearest to us in `X-Forwarded-For` that is no trusted proxy.

    Each proxy adds the address it was called from at the end; whatever stands before the first stranger, the stranger
    may have written himself. What is no address ends the search: then the last that was understood counts.
    """
    nearest = peer
    for text in reversed(chain.split(",")[-LONGEST:]):
        address = address_of(text.strip())
        if address is None:
            break
        nearest = str(address)
        if not is_among(address, trusted):
            break
    return nearest


def address_of(text: str) -> Address | None:
    """The address, an IPv4 one inside IPv6 as IPv4; None for what is no address. A port behind it is left out."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def networks(texts: Iterable[str]) -> list[Network]:
    """Addresses and networks such as `10.0.0.0/8`. Raises ValueError for what is neither."""
    return [ipaddress.ip_network(text.strip(), strict=False) for text in texts if text.strip()]


def is_among(address: Address | None, nets: Iterable[Network]) -> bool:
    """Whether the address lies in one of these."""
    return address is not None and any(address.version == net.version and address in net for net in nets)
