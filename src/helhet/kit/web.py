"""What every page request goes through: who asks, refusals in plain words, and the frame around the page."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from helhet.kit.errors import Forbidden, NotFound, Refused, SignedOut
from helhet.kit.once import remembering
from helhet.kit.ports import Port
from helhet.kit.rights import NOBODY, Caller, callers
from helhet.kit.words import local_names

P = ParamSpec("P")
Written = Callable[Concatenate[Any, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Answer = Callable[[HttpRequest], HttpResponse]

READING = ("GET", "HEAD")


class Request(HttpRequest):
    """A request that knows who asks."""

    caller: Caller
    htmx: Any


class CallerMiddleware:
    """Gives the request its id and its caller, and the answer the caller's language."""

    def __init__(self, get_response: Answer) -> None:
        """Django's protocol."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the caller when first asked for."""
        request_id = secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        asked = SimpleLazyObject(lambda: self._caller(request, request_id))
        request.caller = asked  # type: ignore[attr-defined]
        user = request.user
        language = str(getattr(user, "language", "") or "")
        if user.is_authenticated and language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        with remembering() if request.method in READING else nullcontext():
            response = self.get_response(request)
        if user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    @staticmethod
    def _caller(request: HttpRequest, request_id: str) -> Caller:
        # Here, where the database is asked anyway, so that all sentences of the answer know the house's words.
        local_names()
        return callers.only()(request).in_request(request_id) if callers else NOBODY


class RefusalMiddleware:
    """Turns a refusal into a page, a part of a page or JSON with its message, place and next step."""

    def __init__(self, get_response: Answer) -> None:
        """Django's protocol."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for expected errors; leave the others to Django."""
        if isinstance(error, Http404):
            error = NotFound(_("There is nothing here."), todo=_("Search for it, or go to the overview."))
        elif isinstance(error, PermissionDenied):
            error = Forbidden(_("You may not do this."))
        elif isinstance(error, SuspiciousOperation):
            error = Refused(_("The request cannot be understood."))
        if not isinstance(error, Refused):
            return None
        if asks_for_json(request):
            return JsonResponse(error.as_dict(), status=error.status)
        part = bool(getattr(request, "htmx", False))
        template = "kit/_refusal.html" if part else "kit/refusal.html"
        return render(request, template, {"refusal": error}, status=error.status)


def asks_for_json(request: HttpRequest) -> bool:
    """Whether a script of ours asks, which reads words and no pages."""
    return request.headers.get("Accept", "").startswith("application/json")


def page(permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Written[P]], Guarded[P]]:
    """A view for signed-in people with the permission, by the methods named. Nobody is led to sign in first; his script
    is told so. Where only what a form sends is taken, who reads is led to the page that the address stands below.
    """

    def wrap(view: Written[P]) -> Guarded[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            above = ""
            if request.method not in methods and not (above := _page_above(request)):
                return HttpResponseNotAllowed(methods)
            caller = cast("Request", request).caller
            if not request.user.is_authenticated:
                # A script would follow to the page that signs in, and from there back here, if that happens meanwhile.
                if asks_for_json(request):
                    raise SignedOut(_("You are not signed in."), todo=_("Sign in, and try again."))
                return redirect_to_login(above or request.get_full_path())
            caller.require(permission)
            return redirect(above) if above else view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return cast("Guarded[P]", guarded)

    return wrap


def _page_above(request: HttpRequest) -> str:
    """The address of the nearest page above one that only takes what a form sends, for people who read it: they signed
    in again, or came back to an answer of the form. Empty where there is none.
    """
    if request.method not in READING or asks_for_json(request):
        return ""
    parts = request.path_info.strip("/").split("/")
    for count in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:count])}/"
        try:
            found = resolve(above).func
        except Resolver404:
            continue
        if "GET" in getattr(found, "methods", ()):
            return escape_uri_path(f"{request.path.removesuffix(request.path_info)}{above}")
    return ""


def public(*, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Written[P]], Guarded[P]]:
    """A view for anybody: the few addresses that answer without sign-in. The rights matrix lists them."""

    def wrap(view: Written[P]) -> Guarded[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        guarded.permission = ""  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return cast("Guarded[P]", guarded)

    return wrap


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a menu. `count` is what waits there, None where nothing is counted; `gap` begins a new block.

    `choices` make it a list that opens; its own `url` is then empty.
    """

    url: str
    label: str
    icon: str = ""
    count: int | None = None
    is_current: bool = False
    gap: bool = False
    choices: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page; see docs/design.md."""

    menu: tuple[Entry, ...] = ()
    bottom: tuple[Entry, ...] = ()
    scope: tuple[Entry, ...] = ()
    waits: Entry | None = None
    person: Entry | None = None
    initials: str = ""
    language: str = "sv"
    other_language: str = "en"
    other_language_label: str = "English"
    language_url: str = ""
    installation: str = ""
    fresh: str = ""
    fresh_url: str = ""
    theme: str = ""
    theme_url: str = ""
    help_url: str = ""
    search_url: str = ""
    palette_url: str = ""
    sign_out_url: str = ""


frames: Port[Callable[[HttpRequest], Frame]] = Port("kit.frame")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page: `frame` (made when first used), `caller` and `settings_debug`.

    A request that is refused before it is known who asks, such as one for another host, has an empty frame.
    """
    return {
        "frame": SimpleLazyObject(lambda: frames.only()(request) if frames and hasattr(request, "caller") else Frame()),
        "caller": getattr(request, "caller", NOBODY),
        "settings_debug": settings.DEBUG,
    }
