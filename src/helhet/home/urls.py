"""Addresses of this room."""

from django.urls import path

from helhet.home import views

app_name = "home"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("demonstration/", views.demo, name="demo"),
]
