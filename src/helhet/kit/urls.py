"""Addresses of the toolkit itself."""

from django.urls import path

from helhet.kit.pattern import pattern

app_name = "kit"
urlpatterns = [path("_kit/", pattern, name="pattern")]
