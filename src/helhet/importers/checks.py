"""Field checks, in one place: from loose values to a normalised row, a refusal, and notes on values left out."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from helhet.importers.changes_checked import change_row
from helhet.importers.days import day_of
from helhet.importers.instants import instant_of
from helhet.importers.loose import BAD, as_attribute, as_text, one_line, shown, sort_of
from helhet.importers.pages_checked import page_row
from helhet.importers.problems import Note, Place, RowRefused
from helhet.importers.rows import (
    ROLES,
    Attribute,
    ChangedItemRow,
    DependencyRow,
    GroupRow,
    ItemRow,
    LinkRow,
    MemberRow,
    NormalRow,
    PartOfRow,
    PersonRow,
    RoleRow,
)
from helhet.importers.vocabulary import ERRORS, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

KEY_MAX = 300
NAME_MAX = 300
PERSON_NAME_MAX = 200
TEXT_MAX = 100_000
WORD_MAX = 60
ATTRIBUTE_NAME_MAX = 64
EMAIL_MAX = 254

_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\Z")
_LEAST = re.compile(r"([0-9]{1,5})(?:[.,]0+)?\s*(%)?\Z")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,30})?)\s*%?\Z")


class _Unusable(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(slots=True)
class Checker:
    """Checks rows of one import.

    Args:
        kinds: the kinds' keys.
        kind_words: further words for kinds, of a mapping: source's word to our key; `*` stands for any other.
        words: further words by field (`state`, `criticality`), of a mapping.
        first_group: whether the first of several groups answers and the rest support it.
        kind_names: what kinds are called in this house, in small letters, to our key; a mapping's words go before.
        notes: what was left out of rows that were taken; fills as rows are checked.
    """

    kinds: Collection[str]
    kind_words: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    first_group: bool = False
    notes: list[Note] = field(default_factory=list)
    kind_names: Mapping[str, str] = field(default_factory=dict)

    def check(self, noun: str, values: Mapping[str, Any], place: Place) -> NormalRow | RowRefused:
        """The normalised row of a noun from values by field name, or why it is refused.

        Notes of a row carry its own key, by which a later import finds them again; a refused row leaves none.
        """
        before = len(self.notes)
        try:
            row = _MAKERS[noun](_Fields(self, noun, values, place))
        except _Unusable as error:
            del self.notes[before:]
            key = values.get("path" if noun == "pages" else "key")
            shown = BAD.sub("�", key[:KEY_MAX]) if isinstance(key, str) else ""
            return RowRefused(place, error.code, error.params, noun, shown)
        for at in range(before, len(self.notes)):
            self.notes[at] = self.notes[at]._replace(key=row.key)
        return row

    def kind(self, value: str) -> str | None:
        """The kind's key for a source's word, or nothing."""
        known = self.kind_words.get(value) or self.kind_words.get(value.lower())
        if known is None:
            plain = value.strip().lower().replace(" ", "_").replace("-", "_")
            named = self.kind_names.get(" ".join(value.lower().split()), self.kind_words.get("*"))
            known = plain if plain in self.kinds else named
        return known if known in self.kinds else None

    def word(self, name: str, value: str) -> str | None:
        """Our word for a source's word in a field with a fixed choice; None when there is none."""
        lower = value.strip().lower()
        own = self.words.get(name, {})
        mapped = own.get(value, own.get(lower, own.get("*")))
        if mapped is None:
            return WORDS[name].get(lower) or WORDS[name].get(lower.replace("_", " "))
        return mapped


class _Fields:
    """The fields of one row being checked."""

    __slots__ = ("checker", "noun", "place", "values")

    def __init__(self, checker: Checker, noun: str, values: Mapping[str, Any], place: Place) -> None:
        self.checker = checker
        self.noun = noun
        self.values = values
        self.place = place

    def need(self, name: str, limit: int) -> str:
        """A text without which the row is refused."""
        text = as_text(self.values.get(name))
        if text is None:
            raise _Unusable("not_text", field=name, found=sort_of(self.values.get(name)))
        if not text:
            raise _Unusable("no_value", field=name)
        if text in ERRORS:
            raise _Unusable("cell_error", field=name, value=text)
        if len(text) > limit:
            raise _Unusable("value_long", field=name, count=len(text), limit=limit)
        if not text.isprintable():
            text = one_line(text)
            if bad := BAD.search(text):
                raise _Unusable("value_control", field=name, character=f"{ord(bad[0]):04X}")
        return text

    def note(self, name: str, given: Any, code: str, /, **params: Any) -> None:
        """Keep a value that is left out."""
        shown = BAD.sub("�", str(given))[:700]
        self.checker.notes.append(Note(self.place, self.noun, "", name, shown, code, params))

    def refuse(self, code: str, /, **params: Any) -> NoReturn:
        """Refuse the row."""
        raise _Unusable(code, **params)

    def text(self, name: str, limit: int = TEXT_MAX) -> str | None:
        """A text that may be missing; None when the source has no such field, "" when it is empty."""
        value = self.values.get(name)
        if value is None:
            return "" if name in self.values else None
        text = as_text(value)
        if text is None:
            self.note(name, value, "not_text", field=name, found=sort_of(value))
            return None
        if text in ERRORS:
            self.note(name, text, "cell_error", field=name, value=text)
            return None
        if len(text) > limit:
            self.note(name, text, "value_long", field=name, count=len(text), limit=limit)
            return None
        if not text.isprintable() and (bad := BAD.search(text)):
            self.note(name, text, "value_control", field=name, character=f"{ord(bad[0]):04X}")
            return None
        return text

    def reference(self, name: str) -> str | None:
        """The key of something else; an empty one is None."""
        return self.text(name, KEY_MAX) or None

    def word(self, name: str, words: str, empty: str | None) -> str | None:
        """One of a fixed choice; `empty` when the field is there without a value."""
        text = self.text(name, KEY_MAX)
        if not text:
            return None if text is None else empty
        known = self.checker.word(words, text)
        if known is None:
            self.note(
                name,
                text,
                "word_unknown",
                value=text,
                allowed=", ".join(filter(None, dict.fromkeys(WORDS[words].values()))),
            )
        return known

    def free_word(self, name: str, words: str, empty: str) -> str:
        """One of a fixed choice or a free text."""
        text = self.text(name, WORD_MAX)
        return (self.checker.word(words, text) or " ".join(text.split())) if text else empty

    def list(self, name: str) -> tuple[str, ...] | None:
        """Texts: a list, or one text divided by commas; each once, in order."""
        value = self.values.get(name)
        if value is None:
            return () if name in self.values else None
        parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
        texts: dict[str, None] = {}
        for part in parts:
            text = as_text(part)
            if text is None or len(text) > KEY_MAX or BAD.search(text):
                self.note(name, part, "not_text", field=name, found=sort_of(part))
            elif text in ERRORS:
                self.note(name, text, "cell_error", field=name, value=text)
            elif text:
                texts[text] = None
        return tuple(texts)

    def day(self, name: str) -> dt.date | None:
        """A day, as files write them."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if day := day_of(value):
            return day
        self.note(name, value, "date_unreadable", value=BAD.sub("�", str(value)[:100]))
        return None

    def instant(self, name: str) -> str | None:
        """An instant in ISO, as files write them; without an offset when the file has none."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if instant := instant_of(value):
            return instant
        self.note(name, value, "instant_unreadable", value=BAD.sub("�", str(value)[:100]))
        return None

    def share(self, name: str) -> Decimal | None:
        """Percent from 0 to 100, with at most two decimals; a percent sign and a decimal comma are read too."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        found = _SHARE.match(str(value).replace(",", ".").strip())
        share = Decimal(found[1]) if found else Decimal(-1)
        if not 0 <= share <= 100:
            self.note(name, value, "share_unreadable", value=BAD.sub("�", str(value)[:100]))
            return None
        return share.quantize(Decimal("0.01"))

    def least(self, name: str) -> str | None:
        """How many of a set are needed: a number from 1, or percent from 1 to 100."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        found = _LEAST.match(str(value).strip())
        if found is None or not 0 < int(found[1]) <= (100 if found[2] else 10_000):
            self.note(name, value, "least_unreadable", value=BAD.sub("�", str(value)[:100]))
            return None
        return f"{int(found[1])} %" if found[2] else str(int(found[1]))

    def email(self, name: str) -> str | None:
        """An e-mail address."""
        text = self.text(name, EMAIL_MAX)
        if text and not _EMAIL.match(text):
            self.note(name, text, "email_unreadable", value=text)
            return None
        return text or None

    def attributes(self, name: str) -> dict[str, Attribute]:
        """Attributes with a value, flat: an object inside becomes `outer.inner`."""
        value = self.values.get(name)
        kept: dict[str, Attribute] = {}
        if isinstance(value, dict):
            self._flatten("", value, kept)
        elif value is not None:
            self.note(name, value, "not_an_object", found=sort_of(value))
        return kept

    def _flatten(self, before: str, value: Mapping[Any, Any], kept: dict[str, Attribute]) -> None:
        for inner, found in value.items():
            name = f"{before}{inner}".strip()
            if isinstance(found, dict):
                self._flatten(f"{name}.", found, kept)
                continue
            usable = as_attribute(found)
            if not name or len(name) > ATTRIBUTE_NAME_MAX or BAD.search(name):
                self.note(name[:100], found, "value_long", field=name[:100], count=len(name), limit=ATTRIBUTE_NAME_MAX)
            elif isinstance(usable, str) and len(usable) > TEXT_MAX:
                self.note(name, usable, "value_long", field=name, count=len(usable), limit=TEXT_MAX)
            elif isinstance(usable, str) and usable in ERRORS:
                self.note(name, usable, "cell_error", field=name, value=usable)
            elif usable is not None and usable not in ("", []):
                kept[name] = usable


def _item(fields: _Fields) -> ItemRow:
    key = fields.need("key", KEY_MAX)
    given = fields.need("kind", KEY_MAX)
    kind = fields.checker.kind(given)
    if kind is None:
        near = _near_kinds(given, fields.checker)
        if near:
            raise _Unusable("kind_near", value=given, near=", ".join(near))
        raise _Unusable("kind_unknown", value=given, allowed=", ".join(sorted(fields.checker.kinds)[:40]))
    name = fields.need("name", NAME_MAX)
    group, several = fields.reference("group"), fields.list("groups") or ()
    roles: list[tuple[str, str]] = [(role, one) for role in ROLES[1:] for one in fields.list(role) or ()]
    if group is None and len(several) == 1:
        group = several[0]
    elif group is None and several and fields.checker.first_group:
        group = several[0]
        roles += [("supports", one) for one in several[1:] if ("supports", one) not in roles]
    elif group is not None:
        roles += [("supports", one) for one in several if one != group and ("supports", one) not in roles]
    claimants = several if group is None else ()
    return ItemRow(
        key, kind, name,
        fields.word("state", "state", "live"), fields.word("criticality", "criticality", ""),
        fields.list("tags"), fields.attributes("attributes"), group, claimants, tuple(roles),
        fields.reference("part_of"), fields.text("description"), fields.place,
    )  # fmt: skip


def _near_kinds(given: str, checker: Checker) -> list[str]:
    """Kinds whose key or name looks like the word."""
    names = {**checker.kind_names, **{key: key for key in checker.kinds}}
    found = get_close_matches(given.lower().replace(" ", "_"), list(names), n=6, cutoff=0.5)
    return list(dict.fromkeys(names[one] for one in found))[:4]


def _group(fields: _Fields) -> GroupRow:
    key = fields.need("key", KEY_MAX)
    name = fields.need("name", NAME_MAX)
    contact = {way: shown(value) for way, value in fields.attributes("contact").items()}
    return GroupRow(
        key, name, fields.word("basis", "basis", None), fields.reference("parent"), fields.text("mandate"),
        fields.word("state", "group_state", "active"), contact, fields.list("also") or (),
        fields.list("children") or (), fields.place,
    )  # fmt: skip


def _person(fields: _Fields) -> PersonRow:
    key = fields.need("key", KEY_MAX)
    name = fields.need("name", PERSON_NAME_MAX)
    return PersonRow(key, name, fields.email("email"), fields.text("unit", 200) or None, fields.place)


def _member(fields: _Fields) -> MemberRow:
    group = fields.need("group", KEY_MAX)
    person = fields.need("person", KEY_MAX)
    first, last = fields.day("from"), fields.day("to")
    if first and last and last < first:
        fields.note("to", last, "dates_reversed", to=str(last), **{"from": str(first)})
        last = None
    return MemberRow(
        group, person, fields.text("name", PERSON_NAME_MAX) or None, fields.email("email"),
        fields.free_word("role", "member_role", "member"), first, last, fields.share("share"), fields.place,
    )  # fmt: skip


def _role(fields: _Fields) -> RoleRow:
    item, group = fields.need("item", KEY_MAX), fields.need("group", KEY_MAX)
    return RoleRow(item, group, fields.free_word("role", "role", "responsible"), fields.place)


def _part_of(fields: _Fields) -> PartOfRow:
    return PartOfRow(fields.need("item", KEY_MAX), fields.need("parent", KEY_MAX), fields.place)


def _link(fields: _Fields) -> LinkRow:
    ends = fields.need("from", KEY_MAX), fields.need("to", KEY_MAX)
    return LinkRow(*ends, fields.text("type", WORD_MAX) or "related", fields.place)


def _dependency(fields: _Fields) -> DependencyRow:
    ends = fields.need("from", KEY_MAX), fields.need("to", KEY_MAX)
    criticality = fields.word("criticality", "dependency_criticality", "hard") or "hard"
    kind = fields.text("type", 2 * WORD_MAX) or "uses"
    name, least = fields.text("set", WORD_MAX) or None, fields.least("least")
    note = fields.text("note", 500) or None
    return DependencyRow(*ends, kind, criticality, note, name, least if name else None, fields.place)


def _changed_item(fields: _Fields) -> ChangedItemRow:
    return ChangedItemRow(fields.need("change", KEY_MAX), fields.need("item", KEY_MAX), fields.place)


_MAKERS: dict[str, Callable[[_Fields], NormalRow]] = {
    "items": _item, "groups": _group, "persons": _person, "members": _member,
    "responsibilities": _role, "part_of": _part_of, "links": _link, "dependencies": _dependency,
    "changes": change_row, "changed_items": _changed_item, "pages": page_row,
}  # fmt: skip
