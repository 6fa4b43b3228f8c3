"""How fields of suppliers, contacts and contracts are cleaned and written, each change with its event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from helhet.journal.actions import record
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.suppliers.models import Contact, Contract, Supplier

TEXT_LIMIT = 20_000
is_web = URLValidator(schemes=["http", "https"])


def line(value: Any, field: str, limit: int) -> str:
    """One line of at most so many characters. Raises Invalid."""
    text = " ".join(str(value or "").replace("\x00", "").split())
    if len(text) > limit:
        raise Invalid(_("Longer than %(limit)d characters.") % {"limit": limit}, field=field)
    return text


def text(value: Any, field: str) -> str:
    """Several lines. Raises Invalid for more than is kept, rather than cutting it."""
    words = str(value or "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(words) > TEXT_LIMIT:
        raise Invalid(_("Longer than %(limit)d characters.") % {"limit": TEXT_LIMIT}, field=field)
    return words


def web(value: Any, field: str = "web") -> str:
    """An address on the web, or nothing. Raises Invalid."""
    address = line(value, field, 300)
    try:
        if address:
            is_web(address)
    except ValidationError as error:
        raise Invalid(
            _("That is no address on the web."), todo=_("Write it with https:// before it."), field=field
        ) from error
    return address


def email(value: Any, field: str = "email") -> str:
    """An e-mail address, or nothing. Raises Invalid."""
    address = line(value, field, 254)
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise Invalid(_("That is no e-mail address."), todo=_("Write it as name@example.org."), field=field) from error
    return address


def change_row(
    row: Supplier | Contact | Contract,
    wanted: Mapping[str, Any],
    *,
    noun: str,
    by: Caller,
    verb: str = "changed",
    reason: str = "",
    grows: bool = False,
) -> bool:
    """Set fields of a row, with one event that holds those that changed; whether any did.

    `grows`: its version grows although no field of its own changed, since something that belongs to it did.
    """
    before = {name: getattr(row, name) for name in wanted}
    new = {name: value for name, value in wanted.items() if before[name] != value}
    if not new and not grows:
        return False
    for name, value in new.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*new, "version"])
    if new:
        record(
            f"suppliers.{noun}.{verb}", noun, row.pk, by=by, reason=reason,
            before={name: plain(before[name]) for name in new}, after={name: plain(new[name]) for name in new},
        )  # fmt: skip
    return bool(new)


def plain(value: Any) -> Any:
    """A value as events tell it."""
    if value is None or isinstance(value, str | int | list | dict):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)
