"""Every address of the product, room by room. Addresses that many rooms point to have short names of their own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from helhet.config.api import api
from helhet.estate.views.item import item
from helhet.estate.views.items import items, things

# Each room adds its line: path("groups/", include("helhet.groups.urls")).
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("helhet.home.urls")),
    path("", include("helhet.search.urls")),
    path("", include("helhet.kit.urls")),
    path("", include("helhet.accounts.urls")),
    path("", include("helhet.groups.urls")),
    path("", include("helhet.responsibility.urls")),
    path("", include("helhet.suppliers.urls")),
    path("", include("helhet.documents.urls")),
    path("", include("helhet.routines.urls")),
    path("", include("helhet.changes.urls")),
    path("", include("helhet.handbook.urls")),
    path("", include("helhet.estate.urls")),
    path("imports/", include("helhet.importers.urls")),
    path("items/", items, name="items"),
    path("items/things/", things, name="things"),
    path("items/<path:reference>/", item, name="item"),
    path("api/v1/", api.urls),
]
