"""Where documents join in on the pages of groups, and what becomes of them when a group closes or items are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.documents.actions.audiences import give_audiences
from helhet.documents.models import About, Approver, Audience, Described, Document, TextLink
from helhet.documents.permissions import DocumentPermission
from helhet.documents.readers import approval_of, audience_name
from helhet.groups.models import Group, GroupState
from helhet.groups.ports import Closing, Hanging
from helhet.items.merging import Merging
from helhet.items.notes import WRITTEN
from helhet.kit.errors import Clash
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller

OF_ITEMS = ("item", "supplier", "contract")
STATED = ("document_id", "noun", "aspect")


def panels(group: Group, caller: Caller) -> Sequence[Panel]:
    """Fills `groups.group_panels`: who approves the group's documents, and which audiences it belongs to."""
    if not caller.may(DocumentPermission.VIEW) or group.state == GroupState.CLOSED:
        return []
    rule = approval_of(group)
    context = {
        "rule": rule, "approver": Approver(rule.approver).label, "group": group.reference,
        "audiences": [audience_name(one) for one in Audience.objects.filter(groups=group)],
        "may_manage": caller.may(DocumentPermission.APPROVAL_MANAGE, group),
    }  # fmt: skip
    return [Panel("documents/_of_group.html", context, order=70)]


def hanging(group: Group) -> list[Hanging]:
    """Fills `groups.hanging`: the audiences that the group belongs to."""
    count = Audience.objects.filter(groups=group).count()
    return [Hanging(_("Audiences that it belongs to"), count, reverse("documents:audiences"))]


def follow(closing: Closing) -> None:
    """Participant of `groups.closing`: the group that takes over reads what was for the one that closes.

    Approval does not follow: the other group's mandate has its own.
    """
    if closing.to is not None:
        give_audiences(closing.group, closing.to, by=closing.by, reason=closing.group.name)


def on_merged(merging: Merging) -> dict[str, Any]:
    """Fills `items.merged`: documents follow. One that the kept item has too stays where it is, out of sight.

    Raises Clash where what was said to a text for few would be read by others.
    """
    kept, gone = merging.kept, merging.gone
    held = {one.part: one for one in Document.objects.filter(item=kept)}
    mine = list(Document.objects.filter(item=gone))
    for one in mine:
        if not one.part and kept.kind.family not in WRITTEN:
            raise Clash(
                _("%(gone)s is a document, %(kept)s is none.") % {"gone": gone, "kept": kept},
                todo=_("Let the document be about the item instead."), field="gone",
            )  # fmt: skip
        if one.part in held and _readers(one) != _readers(held[one.part]):
            raise Clash(
                _("The documents %(gone)s and %(kept)s have different readers.")
                % {"gone": one.address, "kept": held[one.part].address},
                todo=_("Give both the same readers first."), field="gone",
            )  # fmt: skip
    moved = [one.pk for one in mine if one.part not in held]
    Document.objects.filter(pk__in=moved).update(item=kept)
    there = About.objects.filter(item=kept).values("document_id")
    about = list(About.objects.filter(item=gone).exclude(document_id__in=there).values_list("pk", flat=True))
    About.objects.filter(pk__in=about).update(item=kept)
    return {"documents": moved, "about": about, **_stated_moved(merging)}


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """Fills `items.split`."""
    Document.objects.filter(pk__in=moved.get("documents", ()), item=merging.kept).update(item=merging.gone)
    About.objects.filter(pk__in=moved.get("about", ()), item=merging.kept).update(item=merging.gone)
    stated = Described.objects.filter(pk__in=moved.get("described", ()), noun_id=merging.kept.pk)
    stated.update(noun_id=merging.gone.pk)
    TextLink.objects.filter(pk__in=moved.get("text_links", ()), item=merging.kept).update(item=merging.gone)


def _stated_moved(merging: Merging) -> dict[str, Any]:
    """What texts state of the item that goes, and where they lead, is of the kept one: its changes are what counts."""
    kept, gone = merging.kept, merging.gone
    held = set(Described.objects.filter(noun__in=OF_ITEMS, noun_id=kept.pk).values_list(*STATED))
    rows = Described.objects.filter(noun__in=OF_ITEMS, noun_id=gone.pk)
    stated = [pk for pk, *what in rows.values_list("pk", *STATED) if tuple(what) not in held]
    Described.objects.filter(pk__in=stated).update(noun_id=kept.pk)
    links = list(TextLink.objects.filter(item=gone).values_list("pk", flat=True))
    TextLink.objects.filter(pk__in=links).update(item=kept)
    return {"described": stated, "text_links": links}


def _readers(document: Document) -> set[str]:
    return set(document.audiences.values_list("key", flat=True))
