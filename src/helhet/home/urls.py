"""Addresses of this room."""

from django.urls import path

from helhet.home import views
from helhet.home.help import help_page

app_name = "home"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("demonstration/", views.demo, name="demo"),
    path("help/", help_page, name="help"),
]
