"""One's own page: name and language, password, sessions, tokens."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helhet.accounts.actions import change_me, change_password, end_sessions, end_token, make_token
from helhet.accounts.forms import NameForm, PasswordForm, TokenForm
from helhet.accounts.models import Token
from helhet.accounts.permissions import AccountPermission
from helhet.accounts.ports import user_links
from helhet.accounts.views import GET_POST, POST, own_user
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.forms import put_refusal
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


@page(AccountPermission.ME_VIEW, methods=GET_POST)
def me(request: Request) -> HttpResponse:
    """Who one is here, and the tokens that speak in one's name."""
    user = own_user(request)
    form = NameForm(request.POST or None, initial={"name": user.name, "language": user.language or "sv"})
    if request.method == "POST" and form.is_valid():
        try:
            change_me(user, by=request.caller, **form.cleaned_data)
        except Invalid as error:
            put_refusal(form, error)
        else:
            toast(request, _("Saved."))
            return redirect("accounts:me")
    tokens = list(user.tokens.filter(ended_at__isnull=True))
    context = {
        "account": user,
        "form": form,
        "tokens": tokens,
        "valid": sum(token.is_valid for token in tokens),
        "links": [link for port in user_links for link in port([user.pk]).values()],
    }
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@page(AccountPermission.ME_CHANGE, methods=GET_POST)
def password(request: Request) -> HttpResponse:
    """Another password."""
    user = own_user(request)
    form = PasswordForm(request.POST or None, asks_old=user.has_usable_password())
    if request.method == "POST" and form.is_valid():
        try:
            change_password(user, by=request.caller, old=form.cleaned_data.get("old", ""), new=form.cleaned_data["new"])
        except Invalid as error:
            put_refusal(form, error)
        else:
            update_session_auth_hash(request, user)
            toast(request, _("The password is changed. All other sessions have ended."))
            return redirect("accounts:me")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)


@page(AccountPermission.ME_CHANGE, methods=POST)
def sessions_end(request: Request) -> HttpResponse:
    """End all sessions but this one."""
    user = own_user(request)
    end_sessions(user, by=request.caller)
    update_session_auth_hash(request, user)
    toast(request, _("All other sessions have ended."))
    return redirect("accounts:me")


@page(AccountPermission.TOKEN_MANAGE_OWN, methods=GET_POST)
def token_new(request: Request) -> HttpResponse:
    """A new token; its text stands on the answer to this form and nowhere else, ever."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = own_user(request)
        try:
            token, text = make_token(
                user, by=request.caller, name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"],
                life=dt.timedelta(days=int(form.cleaned_data["days"])),
            )  # fmt: skip
        except Invalid as error:
            put_refusal(form, error)
        else:
            return render(request, "accounts/token_made.html", {"token": token, "text": text})
    return render(request, "accounts/token_new.html", {"form": form}, status=422 if form.errors else 200)


@page(AccountPermission.TOKEN_MANAGE_OWN, methods=POST)
def token_end(request: Request, token_id: int) -> HttpResponse:
    """The token can be used no more."""
    token = Token.objects.filter(user_id=request.caller.user_id or 0, pk=token_id).first()
    if token is None:
        raise NotFound(_("There is no such token."))
    end_token(token, by=request.caller)
    toast(request, _("The token %(name)s can be used no more.") % {"name": token.name})
    return redirect("accounts:me")
