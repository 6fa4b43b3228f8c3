"""Every address of the product, room by room. Addresses that many rooms point to have short names of their own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
