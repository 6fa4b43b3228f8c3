"""Support paths and tasks that end at nobody: fills `estate.link_findings`.

A step that names a group that is closed or has no members, a supplier that has ended or has nobody to call, something
that has left the register, or somebody who has left the house, by name, address or telephone. That is all that can be
said of an address or a telephone: `fields` takes those of people who are here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Sort, Version
from helhet.estate.link_findings import Asked, Found, LinkFinding, items_of
from helhet.groups.models import Group, Membership, Person
from helhet.handbook.models import Part
from helhet.handbook.pointing import Pointed, pointed_at, rows_of
from helhet.handbook.shapes import WHO
from helhet.items.models import Item, State
from helhet.items.text import fold
from helhet.kit.rights import Caller
from helhet.rules.names import Names, digits_of, numbers_in, words_of
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
    manned = set(
        Membership.objects.on(timezone.localdate()).filter(group__in=pointed.groups).values_list("group_id", flat=True)
    )
    lines = [
        _line(version, place, row, words)
        for place, (version, row) in enumerate(steps)
        if (words := _fault(version.document.part, row, pointed, gone, manned))
    ]
    return [Found(SORT, _("Support path that ends at nobody"), len(lines), lambda first, last: lines[first:last])]


@dataclass(frozen=True, slots=True)
class _Gone:
    """The names of all people, the words of those that only people who have left have, and the names of those by their
    numbers and addresses. All, since *Anna Berg* who has left is not met in *Anna Berg Ström* who is here.
    """

    names: Names
    left: Collection[tuple[str, ...]]
    reached: dict[str, str]

    def in_text(self, text: str) -> str:
        """Whom of them a cell names, by name, address or telephone; empty for none."""
        by_name = next((name for name in self.names.all_within(text) if words_of(name) in self.left), "")
        if by_name:
            return by_name
        keys = [*(word.strip(".,;:()<>") for word in fold(text).split()), *numbers_in(text)]
        return next((self.reached[key] for key in keys if key in self.reached), "")


def _gone_people() -> _Gone:
    """A name, number or address that somebody who is here has too is nobody's who has left."""
    people = list(Person.objects.values_list("name", "email", "phone", "ended_on"))
    here = [one for one in people if one[3] is None]
    left = [one for one in people if one[3] is not None]
    reaching = {key for _name, email, phone, _on in here for key in (fold(email), digits_of(phone))}
    ways = {key: name for name, email, phone, _on in left for key in (fold(email), digits_of(phone)) if key}
    return _Gone(
        Names(name for name, *_rest in people),
        {words_of(name) for name, *_rest in left} - {words_of(name) for name, *_rest in here},
        {key: name for key, name in ways.items() if key not in reaching},
    )


def _fault(part: str, row: Row, pointed: Pointed, gone: _Gone, manned: Collection[int]) -> str:
    who, contact = str(row.get(WHO) or ""), str(row.get("contact") or "")
    if name := gone.in_text(who) or gone.in_text(contact):
        return _("%(name)s has left.") % {"name": name}
    item = pointed.item(who)
    if item is None:
        is_reference = who == who.upper() and who.rpartition("-")[0] and who.rpartition("-")[2].isdigit()
        return _("%(who)s is not in the register.") % {"who": who} if is_reference else ""
    if part == Part.SUPPORT and item.kind.key == "supplier" and item.state != State.RETIRED:
        is_reached = contact or pointed.contacts.get(item.pk)
        return "" if is_reached else _("%(name)s has nobody to call.") % {"name": item.name}
    return _ended(item, pointed.groups.get(item.pk), manned)


def _ended(item: Item, group: Group | None, manned: Collection[int]) -> str:
    if group is not None and group.state == "closed":
        return _("%(name)s is closed.") % {"name": item.name}
    if item.state == State.RETIRED:
        return _("%(name)s has ended.") % {"name": item.name}
    return _("%(name)s has no members.") % {"name": item.name} if group is not None and item.pk not in manned else ""


def _line(version: Version, place: int, row: Row, words: str) -> LinkFinding:
    item, part = version.document.item, version.document.part
    url = f"{reverse('handbook:service', args=[item.reference])}#part-{part}"
    return LinkFinding(
        f"{SORT}-{version.pk}-{place}", SORT, _("Support path that ends at nobody"), words,
        _("Name a group or a role that is here"), url, from_item=item, to_text=str(row.get(WHO) or ""),
    )  # fmt: skip
