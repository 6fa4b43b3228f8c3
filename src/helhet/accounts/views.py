"""In and out, language and theme."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from helhet.accounts.actions import FIRST_ADDRESS, change_me, introduce, may_try, try_to_sign_in, use_link
from helhet.accounts.forms import IntroductionForm, SignInForm
from helhet.accounts.models import User
from helhet.accounts.permissions import AccountPermission
from helhet.kit.errors import Invalid, NotFound, Refused
from helhet.kit.forms import put_refusal
from helhet.kit.web import Request, page, public

POST = ("POST",)
GET_POST = ("GET", "HEAD", "POST")
YEAR = 60 * 60 * 24 * 365
BACKEND = "django.contrib.auth.backends.ModelBackend"


def way_on(request: HttpRequest) -> str:
    """Where the form asks to go next, when it is an address of ours; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@public(methods=GET_POST)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Address and password. What was wrong is not told: that would say who has an account."""
    if request.user.is_authenticated:
        return redirect(way_on(request))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = try_to_sign_in(**form.cleaned_data, address=_address(request))
            except Refused as error:
                put_refusal(form, error)
                status = error.status
            else:
                if user is not None:
                    login(request, user, backend=BACKEND)
                    return redirect(way_on(request))
                form.add_error(None, _("The address and the password do not fit together."))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", ""), "base": settings.BASE_URL}
    return render(request, "accounts/sign_in.html", context, status=status)


@public(methods=POST)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, on this device."""
    logout(request)
    return redirect("accounts:sign_in")


@public(methods=GET_POST)
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link. Only the button uses it up, since mail scanners open every address that they see."""
    if request.method != "POST":
        return render(request, "accounts/link.html")
    if not may_try(f"link:{_address(request)}"):
        raise NotFound(_("There have been too many tries."), todo=_("Wait ten minutes."))
    user = use_link(secret)
    login(request, user, backend=BACKEND)
    if not user.has_usable_password() or not user.name:
        return redirect("accounts:welcome")
    return redirect(settings.LOGIN_REDIRECT_URL)


@page(AccountPermission.ME_CHANGE, methods=GET_POST)
def welcome(request: Request) -> HttpResponse:
    """What the first sign-in asks for: name, password, and the first administrator's own address."""
    user = own_user(request)
    if user.has_usable_password() and user.name:
        return redirect(settings.LOGIN_REDIRECT_URL)
    asks_email = user.email == FIRST_ADDRESS
    form = IntroductionForm(request.POST or None, initial={"name": user.name}, asks_email=asks_email)
    if request.method == "POST" and form.is_valid():
        try:
            introduce(user, by=request.caller, **{"email": user.email, **form.cleaned_data})
        except Invalid as error:
            put_refusal(form, error)
        else:
            login(request, user, backend=BACKEND)
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/welcome.html", {"form": form}, status=422 if form.errors else 200)


@public(methods=POST)
def language(request: Request) -> HttpResponse:
    """The other language: kept on the user, or in a cookie for somebody who has not signed in."""
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        raise Invalid(_("%(value)s cannot be chosen.") % {"value": wanted}, field="language")
    if request.user.is_authenticated:
        change_me(own_user(request), by=request.caller, language=wanted)
    response = redirect(way_on(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR, samesite="Lax", secure=settings.SECURE, httponly=True
    )
    return response


@page(AccountPermission.ME_CHANGE, methods=POST)
def theme(request: Request) -> HttpResponse:
    """Light, dark, or as the system has it."""
    change_me(own_user(request), by=request.caller, theme=request.POST.get("theme", ""))
    return HttpResponse(status=204) if request.htmx else redirect(way_on(request))


def own_user(request: HttpRequest) -> User:
    """Who has signed in, read anew so that it can be changed."""
    return User.objects.get(pk=request.user.pk or 0)
