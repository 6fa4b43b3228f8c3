"""The administrator's users: who can sign in, and with what access."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helhet.accounts.actions import change_user, create_user, sign_in_link
from helhet.accounts.forms import ACCESS, InvitationForm, UserForm
from helhet.accounts.models import Access, User
from helhet.accounts.permissions import AccountPermission
from helhet.accounts.ports import user_links
from helhet.accounts.views import GET_POST, POST
from helhet.kit.errors import Invalid, NotFound, Stale
from helhet.kit.forms import put_refusal
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

LIMIT = 500


@page(AccountPermission.USER_VIEW)
def users(request: Request) -> HttpResponse:
    """Everybody who can sign in, or could."""
    wanted = request.GET.get("q", "").strip().lower()
    found = User.objects.order_by("-is_active", "name", "email")
    if wanted:
        found = found.filter(email__contains=wanted) | found.filter(name__icontains=wanted)
    rows = list(found[:LIMIT])
    links = {key: link for port in user_links for key, link in port([row.pk for row in rows]).items()}
    words = dict(ACCESS)
    shown = [{"user": row, "access": words[Access(row.access)], "link": links.get(row.pk)} for row in rows]
    active = User.objects.filter(is_active=True)
    context = {
        "rows": shown,
        "q": wanted,
        "active": active.count(),
        "administrators": active.filter(access=Access.ADMINISTRATOR).count(),
        "never": active.filter(last_login__isnull=True).count(),
    }
    return render(request, "accounts/users.html", context)


@page(AccountPermission.USER_MANAGE, methods=GET_POST)
def user_new(request: Request) -> HttpResponse:
    """Invite somebody: a user and the link that lets him in once."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_user(by=request.caller, **form.cleaned_data)
        except Invalid as error:
            put_refusal(form, error)
        else:
            link = sign_in_link(made, by=request.caller)
            return render(request, "accounts/user_link.html", {"account": made, "link": link, "is_new": True})
    return render(request, "accounts/user_new.html", {"form": form}, status=422 if form.errors else 200)


@page(AccountPermission.USER_MANAGE, methods=GET_POST)
def user(request: Request, user_id: int) -> HttpResponse:
    """One user: name, access, and what has happened."""
    account = _user(user_id)
    form = UserForm(
        request.POST or None, initial={"name": account.name, "access": account.access, "version": account.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_user(account, by=request.caller, **form.cleaned_data)
        except Invalid as error:
            put_refusal(form, error)
        except Stale:
            now = _user(user_id)
            form.show_stale({"name": now.name, "access": now.access}, now.version)
        else:
            toast(request, _("Saved."))
            return redirect("accounts:user", user_id)
    context = {
        "account": account,
        "form": form,
        "links": [link for port in user_links for link in port([account.pk]).values()],
        "is_self": account.pk == request.user.pk,
    }
    return render(request, "accounts/user.html", context, status=422 if form.errors else 200)


@page(AccountPermission.USER_MANAGE, methods=POST)
def user_link(request: Request, user_id: int) -> HttpResponse:
    """A new one-time link for a user; earlier ones end."""
    account = _user(user_id)
    if not account.is_active:
        raise Invalid(_("This user's sign-in has ended."), todo=_("Let the user back in first."))
    link = sign_in_link(account, by=request.caller)
    return render(request, "accounts/user_link.html", {"account": account, "link": link})


@page(AccountPermission.USER_MANAGE, methods=POST)
def user_end(request: Request, user_id: int) -> HttpResponse:
    """End a user's sign-in, or let him back in (`active=1`)."""
    account = _user(user_id)
    is_active = request.POST.get("active") == "1"
    version = request.POST.get("version", "")
    asked = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    change_user(account, by=request.caller, version=asked, is_active=is_active)
    done = _("%(user)s can sign in again.") if is_active else _("%(user)s can sign in no more.")
    toast(request, done % {"user": account})
    return redirect("accounts:user", user_id)


def _user(user_id: int) -> User:
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound(_("There is no such user."))
    return found
