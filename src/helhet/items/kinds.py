"""What administrators do with kinds: add one, alter its words, its attributes and whether its items must be owned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import jsonschema
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from helhet.items.models import Family, Item, Kind, Presence
from helhet.items.permissions import ItemPermission
from helhet.items.schemas import checked_schema, fault_text
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
PREFIX = re.compile(r"[A-ZÅÄÖ][A-ZÅÄÖ0-9]{0,7}")
ICON = re.compile(r"[a-z][a-z0-9-]{0,39}")
WORDS = ("name_sv", "name_en", "plural_sv", "plural_en")
CHANGEABLE = frozenset({*WORDS, "family", "icon", "prefix", "must_be_owned", "schema", "position"})
POSITION_LIMIT = 1_000_000
EXAMINED = 5_000


@dataclass(frozen=True, slots=True)
class Misfit:
    """An item whose attributes do not fit its kind's schema, with the first reason."""

    item: Item
    reason: str


@dataclass(frozen=True, slots=True)
class Misfits:
    """Those found among the first `examined` items; `more` when there are items that were not examined."""

    found: list[Misfit]
    count: int
    examined: int
    more: bool


def find_kind(key: str, caller: Caller) -> Kind:
    """The kind with this key. Raises NotFound."""
    caller.require(ItemPermission.VIEW)
    kind = Kind.objects.filter(key=key[:60]).first() if "\x00" not in key else None
    if kind is None:
        raise NotFound(
            _("There is no kind %(key)s.") % {"key": key[:60]}, todo=_("Choose one in the list of kinds."), field="kind"
        )
    return kind


def kinds_counted(caller: Caller) -> list[tuple[Kind, int]]:
    """Every listed kind with the number of its items, in the order of families and then of matrices."""
    caller.require(ItemPermission.VIEW)
    here = Item.objects.visible_to(caller).order_by()
    counts = dict(here.values_list("kind_id").annotate(number=Count("id")))
    families = list(Family.values)
    kinds = sorted(
        Kind.objects.filter(is_listed=True),
        key=lambda kind: (
            families.index(kind.family) if kind.family in families else len(families), kind.position, kind.key,
        ),
    )  # fmt: skip
    return [(kind, counts.get(kind.pk, 0)) for kind in kinds]


def checked_key(text: str) -> str:
    """A key that an administrator gives to a kind or a type, without blanks around it. Raises Invalid."""
    key = text.strip()
    if not KEY.fullmatch(key):
        raise Invalid(
            _("The key %(key)s cannot be used.") % {"key": key[:60]},
            todo=_("Write small letters a to z, digits and _, at most 60, beginning with a letter."), field="key",
        )  # fmt: skip
    return key


@transaction.atomic
def create_kind(*, by: Caller, key: str, **fields: Any) -> Kind:
    """A new kind. `fields`: family, name_sv, name_en, plural_sv, plural_en, prefix, icon, must_be_owned, schema."""
    by.require(ItemPermission.KIND_MANAGE)
    key = checked_key(key)
    if Kind.objects.filter(key=key).exists():
        raise Clash(_("There is a kind %(key)s already.") % {"key": key}, todo=_("Choose another key."), field="key")
    if key in Family.values and fields.get("family") != key:
        raise Clash(
            _("%(key)s is the name of a family.") % {"key": key},
            todo=_("Choose another key, so that filters know which is meant."), field="key",
        )  # fmt: skip
    for name in ("name_sv", "name_en", "prefix"):
        fields.setdefault(name, "")
    for language in ("sv", "en"):
        fields[f"plural_{language}"] = fields.get(f"plural_{language}") or fields[f"name_{language}"]
    fields.setdefault("family", Family.OTHER)
    wanted = checked_fields(fields)
    wanted.setdefault("position", (Kind.objects.aggregate(last=Max("position"))["last"] or 0) + 10)
    kind = Kind.objects.create(key=key, **wanted)
    record("items.kind.created", "kind", kind.pk, by=by, after={"key": key, **wanted})
    return kind


@transaction.atomic
def change_kind(key: str, *, by: Caller, version: int | None, **fields: Any) -> Kind:
    """Set fields of a kind. A built-in kind keeps its family; references given before keep their prefix."""
    by.require(ItemPermission.KIND_MANAGE)
    kind = Kind.objects.select_for_update().get(pk=find_kind(key, by).pk)
    check_version(kind, version, kind.key)
    if kind.is_builtin and fields.get("family", kind.family) != kind.family:
        raise Clash(_("A built-in kind keeps its family."), field="family")
    wanted = checked_fields(fields)
    new = {name: value for name, value in wanted.items() if getattr(kind, name) != value}
    if not new:
        return kind
    before = {name: getattr(kind, name) for name in new}
    for name, value in new.items():
        setattr(kind, name, value)
    kind.version += 1
    kind.save(update_fields=[*new, "version"])
    record("items.kind.changed", "kind", kind.pk, by=by, before=before, after=new)
    return kind


@transaction.atomic
def remove_kind(key: str, *, by: Caller, version: int | None) -> None:
    """Remove a kind that no item has or had. Built-in kinds stay."""
    by.require(ItemPermission.KIND_MANAGE)
    kind = Kind.objects.select_for_update().get(pk=find_kind(key, by).pk)
    check_version(kind, version, kind.key)
    if kind.is_builtin:
        raise Clash(_("Built-in kinds cannot be removed."))
    if Item.objects.filter(kind=kind).exists():
        raise Clash(
            _("There are items of the kind %(kind)s.") % {"kind": kind.name},
            todo=_("Give them another kind first; items that were merged or undone count too."),
        )
    record("items.kind.removed", "kind", kind.pk, by=by, before={"key": kind.key, "name_sv": kind.name_sv})
    kind.delete()


def checked_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a kind, checked one by one. Raises Invalid that names the field."""
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in CHANGEABLE:
            raise Invalid(_("A kind has no field %(name)s.") % {"name": name[:60]}, field=name[:60])
        wanted[name] = _checked_field(name, value)
    return wanted


def _checked_field(name: str, value: Any) -> Any:
    if name in WORDS:
        return _checked_word(name, value)
    if name == "must_be_owned":
        return bool(value)
    return {
        "schema": checked_schema, "position": _checked_position, "family": _checked_family, "prefix": _checked_prefix,
        "icon": _checked_icon,
    }[name](value)  # fmt: skip


def _checked_position(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= POSITION_LIMIT:
        raise Invalid(_("The place is a number from 0 to 1,000,000."), field="position")
    return value


def _checked_family(value: Any) -> str:
    text = str(value or "").strip()
    if text not in Family.values or text == Family.GROUP:
        keys = ", ".join(one for one in Family.values if one != Family.GROUP)
        raise Invalid(
            _("There is no family %(word)s.") % {"word": text[:60]},
            todo=_("Choose one of: %(keys)s.") % {"keys": keys}, field="family",
        )  # fmt: skip
    return text


def _checked_prefix(value: Any) -> str:
    text = str(value or "").strip().upper()
    if not PREFIX.fullmatch(text):
        raise Invalid(
            _("The prefix %(prefix)s cannot be used.") % {"prefix": text[:20]},
            todo=_("Write 1 to 8 letters and digits, beginning with a letter, such as SRV."), field="prefix",
        )  # fmt: skip
    if text == "GRP":
        raise Invalid(_("The prefix GRP is that of groups."), todo=_("Choose another prefix."), field="prefix")
    return text


def _checked_icon(value: Any) -> str:
    text = str(value or "").strip() or "product"
    if not ICON.fullmatch(text):
        raise Invalid(_("There is no such icon."), field="icon")
    return text


def _checked_word(name: str, value: Any) -> str:
    text = " ".join(str(value or "").replace("\x00", "").split())
    if not text:
        raise Invalid(_("The word is missing."), todo=_("Give it in both languages."), field=name)
    if len(text) > 100:
        raise Invalid(_("The word is longer than 100 characters."), field=name)
    return text


def misfits(kind: Kind, caller: Caller, *, show: int = 50) -> Misfits:
    """The items of a kind that do not fit its schema, of the first 5,000; at most `show` of them by name."""
    if not kind.schema:
        return Misfits([], 0, 0, more=False)
    fits = jsonschema.Draft202012Validator(kind.schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    rows = Item.objects.visible_to(caller).filter(Q(kind=kind), presence=Presence.HERE).order_by("id")
    found: list[Misfit] = []
    count = examined = 0
    for item in rows.defer("description", "name_key", "name_fold")[: EXAMINED + 1].iterator(1_000):
        examined += 1
        if examined > EXAMINED:
            break
        error = next(iter(fits.iter_errors(item.attributes)), None)
        if error is not None:
            count += 1
            if len(found) < show:
                item.kind = kind
                place = ".".join(str(part) for part in error.absolute_path)
                found.append(Misfit(item, f"{place}: {fault_text(error)}" if place else fault_text(error)))
    return Misfits(found, count, min(examined, EXAMINED), more=examined > EXAMINED)
