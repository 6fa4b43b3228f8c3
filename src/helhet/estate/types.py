"""Types of dependency: what their words mean, which ends they may tie, and what administrators do with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency, DependencyType
from helhet.estate.permissions import EstatePermission
from helhet.items.kinds import checked_key
from helhet.items.models import Family, Item, Kind
from helhet.items.permissions import ItemPermission
from helhet.items.text import fold
from helhet.items.touching import touch
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

USES = "uses"
WORD_LIMIT = 60
MANY = 200
NAMES = ("name_sv", "name_en", "turned_sv", "turned_en")
LISTS = ("words", "turned_words")
FIELDS = (*NAMES, "pairs", *LISTS)
BOTH = "::"


def plain(text: str) -> str:
    """A word as it is compared: folded, with blanks for `_` and `-`."""
    return fold(text.replace("_", " ").replace("-", " "))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word says: the key of a type, or the word itself; `is_turned` when it is said from the other end."""

    type: str
    is_turned: bool = False


class TypeWords:
    """The words of all types. A word that none has means itself."""

    def __init__(self, types: Iterable[DependencyType]) -> None:
        """The first type that has a word gets it; names go before further words, one's own way before the turned."""
        self.by_key = {one.key: one for one in types}
        self._known: dict[str, Meaning] = {}
        found = list(self.by_key.values())
        for one in found:
            self._learn((one.key, one.name_sv, one.name_en), Meaning(one.key))
        for one in found:
            self._learn((one.turned_sv, one.turned_en), Meaning(one.key, is_turned=True))
        for one in found:
            self._learn(one.words, Meaning(one.key))
            self._learn(one.turned_words, Meaning(one.key, is_turned=True))

    def _learn(self, words: Iterable[str], meaning: Meaning) -> None:
        for word in words:
            if word:
                self._known.setdefault(plain(word), meaning)

    def meaning(self, text: str) -> Meaning:
        """What a source or a person means by a word; of `Runs on::Runs` either side, seen from the first."""
        first, _both, second = text.partition(BOTH)
        if not first.strip():
            return Meaning(USES)
        if known := self._known.get(plain(first)):
            return known
        if second and (known := self._known.get(plain(second))):
            return Meaning(known.type, not known.is_turned)
        return Meaning(" ".join(first.split())[:WORD_LIMIT])

    def said(self, key: str, *, turned: bool = False) -> str:
        """The type in the reader's language, seen from one end; a word that is no type as it is."""
        known = self.by_key.get(key)
        return (known.turned if turned else known.name) if known else key


def type_words() -> TypeWords:
    """The words as they are now: one query."""
    return TypeWords(DependencyType.objects.all())


# ---- which ends a type may tie ------------------------------------------------------------------------------------


def is_allowed(one: DependencyType | None, item: Item, other: Item) -> bool:
    """Whether the type may tie these two, by their kinds and families."""
    if one is None or not one.pairs:
        return True
    return any(_is_end(first, item.kind) and _is_end(second, other.kind) for first, second in one.pairs)


def _is_end(text: str, kind: Kind) -> bool:
    sort, _colon, key = text.partition(":")
    return not text or key == (kind.family if sort == "family" else kind.key)


def breaking(types: Iterable[DependencyType]) -> Q:
    """The condition for dependencies that tie what their type may not tie."""
    kinds = list(Kind.objects.all())
    faults = [Q(type=one.key) & ~reduce(or_, (_ends(pair, kinds) for pair in one.pairs)) for one in types if one.pairs]
    return reduce(or_, faults) if faults else Q(pk__in=())


def _ends(pair: Sequence[str], kinds: Sequence[Kind]) -> Q:
    asked = Q()
    for name, text in zip(("from_item__kind__in", "to_item__kind__in"), pair, strict=True):
        if text:
            asked &= Q(**{name: [kind.pk for kind in kinds if _is_end(text, kind)]})
    return asked


# ---- what administrators do with types ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """A type with how many dependencies have it, and how many of them tie what it may not tie."""

    type: DependencyType
    count: int
    breaking: int


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A word of the sources that is no type, and how many dependencies have it."""

    word: str
    count: int


def types_counted(caller: Caller) -> list[Counted]:
    """Every type in its order."""
    caller.require(ItemPermission.VIEW)
    types = list(DependencyType.objects.all())
    rows = Dependency.objects.order_by().values_list("type")
    counts = dict(rows.annotate(count=Count("id")))
    faults = dict(rows.filter(breaking(types)).annotate(count=Count("id")))
    return [Counted(one, counts.get(one.key, 0), faults.get(one.key, 0)) for one in types]


def unexplained(caller: Caller) -> list[Unexplained]:
    """Words that no type has, those of most dependencies first, at most 200."""
    caller.require(ItemPermission.VIEW)
    known = DependencyType.objects.filter(key=OuterRef("type"))
    rows = Dependency.objects.order_by().values_list("type").filter(~Exists(known)).annotate(count=Count("id"))
    return [Unexplained(word, count) for word, count in rows.order_by("-count", "type")[:MANY]]


def find_type(key: str, caller: Caller) -> DependencyType:
    """The type with this key. Raises NotFound."""
    caller.require(ItemPermission.VIEW)
    found = DependencyType.objects.filter(key=key[:60]).first() if "\x00" not in key else None
    if found is None:
        raise NotFound(
            _("There is no type of dependency %(key)s.") % {"key": key[:60]},
            todo=_("Choose one in the list of types."), field="type",
        )  # fmt: skip
    return found


@transaction.atomic
def create_type(*, by: Caller, key: str, **fields: Any) -> DependencyType:
    """A new type. `fields` are of FIELDS; what sources call it by already means it from now on."""
    by.require(EstatePermission.TYPE_MANAGE)
    key = checked_key(key)
    if DependencyType.objects.filter(key=key).exists():
        raise Clash(_("There is a type %(key)s already.") % {"key": key}, todo=_("Choose another key."), field="key")
    wanted = _checked({name: fields.get(name, [] if name in (*LISTS, "pairs") else "") for name in FIELDS})
    last = DependencyType.objects.aggregate(last=Max("position"))["last"] or 0
    made = DependencyType.objects.create(key=key, position=last + 10, **wanted)
    record("estate.dependency_type.created", "dependency_type", made.pk, by=by, after={"key": key, **wanted})
    explain(made)
    return made


@transaction.atomic
def change_type(key: str, *, by: Caller, version: int | None, **fields: Any) -> DependencyType:
    """Set words or pairs of a type. Dependencies that a new word names become of this type."""
    by.require(EstatePermission.TYPE_MANAGE)
    found = DependencyType.objects.select_for_update().get(pk=find_type(key, by).pk)
    check_version(found, version, found.key)
    wanted = _checked(fields)
    new = {name: value for name, value in wanted.items() if getattr(found, name) != value}
    if not new:
        return found
    before = {name: getattr(found, name) for name in new}
    for name, value in new.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*new, "version"])
    record("estate.dependency_type.changed", "dependency_type", found.pk, by=by, before=before, after=new)
    explain(found)
    return found


@transaction.atomic
def remove_type(key: str, *, by: Caller, version: int | None) -> None:
    """Remove a type of one's own that no dependency has."""
    by.require(EstatePermission.TYPE_MANAGE)
    found = DependencyType.objects.select_for_update().get(pk=find_type(key, by).pk)
    check_version(found, version, found.key)
    if found.is_builtin:
        raise Clash(_("A built-in type stays."))
    count = Dependency.objects.filter(type=found.key).count()
    if count:
        raise Clash(
            _("%(count)s dependencies have this type.") % {"count": count},
            todo=_("Merge it into another type instead."),
        )
    record("estate.dependency_type.removed", "dependency_type", found.pk, by=by, before={"key": found.key})
    found.delete()


@transaction.atomic
def merge_word(word: str, into: str, *, by: Caller) -> DependencyType:
    """Say that a word, or a type of one's own, means another type: now and in every import from now on."""
    by.require(EstatePermission.TYPE_MANAGE)
    target = DependencyType.objects.select_for_update().get(pk=find_type(into, by).pk)
    word = " ".join(word.split())[:WORD_LIMIT]
    gone = DependencyType.objects.filter(key=word).first()
    if not word or word == target.key or (gone is not None and gone.is_builtin):
        raise Invalid(
            _("This cannot be merged."), todo=_("Choose a type of your own, or a source's word."), field="word"
        )
    taken = [word]
    turned: list[str] = []
    if gone is not None:
        taken += [gone.name_sv, gone.name_en, *gone.words]
        turned = [gone.turned_sv, gone.turned_en, *gone.turned_words]
        gone.delete()
    target.words = _texts([*target.words, *taken])
    target.turned_words = _texts([*target.turned_words, *turned])
    target.version += 1
    target.save(update_fields=["words", "turned_words", "version"])
    record("estate.dependency_type.merged", "dependency_type", target.pk, by=by, after={"word": word, "into": into})
    explain(target)
    return target


def explain(one: DependencyType) -> None:
    """Let dependencies with a word of this type be of the type. One that stands already in that type goes."""
    words = type_words()
    known = DependencyType.objects.values_list("key", flat=True)
    for text in Dependency.objects.exclude(type__in=known).order_by().values_list("type", flat=True).distinct():
        meaning = words.meaning(text)
        if meaning.type == one.key and not meaning.is_turned:
            rows = Dependency.objects.filter(type=text)
            same = Dependency.objects.filter(from_item=OuterRef("from_item"), to_item=OuterRef("to_item"), type=one.key)
            touch(rows.filter(Exists(same)).values_list("from_item_id", flat=True))
            rows.filter(Exists(same)).delete()
            rows.update(type=one.key)


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name in NAMES:
            wanted[name] = " ".join(str(value or "").split())
            if not 0 < len(wanted[name]) <= WORD_LIMIT:
                raise Invalid(_("Write from 1 to 60 characters."), field=name)
        elif name in LISTS:
            wanted[name] = _texts(value)
        elif name == "pairs":
            wanted[name] = _pairs(value)
        else:
            raise Invalid(_("A type of dependency has no field %(name)s.") % {"name": name}, field=name)
    return wanted


def _texts(words: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for word in words:
        text = " ".join(word.split())
        if len(text) > WORD_LIMIT:
            raise Invalid(_("Write from 1 to 60 characters."), field="words")
        if text:
            kept.setdefault(plain(text), text)
    return list(kept.values())[:MANY]


def _pairs(pairs: Iterable[Sequence[str]]) -> list[list[str]]:
    known = {f"family:{family}" for family in Family.values} | {
        f"kind:{key}" for key in Kind.objects.values_list("key", flat=True)
    } | {""}  # fmt: skip
    found: list[list[str]] = []
    for first, second in pairs:
        for end in (first, second):
            if end not in known:
                raise Invalid(
                    _("There is no kind or family %(end)s.") % {"end": end[:80]},
                    todo=_("Write family:KEY, kind:KEY, or nothing for any."), field="pairs",
                )  # fmt: skip
        if [first, second] not in found and (first or second):
            found.append([first, second])
    return found[:MANY]
