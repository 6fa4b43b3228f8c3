"""When copies are made by themselves: after a publication, and by the timetable when something has changed."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.documents.models import About, Audience, Document, DocumentAudience
from helhet.handbook.bundle.holding import EVERYONE, documents_for, holds_what_others_read
from helhet.handbook.bundle.making import make_bundle
from helhet.handbook.bundle.manifest import MANIFEST, Manifest, parsed
from helhet.handbook.bundle.mattering import changed_since
from helhet.handbook.bundle.placing import take_away, zips_of
from helhet.handbook.models import Bundle
from helhet.handbook.permissions import HandbookPermission
from helhet.items.models import Criticality, Presence
from helhet.kit.errors import NotFound
from helhet.kit.jobs import Job, JobContext, job
from helhet.kit.rights import Caller, Level

LATE = dt.timedelta(minutes=60)
KEPT = dt.timedelta(days=90)


@dataclass(slots=True)
class Standing:
    """An audience with its newest copy. `waiting` are documents published since, which no copy of it holds yet, and
    `critical` those of them that are routines, and they or something that they are for is stated as critical.
    """

    audience: Audience
    newest: Bundle | None
    waiting: list[Document] = field(default_factory=list)
    critical: set[int] = field(default_factory=set)

    @property
    def is_late(self) -> bool:
        """Whether something was published more than an hour ago and is in no copy."""
        now = timezone.now()
        return any(one.published is not None and now - one.published.published_at > LATE for one in self.waiting)

    @property
    def faults(self) -> list[dict[str, str]]:
        """The places that did not take the newest copy, with the reason."""
        return [place for place in self.newest.places if place["fault"]] if self.newest else []


def readable_audiences(caller: Caller) -> QuerySet[Audience]:
    """The audiences that the caller belongs to: open ones, and those of his groups; coordinators belong to all."""
    if not caller.may(HandbookPermission.BUNDLE_VIEW):
        return Audience.objects.none()
    if caller.level >= Level.COORDINATOR:
        return Audience.objects.all()
    return Audience.objects.filter(Q(is_open=True) | Q(groups__in=caller.member_of)).distinct()


def find_readable(key: str, caller: Caller) -> Audience:
    """The audience, for somebody who belongs to it.

    Raises:
        NotFound: there is none, or he does not.

    """
    mine = readable_audiences(caller)
    audience = mine.filter(key=key).first()
    if audience is None:
        raise NotFound(
            _("There is no audience %(name)s that you belong to.") % {"name": key},
            todo=_("Yours are: %(keys)s.") % {"keys": ", ".join(mine.values_list("key", flat=True)) or "–"},
        )
    return audience


def standings(audiences: Iterable[Audience]) -> list[Standing]:
    """Each with its newest copy and what waits for the next."""
    audiences = list(audiences)
    newest = _newest(audiences)
    found = [Standing(one, newest.get(one.key), _waiting(one, newest.get(one.key))) for one in audiences]
    routines = [one for standing in found for one in standing.waiting if getattr(one, "routine", None) is not None]
    most = Criticality.CRITICAL
    about = About.objects.filter(document__in=routines, item__criticality=most).values_list("document_id", flat=True)
    critical = {*about, *(one.pk for one in routines if one.item.criticality == most)} if routines else set()
    for standing in found:
        standing.critical = critical
    return found


def _newest(audiences: Collection[Audience]) -> dict[str, Bundle]:
    """The newest copy of each that stands where copies stand by themselves: one that somebody made by hand, for a stick
    perhaps, has renewed nothing there. Only where none does, one that was made by hand.
    """
    made = Bundle.objects.made().filter(audience__in=[one.key for one in audiences])
    own = Max("pk", filter=Q(places__0__host__gt=""))
    last = made.order_by().values("audience").annotate(last=Coalesce(own, Max("pk"))).values("last")
    return {one.audience: one for one in made.filter(pk__in=last)}


def _waiting(audience: Audience, newest: Bundle | None) -> list[Document]:
    waiting = documents_for(audience).select_related("published", "item", "routine")
    if newest is not None:
        waiting = waiting.filter(published__published_at__gt=newest.made_at)
    return list(waiting.order_by("-item__criticality", "pk")[:200])


def with_documents() -> QuerySet[Audience]:
    """The audiences that have a published document of their own: the others get no copies by themselves."""
    own = DocumentAudience.objects.filter(
        audience_id=OuterRef("pk"), document__published__isnull=False, document__item__presence=Presence.HERE
    )
    return Audience.objects.filter(Exists(own))


def places_for(audience: Audience) -> list[Path]:
    """Where its copies stand: in the data folder, and in each folder that the settings name."""
    roots = [Path(settings.DATA_DIR) / "bundles", *(Path(one).expanduser() for one in settings.BUNDLE_DIRS)]
    return [root / audience.key.lower() for root in roots]


def copy_here(audience: Audience) -> tuple[bytes, Manifest] | None:
    """The manifest of its copy on this machine, as it is written and as it says; None while there is none."""
    try:
        data = (places_for(audience)[0] / MANIFEST).read_bytes()
        return data, parsed(data)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


@job(name="handbook.bundle", title=gettext_lazy("Make an offline copy"), max_tries=3, lease=600)
def make_one(context: JobContext, audience: str) -> dict[str, int | str]:
    """Make the copy of one audience and put it at every place; of an audience that is no more, take it away there."""
    found = Audience.objects.filter(key=audience).first()
    for packed in zips_of(audience):
        packed.unlink(missing_ok=True)
    if found is None:
        left = [place for place in places_for(Audience(key=audience)) if not take_away(place, audience)]
        return {"number": 0, "failed": len(left), "url": ""}
    made = make_bundle(found, places_for(found), by=context.caller, beat=context.progress, host=socket.gethostname())
    Bundle.objects.filter(audience=audience, made_at__lt=timezone.now() - KEPT).exclude(pk=made.bundle.pk).delete()
    return {"number": made.bundle.number, "failed": len(made.failed), "url": ""}


def make_later(audience: Audience, *, by: Caller | None) -> Job:
    """Ask for a copy of the audience; those who ask before it has begun share one.

    Raises:
        Forbidden: he may not.

    """
    if by is not None:
        by.require(HandbookPermission.BUNDLE_MAKE)
    return _ask(audience.key, by)


def _ask(key: str, by: Caller | None) -> Job:
    return make_one.later(caller=by, unique=f"handbook.bundle:{key}", title=key, audience=key)


class Published(Protocol):
    """What was published or withdrawn, as the room of documents tells it."""

    @property
    def document(self) -> Document:
        """The document."""


def on_published(published: Published) -> None:
    """Fills `documents.published`: in the same transaction, the copies of its audiences are asked for."""
    on_many_published([published])


def on_many_published(published: Sequence[Published]) -> None:
    """Fills `documents.many_published`: the same for what an import published, each audience once."""
    touched = Audience.objects.filter(documents__in=[one.document for one in published])
    if touched.filter(key=EVERYONE).exists():
        touched = with_documents() | Audience.objects.filter(key=EVERYONE)
    for audience in touched.distinct():
        make_later(audience, by=None)


def on_readers_set(keys: Collection[str]) -> None:
    """Fills `documents.readers_set`: what stands for these audiences is made anew, or taken away with its audience."""
    copied = Bundle.objects.made().filter(audience__in=keys).values_list("audience", flat=True).distinct()
    touched = with_documents() if EVERYONE in keys else with_documents().filter(key__in=keys)
    for key in sorted({*copied, *touched.values_list("key", flat=True)}):
        _ask(key, None)


@job(name="handbook.bundles", title=gettext_lazy("Renew the offline copies"), max_tries=2)
def renew_if_due(context: JobContext) -> dict[str, int]:
    """The timetable's round: whatever may hold other words now, is of an earlier day, or holds what others read."""
    asked, own = 0, set(with_documents().values_list("pk", flat=True))
    for audience in Audience.objects.all():
        context.check()
        if _holds_too_much(audience) or (audience.pk in own and _is_old(audience)):
            make_later(audience, by=None)
            asked += 1
    return {"asked": asked}


def _is_old(audience: Audience) -> bool:
    """By the day, too: who is a member and what is overdue turn at midnight, and no event tells it. And where a place
    that the settings name was not thought of when the newest was made; by another host, whose places are its own, that
    would never come to an end.
    """
    newest = _newest([audience]).get(audience.key)
    if newest is None or not newest.host or timezone.localdate(newest.made_at) != timezone.localdate():
        return True
    placed = {place["folder"] for place in newest.places}
    if newest.host == socket.gethostname() and not placed.issuperset(map(str, places_for(audience))):
        return True
    return changed_since(newest.sequence)


def _holds_too_much(audience: Audience) -> bool:
    here = copy_here(audience)
    return here is not None and holds_what_others_read(audience, here[1].files)
