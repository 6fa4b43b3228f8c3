"""Calendars to subscribe to: one's addresses, making, renewing and ending them; and the calendar itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helhet.changes.actions.feeds import end_feed, feed_of, make_feed, renew_feed
from helhet.changes.feeds import MOST, feed_text
from helhet.changes.models import Feed
from helhet.changes.models.period import FeedOf
from helhet.changes.permissions import ChangePermission
from helhet.groups.models import Group
from helhet.groups.views.pages import POST, version_of
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page, public


@page(ChangePermission.FEED_MANAGE)
def feeds(request: Request) -> HttpResponse:
    """One's own addresses, and what can be subscribed to."""
    groups = Group.objects.visible_to(request.caller).exclude(state="closed").select_related("item").by_name()
    now = timezone.now()
    context = {
        "feeds": list(Feed.objects.visible_to(request.caller).filter(ended_at__isnull=True).select_related(
            "group__item", "person")),
        "groups": list(groups), "chosen": request.GET.get("group", ""), "kinds": FeedOf.choices, "now": now,
        "what": request.GET.get("what", ""), "most": MOST,
        "is_person": request.caller.person_id is not None,
        "crumbs": [Crumb(_("Calendar of changes"), reverse("changes:calendar"))],
    }  # fmt: skip
    return render(request, "changes/feeds.html", context)


@page(ChangePermission.FEED_MANAGE, methods=POST)
def feed_new(request: Request) -> HttpResponse:
    """Make an address, and show it this once."""
    made, url = make_feed(
        by=request.caller, group=request.POST.get("group", ""), what=request.POST.get("what") or FeedOf.CHANGES
    )
    return render(request, "changes/feed_made.html", {"feed": made, "url": url})


@page(ChangePermission.FEED_MANAGE, methods=POST)
def feed_renew(request: Request, feed_id: int) -> HttpResponse:
    """Another address instead, shown this once."""
    made, url = renew_feed(feed_id, by=request.caller, version=version_of(request))
    return render(request, "changes/feed_made.html", {"feed": made, "url": url})


@page(ChangePermission.FEED_MANAGE, methods=POST)
def feed_end(request: Request, feed_id: int) -> HttpResponse:
    """End an address."""
    end_feed(feed_id, by=request.caller, version=version_of(request))
    toast(request, _("The address has ended."))
    return redirect("changes:feeds")


@public()
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar under a secret address: who has it needs no sign-in, and its owner's rights are asked anew."""
    found, caller = feed_of(secret, address=str(request.META.get("REMOTE_ADDR", "")))
    with translation.override(caller.language):
        text = feed_text(found, caller)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="helhet.ics"'
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
