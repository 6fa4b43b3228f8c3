"""Moving a change, with those that wait for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes import actions
from helhet.changes.actions.drafting import check_window
from helhet.changes.finding import find_change
from helhet.changes.following import Follower, followers_of
from helhet.changes.forms import MoveForm
from helhet.changes.meeting import window_of
from helhet.changes.models import Change
from helhet.changes.permissions import ChangePermission
from helhet.changes.times import told
from helhet.changes.views.asking import GET_POST, crumbs, undo_url
from helhet.groups.views.pages import tried
from helhet.kit.rights import Caller
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.rules.intervals import Interval

FIELDS = ("starts_at", "ends_at", "version")


@page(ChangePermission.VIEW, methods=GET_POST)
def moving(request: Request, reference: str) -> HttpResponse:
    """Move it to the time that was chosen. Those that would begin too early then are shown before it is done."""
    caller = request.caller
    change = find_change(reference, caller)
    caller.require(ChangePermission.CHANGE, change)
    start = {name: getattr(change, name) for name in FIELDS}
    if request.method != "POST":
        return _shown(request, change, MoveForm(initial=start), [])
    form = MoveForm(request.POST, initial=start, has_followers="seen" in request.POST)
    if not form.is_valid():
        return _shown(request, change, form, [])
    data = form.cleaned_data
    followers = tried(form, lambda: _followers(change, data, caller))
    if followers is None:
        return _shown(request, change, form, [])
    if followers and data.get("seen") != _seen(followers):
        begin = {**start, **data, "seen": _seen(followers), "along": data.get("along") or "yes"}
        return _shown(request, change, MoveForm(initial=begin, has_followers=True), followers)
    comes = {one.change.reference: one.change.version for one in followers} if data.get("along") == "yes" else None
    done = tried(
        form,
        lambda: actions.move_change(
            reference, data["starts_at"], data["ends_at"], by=caller, version=data["version"], reason=data["reason"],
            following=comes,
        ),
        lambda: {name: getattr(find_change(reference, caller), name) for name in FIELDS},
    )  # fmt: skip
    if done is None:
        return _shown(request, change, form, followers)
    toast(
        request, _told(*done, came_along=comes is not None), undo_url=undo_url(change) if not followers else ""
    )  # fmt: skip
    return redirect("changes:times", change.reference)


def _followers(change: Change, data: dict[str, Any], caller: Caller) -> list[Follower]:
    check_window(data["starts_at"], data["ends_at"])
    return followers_of(change, Interval(data["starts_at"], data["ends_at"]), caller)


def _seen(followers: list[Follower]) -> str:
    """What was shown, so that something else is shown anew: who comes along in which version, and to when."""
    return ",".join(
        f"{one.change.reference}:{one.change.version}:{one.to.starts_at.isoformat() if one.to else ''}:{one.may_move}"
        for one in followers
    )


def _shown(request: Request, change: Change, form: MoveForm, followers: list[Follower]) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form, "change": change, "followers": followers, "crumbs": crumbs(change),
        "submit": _("Move it") if change.starts_at else _("Set it"),
        "cancel_url": reverse("changes:times", args=[change.reference]),
    }  # fmt: skip
    return render(request, "changes/move.html", context, status=422 if form.errors else 200)


def _told(change: Change, followers: list[Follower], *, came_along: bool) -> str:
    """What was done, in sentences."""
    during = window_of(change)
    said = [_("%(change)s is now planned %(time)s.") % {"change": change.name, "time": told(during) if during else ""}]
    moved = [f"{one.change.reference} {one.when}" for one in followers if came_along and one.may_move and one.to]
    asked = [
        f"{one.asks} ({one.change.reference})" for one in followers if came_along and not one.may_move and one.asks
    ]
    left = [
        f"{one.change.reference} {one.change.name}" for one in followers
        if not came_along or (one.may_move and one.to is None) or (not one.may_move and not one.asks)
    ]  # fmt: skip
    if moved:
        said.append(_("Moved along: %(names)s.") % {"names": ", ".join(moved)})
    if asked:
        said.append(
            _("Asked to move theirs, by a task and with the next mail: %(names)s.") % {"names": ", ".join(asked)}
        )
    if left:
        said.append(_("What waits for it now begins too early: %(names)s.") % {"names": ", ".join(left)})
    return " ".join(said)
