"""What people do with one item: create, change, comment, attach, link."""

from __future__ import annotations

import datetime as dt
from typing import Any

import jsonschema
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.finding import checked_name, find_item
from helhet.items.models import Comment, Criticality, Item, Kind, Link, Presence, State
from helhet.items.notes import require_notes, told
from helhet.items.permissions import ItemPermission
from helhet.items.schemas import fault_text
from helhet.items.writing import NewItem, add_items, change_items
from helhet.journal.actions import record
from helhet.journal.models import Batch
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

TEXT_LIMIT = 100_000
TAG_LIMIT = 100


def kind_named(key: str) -> Kind:
    """The kind with this key. Raises Invalid that lists them."""
    kind = Kind.objects.filter(key=key).first()
    if kind is None:
        keys = ", ".join(Kind.objects.values_list("key", flat=True))
        raise Invalid(
            _("There is no kind %(key)s.") % {"key": key}, todo=_("Choose one of: %(keys)s.") % {"keys": keys},
            field="kind",
        )  # fmt: skip
    return kind


def state_named(word: str) -> int:
    """The state with this word; empty is live. Raises Invalid."""
    for state in State:
        if word.strip().lower() in {state.key, str(state.label).lower()}:
            return int(state)
    if not word.strip():
        return int(State.LIVE)
    raise Invalid(
        _("There is no state %(word)s.") % {"word": word},
        todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(state.key for state in State)},
        field="state",
    )


def criticality_named(word: str) -> int:
    """The criticality with this word; empty is not set. Raises Invalid."""
    for one in Criticality:
        if word.strip().lower() in {one.key, str(one.label).lower()}:
            return int(one)
    raise Invalid(
        _("There is no criticality %(word)s.") % {"word": word},
        todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(one.key for one in Criticality if one.key)},
        field="criticality",
    )


def checked_tags(tags: list[str]) -> list[str]:
    """Tags without blanks and doubles, in order. Raises Invalid for one that is too long."""
    kept: list[str] = []
    for tag in tags:
        text = " ".join(str(tag).split())
        if len(text) > TAG_LIMIT:
            raise Invalid(_("A tag has at most 100 characters."), field="tags")
        if text and text not in kept:
            kept.append(text)
    return kept


def checked_attributes(kind: Kind, attributes: dict[str, Any], *, only: frozenset[str] | None = None) -> dict[str, Any]:
    """Attributes that fit the kind's schema; empty ones are left out. Raises Invalid that names the attribute.

    `only` names those that are being set: what is wrong with others was so before, and is mended one by one.
    """
    kept = {name.strip(): value for name, value in attributes.items() if name.strip() and value not in (None, "", [])}
    if not kind.schema:
        return kept
    fits = jsonschema.Draft202012Validator(kind.schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    for error in fits.iter_errors(kept):
        names = {str(error.absolute_path[0])} if error.absolute_path else set()
        if error.validator == "required" and not names:
            names = {name for name in error.validator_value if name not in kept}
        if only is not None and not names & only:
            continue
        name = ".".join(str(part) for part in error.absolute_path) or ", ".join(sorted(names))
        raise Invalid(
            _("The attribute %(name)s does not fit: %(message)s") % {"name": name or "–", "message": fault_text(error)},
            field=f"attributes.{name}" if name else "attributes",
        )
    return kept


def whole_named(text: str, caller: Caller, *, of: Item | None = None) -> int | None:
    """The id of the item that another is to be part of, empty for none. Raises Invalid for a loop."""
    if not text.strip():
        return None
    whole = find_item(text, caller)
    step: Item | None = whole
    while of is not None and step is not None:
        if step.pk == of.pk:
            raise Invalid(
                _("%(whole)s is itself part of %(item)s.") % {"whole": whole.reference, "item": of.reference},
                todo=_("Choose another whole."), field="part_of",
            )  # fmt: skip
        step = step.part_of
    return whole.pk


@transaction.atomic
def create_item(*, by: Caller, kind: str, name: str, reason: str = "", **fields: Any) -> Item:
    """A new item. `fields`: state, criticality, description, attributes, tags, part_of, as words and plain values."""
    by.require(ItemPermission.CREATE)
    chosen = kind_named(kind)
    if not chosen.is_listed:
        raise Invalid(_("Items of this kind are made on pages of their own."), field="kind")
    wanted = wanted_fields(fields, chosen, by, None)
    draft = NewItem(kind=chosen, name=checked_name(name), **wanted)
    (item_id,) = add_items([draft], by=by, on=timezone.localdate(), reason=reason)
    return Item.objects.select_related("kind").get(pk=item_id)


def wanted_fields(fields: dict[str, Any], kind: Kind, by: Caller, item: Item | None) -> dict[str, Any]:
    """Words and plain values as the model's values. Raises Invalid for unknown fields and values."""
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "state":
            wanted["state"] = state_named(value or "")
        elif name == "criticality":
            wanted["criticality"] = criticality_named(value or "")
        elif name == "description":
            wanted["description"] = str(value or "").replace("\r\n", "\n")[:TEXT_LIMIT]
        elif name == "tags":
            wanted["tags"] = checked_tags(value or [])
        elif name == "part_of":
            wanted["part_of_id"] = whole_named(value or "", by, of=item)
        elif name == "attributes":
            wanted["attributes"] = checked_attributes(kind, value or {})
        elif name == "name":
            wanted["name"] = checked_name(value or "")
        else:
            raise Invalid(_("An item has no field %(name)s.") % {"name": name}, field=name)
    return wanted


@transaction.atomic
def change_item(
    reference: str,
    *,
    by: Caller,
    version: int | None,
    reason: str = "",
    on: dt.date | None = None,
    batch: Batch | None = None,
    **fields: Any,
) -> Item:
    """Set fields of one item, given as words and plain values; `attributes` is whole, `attribute` a pair of name and
    value that alters that one alone.
    """
    item = find_item(reference, by, for_change=True)
    by.require(ItemPermission.CHANGE, item)
    check_version(item, version, item.reference)
    kind = kind_named(fields.pop("kind")) if "kind" in fields else item.kind
    one = fields.pop("attribute", None)
    if one is not None:
        fields.pop("attributes", None)
    wanted = wanted_fields(fields, kind, by, item)
    if one is not None:
        named = " ".join(str(one[0]).split())
        wanted["attributes"] = checked_attributes(kind, {**item.attributes, named: one[1]}, only=frozenset({named}))
    if kind.pk != item.kind_id:
        if not kind.is_listed or not item.kind.is_listed:
            raise Clash(_("Items of this kind cannot become another kind."), field="kind")
        wanted["kind"] = kind
    change_items([(item, wanted)], by=by, on=on or timezone.localdate(), reason=reason, batch=batch)
    return item


@transaction.atomic
def comment(item: Item, text: str, *, by: Caller) -> Comment:
    """Say something about an item."""
    by.require(ItemPermission.COMMENT, None)
    require_notes(item, by)
    text = text.strip().replace("\r\n", "\n")
    if not text:
        raise Invalid(_("Write something first."), field="text")
    said = Comment.objects.create(item=item, user_id=by.user_id, author=by.name, text=text[:TEXT_LIMIT])
    record("items.comment.made", "item", item.pk, by=by, after=told(item, "comment", text[:200]))
    return said


@transaction.atomic
def remove_comment(said: Comment, *, by: Caller) -> None:
    """Take back what oneself said; the event stays, the words go."""
    by.require(ItemPermission.COMMENT)
    require_notes(said.item, by)
    if said.user_id != by.user_id:
        by.require(ItemPermission.CHANGE, said.item)
    if said.removed_at is None:
        said.removed_at = timezone.now()
        said.text = ""
        said.save(update_fields=["removed_at", "text"])
        record("items.comment.removed", "item", said.item_id, by=by)


@transaction.atomic
def link(item: Item, other: Item, type_: str, *, by: Caller) -> Link:
    """State a typed relation from one item to another."""
    by.require(ItemPermission.LINK, item)
    type_ = " ".join(type_.split())[:60]
    if not type_:
        raise Invalid(_("Say what sort of link it is."), field="type")
    if item.pk == other.pk:
        raise Invalid(_("An item cannot be linked to itself."), field="other")
    made, is_new = Link.objects.get_or_create(from_item=item, to_item=other, type=type_)
    if is_new:
        record("items.link.made", "item", item.pk, by=by, after={"type": type_, "to": other.reference})
    return made


@transaction.atomic
def unlink(one: Link, *, by: Caller) -> None:
    """Remove a link."""
    by.require(ItemPermission.LINK, one.from_item)
    record(
        "items.link.removed", "item", one.from_item_id, by=by, before={"type": one.type, "to": one.to_item.reference}
    )
    one.delete()


@transaction.atomic
def undo_change(reference: str, event_id: int, *, by: Caller) -> Item:
    """Set back what one event changed, keeping what was changed later. Raises Clash when nothing is left to undo."""
    item = find_item(reference, by, for_change=True)
    by.require(ItemPermission.CHANGE, item)
    event = item_event(item, event_id)
    wanted = undone(item, event.before or {}, event.after or {})
    if not wanted:
        raise Clash(_("This has been changed since; there is nothing to undo."))
    change_items([(item, wanted)], by=by, on=timezone.localdate(), verb="items.item.undone")
    return item


def item_event(item: Item, event_id: int) -> Any:
    """The event of the item with this number. Raises Invalid."""
    from helhet.journal.models import Event  # noqa: PLC0415 - a plain reading of the room below

    event = Event.objects.filter(noun="item", noun_id=item.pk, pk=event_id).first()
    if event is None or not event.before:
        raise Invalid(_("This cannot be undone."))
    return event


def undone(item: Item, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The fields to set back: those that still hold what the event gave them. Attributes are judged one by one."""
    now = item.as_data() | {"part_of_id": item.part_of_id}
    wanted: dict[str, Any] = {}
    for name, value in before.items():
        if name == "attributes":
            kept = dict(item.attributes)
            given = after.get("attributes", {})
            for attribute in {*value, *given}:
                if kept.get(attribute) == given.get(attribute) and kept.get(attribute) != value.get(attribute):
                    if attribute in value:
                        kept[attribute] = value[attribute]
                    else:
                        kept.pop(attribute)
            if kept != item.attributes:
                wanted["attributes"] = kept
        elif name in now and now[name] == after.get(name):
            wanted |= _set_back(name, value)
    return wanted


def _set_back(name: str, value: Any) -> dict[str, Any]:
    if name == "kind":
        kind = Kind.objects.filter(key=value).first()
        return {"kind": kind} if kind else {}
    if name == "state":
        return {"state": state_named(value)}
    if name == "criticality":
        return {"criticality": criticality_named(value)}
    return {name: value}


@transaction.atomic
def withdraw(items: list[Item], *, by: Caller, batch: Batch | None, reason: str) -> list[int]:
    """Take items out of the register (an undone import); their rows, references and history stay."""
    return change_items(
        [(item, {"presence": int(Presence.WITHDRAWN), "part_of_id": None}) for item in items],
        by=by, on=timezone.localdate(), batch=batch, reason=reason, verb="items.item.withdrawn",
    )  # fmt: skip
