"""Two who change one thing at the same time: the second is told, and nothing is overwritten."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from helhet.kit.errors import Stale, VersionMissing


class Versioned(Protocol):
    """Whatever has a version that grows with each change."""

    version: int


def check_version(thing: Versioned, version: int | None, called: object) -> None:
    """Raise unless the change was made from the thing as it is now. `called` is what people call it.

    Raises VersionMissing without a version, and Stale, with both versions, when it is not the current one.
    """
    if version is None:
        raise VersionMissing(
            _("Say which version of %(reference)s you changed.") % {"reference": called},
            todo=_("Send the version that you read, as If-Match or in the form."),
        )
    if version != thing.version:
        raise Stale(
            _("%(reference)s was changed by somebody else meanwhile.") % {"reference": called},
            todo=_("Look at it as it is now, and make your change again."), given=version, current=thing.version,
        )  # fmt: skip
