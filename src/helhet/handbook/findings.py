"""Support paths and tasks that end at nobody: fills `estate.link_findings`.

A step that names a group that is closed, a supplier that has ended, something that has left the register, or somebody
who has left the house, by name or address.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Sort, Version
from helhet.estate.link_findings import Asked, Found, LinkFinding, items_of
from helhet.groups.models import Person
from helhet.handbook.models import Part
from helhet.handbook.pointing import Pointed, pointed_at, rows_of
from helhet.handbook.shapes import WHO
from helhet.items.models import State
from helhet.items.text import fold
from helhet.kit.rights import Caller
from helhet.rules.rows import Row

SORT = "path_end"


def link_findings(asked: Asked, caller: Caller) -> Sequence[Found]:
    """The steps that end at nobody, of the published support paths and tasks that the caller may read."""
    if asked.source:
        return []
    versions = Version.objects.filter(
        document__part__in=(Part.SUPPORT, Part.TASKS), document__sort=Sort.DOCUMENTATION, document__item__presence=0,
        document__published_id=F("pk"), document__in=Document.objects.visible_to(caller),
    ).select_related("document__item__kind")  # fmt: skip
    if asked.group is not None:
        versions = versions.filter(items_of(asked.group, "document__item_id"))
    steps = [(version, row) for version in versions.order_by("document_id") for row in rows_of(version.fields)]
    pointed, gone = pointed_at([row for _version, row in steps]), _gone_people()
    lines = [
        _line(version, place, row, words)
        for place, (version, row) in enumerate(steps)
        if (words := _fault(row, pointed, gone))
    ]
    return [Found(SORT, _("Support path that ends at nobody"), len(lines), lambda first, last: lines[first:last])]


def _gone_people() -> dict[str, str]:
    """Those who have left, by name and address, folded; a name that somebody who is here bears too is left out."""
    people = list(Person.objects.values_list("name", "email", "ended_on"))
    here = {fold(name) for name, _email, ended_on in people if ended_on is None}
    gone = {fold(name): name for name, _email, ended_on in people if ended_on is not None and fold(name) not in here}
    return gone | {fold(email): name for name, email, ended_on in people if ended_on is not None and email}


def _fault(row: Row, pointed: Pointed, gone: dict[str, str]) -> str:
    who, contact = str(row.get(WHO) or ""), str(row.get("contact") or "")
    for text in (who, contact):
        if text and (name := gone.get(fold(text))):
            return _("%(name)s has left.") % {"name": name}
    item = pointed.item(who)
    if item is None:
        is_reference = who == who.upper() and who.rpartition("-")[0] and who.rpartition("-")[2].isdigit()
        return _("%(who)s is not in the register.") % {"who": who} if is_reference else ""
    group = pointed.groups.get(item.pk)
    if group is not None and group.state == "closed":
        return _("%(name)s is closed.") % {"name": item.name}
    return _("%(name)s has ended.") % {"name": item.name} if item.state == State.RETIRED else ""


def _line(version: Version, place: int, row: Row, words: str) -> LinkFinding:
    item, part = version.document.item, version.document.part
    url = f"{reverse('handbook:service', args=[item.reference])}#part-{part}"
    return LinkFinding(
        f"{SORT}-{version.pk}-{place}", SORT, _("Support path that ends at nobody"), words,
        _("Name a group or a role that is here"), url, from_item=item, to_text=str(row.get(WHO) or ""),
    )  # fmt: skip
