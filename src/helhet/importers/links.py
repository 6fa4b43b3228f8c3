"""Ways from other rooms' pages into this one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.importers.permissions import ImportPermission
from helhet.kit.parts import Choice
from helhet.kit.rights import Caller


def from_list(caller: Caller) -> list[Choice]:
    """Fills `estate.list_acts`: taking in a file, from the list of items."""
    return [Choice(_("Import a file"), reverse("importers:new"))] if caller.may(ImportPermission.START) else []
