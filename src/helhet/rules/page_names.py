"""Under which names the front matter of pages says what, in the tools and houses that are known."""

from __future__ import annotations

from typing import Final

REVIEWED: Final = (
    "last_reviewed_on", "last_reviewed", "last_reviewed_at", "last_reviewed_date", "last_review", "last_review_on",
    "last_review_date", "reviewed_on", "reviewed_at", "reviewed", "date_reviewed", "date_last_reviewed", "review_last",
    "review_reviewed_on", "review_last_reviewed_on", "review_last_reviewed", "senast_granskad", "senast_granskat",
    "granskad", "granskat", "granskad_den", "last_verified", "last_verified_on", "last_verified_date", "verified_on",
    "last_checked", "last_checked_on", "senast_kontrollerad", "senast_verifierad",
)  # fmt: skip
EVERY: Final = (
    "review_in", "review_interval", "review_every", "review_frequency", "review_cycle", "review_period",
    "review_cadence", "reviewed_every", "review_review_in", "granskas_var", "granskas_om", "granskningsintervall",
    "granskas", "verify_every", "verify_in", "check_every",
)  # fmt: skip
"""Each also with `_days`, `_weeks`, `_months` or `_years` behind it, which is the unit of a bare number."""
BY: Final = (
    "review_by", "review_due", "review_due_on", "review_due_date", "review_due_by", "next_review", "next_review_on",
    "next_review_date", "next_review_due", "next_review_by", "review_on", "review_before", "review_next",
    "granskas_senast", "nästa_granskning", "omgranskas", "granskas_nästa_gång",
)  # fmt: skip
EITHER: Final = ("review_date", "date_of_review", "granskningsdatum")
"""The day of the last review where an interval counts from it, else the day of the next."""
EDITED: Final = (
    "edited_on", "last_edited", "last_updated", "last_updated_on", "last_modified", "lastmod", "updated_on",
    "updated_at", "updated", "modified", "last_modified_at", "last_update_date", "senast_ändrad", "uppdaterad",
)  # fmt: skip
OWNER: Final = (
    "owner", "owners", "owner_slack", "owner_team", "owner_group", "owning_team", "owning_group", "owned_by",
    "responsible_group", "responsible_team", "responsible", "document_owner", "doc_owner", "page_owner",
    "content_owner", "spec_owner", "team", "maintainer", "maintainers", "group", "ägare", "ansvarig_grupp", "ansvarig",
    "förvaltningsgrupp",
)  # fmt: skip
INSIDE_OWNER: Final = ("group", "team", "name", "key", "id", "slack", "email", "mail")
"""Where an owner is an object, what names it."""
VALID_FROM: Final = (
    "valid_from", "effective_from", "effective_on", "effective_date", "effective", "gäller_från", "giltig_från",
)  # fmt: skip
VALID_TO: Final = (
    "valid_to", "valid_until", "expires", "expires_on", "expires_at", "expiry", "expiry_date", "expiration_date",
    "gäller_till", "giltig_till",
)  # fmt: skip
TITLE: Final = ("title", "page_title", "titel", "rubrik")
LANGUAGE: Final = ("lang", "language", "locale", "språk")
SORT: Final = ("sort", "type", "doc_type", "document_type", "doctype", "content_type", "kind", "dokumenttyp", "typ")
DRAFT: Final = ("draft", "is_draft", "utkast")
PUBLISHED: Final = ("published", "publish", "is_published", "publicerad")
DRAFT_FOLDER: Final = "_drafts"
"""Where Jekyll keeps what is not shown yet."""
WITHIN: Final = (
    "extra", "params", "metadata", "meta", "page", "custom", "data", "document", "doc", "info", "review", "spec",
    "governance", "granskning", "last_update",
)  # fmt: skip
"""Objects whose inner names count as if they stood at the top."""

SORTS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("routine", "rutin", "runbook", "playbook", "procedure", "sop", "standard operating procedure", "instruktion",
         "instruction", "alert", "how to", "howto", "driftrutin"), "routine",
    ),
    **dict.fromkeys(("process", "processbeskrivning"), "process"),
    **dict.fromkeys(("policy", "riktlinje", "riktlinjer", "styrdokument", "standard"), "policy"),
    **dict.fromkeys(("agreement", "avtal", "sla", "överenskommelse"), "agreement"),
    **dict.fromkeys(("minutes", "protokoll", "meeting notes", "mötesanteckningar"), "minutes"),
}  # fmt: skip
"""What a page calls itself, to our sort of document."""
OUR_SORTS: Final = ("documentation", "other", *dict.fromkeys(SORTS.values()))
"""What `sort` says in a page that came from here."""

ALERT_HEADINGS: Final[dict[str, str]] = {
    "meaning": "meaning", "innebörd": "meaning", "betydelse": "meaning", "impact": "impact", "påverkan": "impact",
    "diagnosis": "diagnosis", "diagnos": "diagnosis", "felsökning": "diagnosis", "troubleshooting": "diagnosis",
    "mitigation": "mitigation", "åtgärd": "mitigation", "åtgärder": "mitigation", "resolution": "mitigation",
    "diagnosis and mitigation": "mitigation", "lösning": "mitigation",
}  # fmt: skip
"""The headings of an alert's runbook."""
ALERT_FOLDERS: Final = frozenset({"alerts", "alert", "runbooks", "runbook", "alarms", "larm"})
"""Where a page that is headed by the name of its file is an alert's, whatever its other headings."""
