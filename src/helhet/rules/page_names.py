"""Under which names the front matter of pages says what, in the tools and houses that are known."""

from __future__ import annotations

from typing import Final


def _plainly(*given: str) -> tuple[str, ...]:
    """The names, each Swedish one also as it is written without its dots and rings."""
    return tuple(dict.fromkeys((*given, *(name.translate(_BARE) for name in given))))


def _run_together(*given: str) -> tuple[str, ...]:
    """The same, and each in one word too, as Hugo has its names: `lastreviewed`."""
    names = _plainly(*given)
    return tuple(dict.fromkeys((*names, *(name.replace("_", "") for name in names))))


def _dated(*given: str) -> tuple[str, ...]:
    """The same, and each as the day of it: `senast_granskad_datum`."""
    return _run_together(*given, *(f"{name}_datum" for name in given))


_BARE = str.maketrans("åäö", "aao")
REVIEWED: Final = _dated(
    "last_reviewed_on", "last_reviewed", "last_reviewed_at", "last_reviewed_date", "last_review", "last_review_on",
    "last_review_date", "reviewed_on", "reviewed_at", "reviewed", "date_reviewed", "date_last_reviewed", "review_last",
    "review_last_date",
    "review_reviewed_on", "review_last_reviewed_on", "review_last_reviewed", "senast_granskad", "senast_granskat",
    "granskad", "granskat", "granskad_den", "last_verified", "last_verified_on", "last_verified_date", "verified_on",
    "last_checked", "last_checked_on", "senast_kontrollerad", "senast_verifierad",
    "last_validated", "last_validated_on", "last_confirmed", "last_confirmed_on", "aktualitetsprövad",
    "senast_aktualitetsprövad", "översedd", "senast_översedd", "senaste_granskning", "senaste_översyn",
    "date_of_last_review", "reviewed_date", "datum_för_senaste_granskning", "datum_för_granskning", "granskad_datum",
    "granskning_senast", "senaste_aktualitetsprövning", "faktagranskad", "senast_faktagranskad", "kontrollerad",
    "genomgången", "senast_genomgången",
)  # fmt: skip
EVERY: Final = _run_together(
    "review_in", "review_interval", "review_every", "review_frequency", "review_cycle", "review_period",
    "review_cadence", "reviewed_every", "review_review_in", "granskas_var", "granskas_om", "granskningsintervall",
    "verify_every", "verify_in", "check_every", "validate_every", "confirm_every", "review_schedule", "review_within",
    "revideras_var", "revideringsintervall", "ses_över_var", "översynsintervall", "aktualitetsprövas_var",
    "gransknings_intervall", "granskning_intervall", "granskningsfrekvens", "granskningscykel", "granskningsperiod",
    "granskas_inom", "granska_inom", "revideringsfrekvens", "översynsfrekvens", "uppföljningsintervall",
    "next_review_in", "review_in_interval",
)  # fmt: skip
COUNTED: Final = {
    "_days": "day", "_weeks": "week", "_months": "month", "_years": "year", "_dagar": "day", "_veckor": "week",
    "_månader": "month", "_manader": "month", "_år": "year",
}  # fmt: skip
"""What may stand behind each of these, also after `_in`: the unit of a bare number."""
BY: Final = _dated(
    "review_by", "review_due", "review_due_on", "review_due_date", "review_due_by", "next_review", "next_review_on",
    "next_review_date", "next_review_due", "next_review_by", "review_on", "review_at", "review_before", "review_next",
    "granskas_senast", "nästa_granskning", "omgranskas", "granskas_nästa_gång",
    "revideras_senast", "nästa_revidering", "nästa_översyn", "ses_över_senast", "översyn_senast",
    "aktualitetsprövas_senast", "nästa_aktualitetsprövning", "date_of_next_review", "nästa_granskningsdatum",
    "datum_för_nästa_granskning", "granskning_nästa", "granska_senast", "ska_granskas_senast", "ska_revideras_senast",
    "nästa_revision", "nästa_omprövning", "scheduled_review", "scheduled_review_date", "planned_review",
    "planned_review_date", "next_scheduled_review", "next_planned_review", "due_for_review", "review_deadline",
    "planerad_granskning", "planerad_översyn",
)  # fmt: skip
EITHER: Final = _run_together(
    "review_date", "date_of_review", "document_review_date", "policy_review_date", "granskningsdatum",
)  # fmt: skip
"""The day of the last review where an interval counts from it, else the day of the next."""
TOLD_EITHER_WAY: Final = _run_together(
    "granskas", "ska_granskas", "revideras", "ska_revideras", "ses_över", "ska_ses_över", "översyn",
    "aktualitetsprövas", "ska_aktualitetsprövas", "aktualitetsprövning", "omprövas", "review_after", "review",
    "granskning",
)  # fmt: skip
"""The interval, `granskas: årligen`, or else the day of the next review, `granskas: 2027-05-31`."""
SAYS_LESS: Final = _plainly("review", "granskning", "översyn", "aktualitetsprövning")
"""Those of them whose day is as in EITHER, and which say other things as often."""
EDITED: Final = _plainly(
    "edited_on", "last_edited", "last_updated", "last_updated_on", "last_modified", "lastmod", "updated_on",
    "updated_at", "updated", "modified", "last_modified_at", "last_update_date", "senast_ändrad", "uppdaterad",
    "senast_uppdaterad", "reviderad", "senast_reviderad",
)  # fmt: skip
OWNER: Final = _plainly(
    "owner", "owners", "owner_slack", "owner_team", "owner_group", "owning_team", "owning_group", "owned_by",
    "responsible_group", "responsible_team", "responsible", "document_owner", "doc_owner", "page_owner",
    "content_owner", "spec_owner", "team", "maintainer", "maintainers", "group", "ägare", "ansvarig_grupp", "ansvarig",
    "förvaltningsgrupp",
)  # fmt: skip
INSIDE_OWNER: Final = _plainly("group", "team", "name", "key", "id", "slack", "email", "mail")
"""Where an owner is an object, what names it."""
VALID_FROM: Final = _plainly(
    "valid_from", "effective_from", "effective_on", "effective_date", "effective", "gäller_från", "giltig_från",
    "gäller_fr_o_m", "giltig_fr_o_m", "gäller_from", "giltig_from",
)  # fmt: skip
VALID_TO: Final = _plainly(
    "valid_to", "valid_until", "expires", "expires_on", "expires_at", "expiry", "expiry_date", "expiration_date",
    "gäller_till", "giltig_till", "gäller_t_o_m", "giltig_t_o_m", "gäller_tom", "giltig_tom", "gäller_till_och_med",
    "giltig_till_och_med",
)  # fmt: skip
TITLE: Final = ("title", "page_title", "titel", "rubrik")
LANGUAGE: Final = _plainly("lang", "language", "locale", "språk")
SORT: Final = ("sort", "type", "doc_type", "document_type", "doctype", "content_type", "kind", "dokumenttyp", "typ")
OPENING: Final = _plainly(
    "author", "date", "version", "diarienummer", "dnr", "dokumentansvarig", "dokumentägare", "beslutad", "beslutad_av",
    "beslutsdatum", "fastställd", "fastställd_av", "antagen", "antagen_av",
)  # fmt: skip
"""What else stands first where lines of facts head a page without marks around them."""
DRAFT: Final = ("draft", "is_draft", "utkast")
PUBLISHED: Final = ("published", "publish", "is_published", "publicerad")
DRAFT_FOLDER: Final = "_drafts"
"""Where Jekyll keeps what is not shown yet."""
WITHIN: Final = (
    "extra", "params", "metadata", "meta", "page", "custom", "data", "document", "doc", "info", "review", "spec",
    "governance", "granskning", "last_update", "custom_fields", "properties", "page_properties", "attributes", "date",
    "dates", "fields", "header", "freshness", "lifecycle", "maintenance", "runbook",
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
