"""Addresses of coverage and rules."""

from django.urls import path

from helhet.responsibility import views

app_name = "responsibility"

urlpatterns = [
    path("coverage/", views.coverage, name="coverage"),
    path("coverage/assignments/", views.assignments, name="assignments"),
    path("rules/", views.rules, name="rules"),
    path("rules/new/", views.new_rule, name="new_rule"),
    path("rules/preview/", views.rule_preview, name="rule_preview"),
    path("rules/<int:number>/", views.rule, name="rule"),
    path("rules/<int:number>/place/", views.rule_place, name="rule_place"),
    path("rules/<int:number>/removal/", views.rule_removal, name="rule_removal"),
]
