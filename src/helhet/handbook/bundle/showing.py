"""Copies as the page, the API and `helhet check` tell them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from helhet.documents.models import Audience
from helhet.handbook.bundle.renewing import Standing


def name_of(audience: Audience) -> str:
    """What it is called, in the language of the reader."""
    return audience.name_en if get_language() == "en" else audience.name_sv


def as_data(standing: Standing) -> dict[str, Any]:
    """Plain values; times are null while there is no copy."""
    newest = standing.newest
    return {
        "audience": standing.audience.key, "name": name_of(standing.audience),
        "number": newest.number if newest else None, "made_at": newest.made_at if newest else None,
        "expires_at": newest.expires_at if newest else None, "pages": newest.pages if newest else None,
        "digest": newest.digest if newest else None, "sequence": newest.sequence if newest else None,
        "is_expired": bool(newest and newest.expires_at <= timezone.now()), "is_late": standing.is_late,
        "places": newest.places if newest else [],
        "waiting": [
            {"address": one.address, "title": one.published.title, "is_critical_routine": one.pk in standing.critical}
            for one in standing.waiting if one.published
        ],
    }  # fmt: skip
