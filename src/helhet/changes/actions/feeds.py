"""What people do with the secret addresses of calendars: make, renew, end; and what an address gives."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.accounts.actions import TooMany, base_url, has_tried_too_often, may_try
from helhet.accounts.models import digest, new_secret
from helhet.changes.models import Feed
from helhet.changes.models.period import FeedOf
from helhet.changes.permissions import ChangePermission
from helhet.groups.finding import group_named
from helhet.groups.models import Group
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller, callers_by_user
from helhet.kit.versions import check_version

LIFE = dt.timedelta(days=365)
MOST = 30
GUESSES = 60
USE_TOLD = dt.timedelta(minutes=10)
PREFIX = 6


@transaction.atomic
def make_feed(*, by: Caller, group: str = "", what: str = FeedOf.CHANGES) -> tuple[Feed, str]:
    """A new secret address of the group's calendar (reference or name), else of the caller's own; shown now and never
    again. It holds for a year. `what`: changes, operations or both.
    """
    by.require(ChangePermission.FEED_MANAGE)
    if what not in FeedOf.values:
        raise Invalid(_("A calendar holds changes, operational tasks or both."), field="what")
    of_group = group_named(group, by) if group.strip() else None
    if of_group is None and by.person_id is None:
        raise Clash(
            _("You are no person in the register."), todo=_("Ask an administrator to tie your user to a person.")
        )
    if Feed.objects.visible_to(by).living(timezone.now()).count() >= MOST:
        raise Clash(_("You have %(most)d addresses already.") % {"most": MOST}, todo=_("End one that is not used."))
    return _made(by, of_group, None if of_group else by.person_id, what)


@transaction.atomic
def renew_feed(feed_id: int, *, by: Caller, version: int | None) -> tuple[Feed, str]:
    """Another secret address of the same calendar, for a year from now; the old one ends at once."""
    old = end_feed(feed_id, by=by, version=version)
    return _made(by, old.group, old.person_id, old.what)


@transaction.atomic
def end_feed(feed_id: int, *, by: Caller, version: int | None) -> Feed:
    """The address answers no longer."""
    by.require(ChangePermission.FEED_MANAGE)
    feed = Feed.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=feed_id).first()
    if feed is None:
        raise NotFound(_("There is no such address."), where=str(feed_id))
    check_version(feed, version, feed.prefix)
    if feed.ended_at is not None:
        raise Clash(_("The address has ended already."))
    feed.ended_at = timezone.now()
    feed.version += 1
    feed.save(update_fields=["ended_at", "version"])
    record("changes.feed.ended", "user", feed.user_id, by=by, after={"prefix": feed.prefix})
    return feed


def end_feeds_of(feeds: QuerySet[Feed], *, by: Caller, reason: str) -> int:
    """End these addresses, whoever made them, since the person who made them leaves. Returns how many. Must run inside
    a transaction.
    """
    found = list(feeds.select_for_update(of=("self",)))
    for feed in found:
        feed.ended_at = timezone.now()
        feed.version += 1
        feed.save(update_fields=["ended_at", "version"])
        record("changes.feed.ended", "user", feed.user_id, by=by, after={"prefix": feed.prefix}, reason=reason)
    return len(found)


def _made(by: Caller, group: Group | None, person_id: int | None, what: str) -> tuple[Feed, str]:
    secret = new_secret()
    assert by.user_id is not None
    feed = Feed.objects.create(
        hash=digest(_kept(secret)), prefix=secret[:PREFIX], user_id=by.user_id, group=group, person_id=person_id,
        expires_at=timezone.now() + LIFE, what=what,
    )  # fmt: skip
    told = {"prefix": feed.prefix, "group": group.reference if group else None}
    record("changes.feed.made", "user", by.user_id, by=by, after=told)
    return feed, base_url() + reverse("changes:feed", args=[secret])


def _kept(secret: str) -> str:
    """What is hashed: bound to this use, so that no hash of another secret can be one of a calendar."""
    return f"feed:{secret}"


def feed_of(secret: str, *, address: str) -> tuple[Feed, Caller]:
    """The living feed with this secret, and its owner as he may see now. Raises NotFound in one wording whatever is
    wrong, and TooMany for an address that has guessed too often.
    """
    key = f"feed:{address}"
    if has_tried_too_often(key, GUESSES):
        raise TooMany(_("There have been too many tries."), todo=_("Wait ten minutes."))
    now = timezone.now()
    found = Feed.objects.living(now).select_related("user", "group__item", "person").filter(
        hash=digest(_kept(secret))
    ).first()  # fmt: skip
    caller = callers_by_user.only()(found.user_id) if found is not None else None
    if found is None or caller is None or not _may(found, caller):
        may_try(key, GUESSES)
        raise NotFound(_("There is no such calendar."), todo=_("Make a new address on the page of calendars."))
    if found.last_used_at is None or now - found.last_used_at > USE_TOLD:
        Feed.objects.filter(pk=found.pk).update(last_used_at=now)
    return found, caller


def _may(feed: Feed, caller: Caller) -> bool:
    if not caller.may(ChangePermission.VIEW):
        return False
    if feed.group_id is not None:
        return Group.objects.visible_to(caller).filter(pk=feed.group_id).exclude(state="closed").exists()
    person = feed.person
    return person is not None and person.ended_on is None and person.user_id == feed.user_id
