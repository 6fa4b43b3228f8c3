"""The API as a whole: which room's router stands where."""

from __future__ import annotations

from helhet import __version__
from helhet.kit.api import make_api

api = make_api(
    "Helhet",
    __version__,
    "Who answers for everything. Sign in with `Authorization: Bearer TOKEN`; make tokens on your own page. "
    "Reads give an ETag, changes need it back in If-Match. Lists take `filter`, `sort`, `fields`, `cursor`, `limit`.",
)

ROUTERS: list[tuple[str, str]] = [
    ("/imports", "helhet.importers.api.router"),
    ("/findings", "helhet.importers.api.findings_router"),
    ("/sources", "helhet.importers.api.sources_router"),
    ("/items", "helhet.estate.api.router"),
    ("/map", "helhet.estate.api.pictures.map_router"),
    ("/pictures", "helhet.estate.api.pictures.router"),
    ("/weak-points", "helhet.estate.api.weak_router"),
    ("/kinds", "helhet.estate.api.kinds_router"),
    ("/dependencies", "helhet.estate.api.dependencies_router"),
    ("/dependency-types", "helhet.estate.api.types_router"),
    ("/changes", "helhet.changes.api.changes.router"),
    ("/changes", "helhet.changes.api.steps.router"),
    ("/changes", "helhet.changes.api.positions.router"),
    ("/advances", "helhet.changes.api.positions.ahead"),
    ("/documents", "helhet.documents.api.documents.router"),
    ("/documents", "helhet.documents.api.drafts.router"),
    ("/documents", "helhet.documents.api.speaking.router"),
    ("/search", "helhet.search.api.router"),
    ("/coverage", "helhet.responsibility.api.coverage_router"),
    ("/rules", "helhet.responsibility.api.router"),
    ("/change-outcomes", "helhet.changes.api.outcomes.router"),
    ("/unregistered-changes", "helhet.changes.api.unregistered.router"),
    ("/thresholds", "helhet.changes.api.thresholds.router"),
    ("/standard-changes", "helhet.changes.api.standards.router"),
    ("/offline-copies", "helhet.handbook.api.bundles.router"),
    ("/prints", "helhet.handbook.api.printing.router"),
    ("/jobs", "helhet.kit.job_api.router"),
    ("/me", "helhet.accounts.api.me_router"),
    ("/users", "helhet.accounts.api.router"),
    ("/groups", "helhet.groups.api.groups.router"),
    ("/memberships", "helhet.groups.api.members.router"),
    ("/persons", "helhet.groups.api.people.router"),
    ("/tasks", "helhet.groups.api.tasks.router"),
    ("/assignments", "helhet.groups.api.rest.assignments"),
    ("/roles", "helhet.groups.api.rest.roles"),
    ("/views", "helhet.groups.api.rest.views"),
    ("/words", "helhet.groups.api.rest.words"),
    ("/changes", "helhet.changes.api.moving.router"),
    ("/changes", "helhet.changes.api.times.router"),
    ("/calendar", "helhet.changes.api.times.calendars"),
    ("/feeds", "helhet.changes.api.times.feeds"),
    ("/windows", "helhet.changes.api.periods.windows"),
    ("/freezes", "helhet.changes.api.periods.freezes"),
    ("/audiences", "helhet.documents.api.readers.router"),
    ("/approvals", "helhet.documents.api.readers.approval_router"),
    ("/document-figures", "helhet.documents.api.sets.figures_router"),
    ("/document-pages", "helhet.documents.api.sets.pages_router"),
    ("/routines", "helhet.routines.api.routines.router"),
    ("/routine-reports", "helhet.routines.api.routines.reports"),
    ("/runs", "helhet.routines.api.runs.router"),
    ("/operational-tasks", "helhet.routines.api.operations.router"),
    ("/occurrences", "helhet.routines.api.operations.day_router"),
    ("/handovers", "helhet.routines.api.operations.handovers"),
    ("/alerts", "helhet.routines.api.alerts.router"),
    ("/suppliers", "helhet.suppliers.api.suppliers.router"),
    ("/contracts", "helhet.suppliers.api.contracts.router"),
    ("/services", "helhet.handbook.api.documentation.router"),
    ("/contradictions", "helhet.handbook.api.documentation.contradictions"),
]

for prefix, path in ROUTERS:
    api.add_router(prefix, path)
