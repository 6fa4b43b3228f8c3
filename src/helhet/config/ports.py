"""Who fills which port, in order."""

from __future__ import annotations

FILLED: dict[str, list[str]] = {
    "accounts.user_links": ["helhet.groups.links.persons_of"],
    "accounts.user_written": ["helhet.groups.actions.person.tie_user"],
    "kit.policy": ["helhet.groups.policy.may"],
    "kit.callers": ["helhet.groups.policy.caller_of_request"],
    "kit.callers_by_user": ["helhet.groups.policy.caller_of_user_id"],
    "changes.busy": [],
    "documents.many_published": ["helhet.handbook.bundle.renewing.on_many_published"],
    "documents.published": ["helhet.handbook.bundle.renewing.on_published"],
    "estate.explain": ["helhet.responsibility.steps.steps"],
    "estate.item_badges": ["helhet.changes.badges.of_items"],
    "estate.item_panels": [
        "helhet.changes.joining.panels",
        "helhet.changes.standards.panel",
        "helhet.routines.reading.panels",
        "helhet.suppliers.reading.panels",
    ],
    "estate.link_findings": ["helhet.importers.findings_links.link_findings"],
    "estate.list_acts": ["helhet.importers.links.from_list"],
    "groups.closing": ["helhet.responsibility.closing.give_rules", "helhet.changes.joining.follow"],
    "groups.hanging": ["helhet.responsibility.closing.rules_of", "helhet.changes.joining.hanging"],
    "groups.group_panels": ["helhet.changes.of_groups.panels_of_group"],
    "groups.person_hanging": ["helhet.changes.of_groups.hanging_on"],
    "groups.person_leaving": ["helhet.changes.of_groups.end_feeds"],
    "groups.person_panels": ["helhet.changes.of_groups.panels_of_person"],
    "groups.redecide": ["helhet.responsibility.deciding.redecide"],
    "groups.redecide_parts": ["helhet.responsibility.deciding.redecide_parts"],
    "items.free_text": ["helhet.search.free_text.free_text"],
    "items.fields": ["helhet.groups.filters.fields", "helhet.responsibility.filters.fields"],
    "items.merged": [
        "helhet.groups.merging.on_merged",
        "helhet.estate.merging.on_merged",
        "helhet.importers.following.on_merged",
    ],
    "items.sorts": ["helhet.estate.sorts.sorts"],
    "items.split": [
        "helhet.groups.merging.on_split",
        "helhet.estate.merging.on_split",
        "helhet.importers.following.on_split",
    ],
    "items.written": [
        "helhet.responsibility.deciding.on_written",
        "helhet.changes.unregistered.on_written",
        "helhet.importers.following.on_written",
    ],
    "kit.frame": ["helhet.config.frame.frame"],
    "kit.words": ["helhet.groups.actions.words.local_names"],
    "search.actions": ["helhet.config.frame.actions"],
    "kit.token_callers": ["helhet.groups.policy.caller_of_token"],
}
