"""Addresses of prints."""

from django.urls import path

from helhet.handbook.views import printing

urlpatterns = [path("print/<str:reference>/<slug:name>.<slug:form>", printing.printed, name="printed")]
