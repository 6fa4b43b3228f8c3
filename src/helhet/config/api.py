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
    ("/coverage", "helhet.responsibility.api.coverage_router"),
    ("/rules", "helhet.responsibility.api.router"),
    ("/me", "helhet.accounts.api.me_router"),
    ("/users", "helhet.accounts.api.router"),
]

for prefix, path in ROUTERS:
    api.add_router(prefix, path)
