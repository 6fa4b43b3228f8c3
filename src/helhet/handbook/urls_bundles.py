"""Addresses of the offline copies."""

from django.urls import path

from helhet.handbook.views import bundles

urlpatterns = [
    path("offline/", bundles.bundles, name="bundles"),
    path("offline/<slug:audience>/make/", bundles.bundle_make, name="bundle_make"),
    path("offline/<slug:audience>/download/", bundles.bundle_zip, name="bundle_zip"),
]
