"""Addresses of this room."""

from django.urls import path

from helhet.search import views

app_name = "search"

urlpatterns = [
    path("search/", views.search, name="search"),
    path("palette/", views.palette, name="palette"),
]
