"""Links of published texts that lead nowhere: fills `estate.link_findings`, so that they stand with all other findings.

Judged when asked for: an item that was retired or taken out yesterday makes today's dead link, and a reference that was
written before its item came to be leads there once it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helhet.documents.document_page import address_of, title_of
from helhet.documents.figures import standing
from helhet.documents.links import items_of as items_named
from helhet.documents.models import Document, TextLink
from helhet.estate.link_findings import Asked, Found, LinkFinding, items_of
from helhet.items.models import Presence, State
from helhet.kit.rights import Caller

SORT = "dead_link"
IS_GONE = ~Q(item__presence=Presence.HERE) | Q(item__state=State.RETIRED)
IS_DEAD = Q(item__isnull=True, is_page=False) | (Q(item__isnull=False) & IS_GONE)


def link_findings(asked: Asked, caller: Caller) -> Sequence[Found]:
    """The dead links of the published documents that the caller may read."""
    rows = dead_links(caller)
    if asked.source:
        rows = rows.none()
    if asked.group is not None:
        rows = rows.filter(items_of(asked.group, "document__item_id"))
    return [Found(SORT, _("Dead links in documents"), rows.count(), _lister(rows))]


def dead_links(caller: Caller) -> QuerySet[TextLink]:
    """Links that lead to no item, or to one that has left the register or is retired; unknown addresses; and those to
    a page of the same set that is not there, or that its source shows no more.
    """
    in_use = standing(Document.objects.visible_to(caller).filter(published__isnull=False))
    unseen = Document.objects.filter(part="", not_seen_since__isnull=False).order_by().values("item_id")
    rows = TextLink.objects.filter(IS_DEAD | Q(is_local=True, item__in=unseen), document__in=in_use)
    unknown = list(rows.filter(item__isnull=True).values_list("target", flat=True).distinct())
    known = items_named(unknown)
    return rows.exclude(item__isnull=True, target__in=known) if known else rows


def _lister(rows: QuerySet[TextLink]) -> Callable[[int, int], list[LinkFinding]]:
    def some(first: int, last: int) -> list[LinkFinding]:
        related = ("document__item__kind", "document__published", "item__kind")
        return [_of(one) for one in rows.select_related(*related).order_by("id")[first:last]]

    return some


def _of(one: TextLink) -> LinkFinding:
    document = one.document
    words = _("%(title)s leads to %(target)s, which is not there.")
    if one.item is not None and one.item.presence == Presence.HERE:
        words = _("%(title)s leads to %(target)s, which is retired.")
        if one.item.state != State.RETIRED:
            words = _("%(title)s leads to %(target)s, which its source does not show any more.")
    return LinkFinding(
        f"dead-{one.pk}", SORT, _("Dead link"), words % {"title": title_of(document), "target": one.target},
        _("Correct the text"), address_of("edit", document) or address_of("document", document), "", "",
        document.item, one.item if one.item and one.item.presence == Presence.HERE else None, "",
        "" if one.item and one.item.presence == Presence.HERE else one.target, document.address,
    )  # fmt: skip
