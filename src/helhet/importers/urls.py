"""The addresses of importing."""

from django.urls import path

from helhet.importers import views, views_sources

app_name = "importers"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("new/", views.new, name="new"),
    path("findings/", views.findings, name="findings"),
    path("findings/<int:finding_id>/", views.finding, name="finding"),
    path("sources/<int:source_id>/", views_sources.source, name="source"),
    path("mappings/", views.mappings, name="mappings"),
    path("template.<str:ending>", views.template, name="template"),
    path("<int:run_id>/", views.run, name="run"),
    path("<int:run_id>/progress/", views.progress, name="progress"),
    path("<int:run_id>/apply/", views.apply, name="apply"),
    path("<int:run_id>/undo/", views.undoing, name="undo"),
]
