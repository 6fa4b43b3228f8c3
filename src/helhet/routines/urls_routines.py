"""Addresses of routines and runs."""

from __future__ import annotations

from django.urls import URLPattern, path

from helhet.routines.views import evidence, routines, runs

urlpatterns: list[URLPattern] = [
    path("routines/", routines.routines, name="routines"),
    path("routines/evidence/", evidence.evidence, name="evidence"),
    path("routines/evidence/runs/", evidence.evidence_runs, name="evidence_runs"),
    path("routines/<str:reference>/", routines.routine, name="routine"),
    path("routines/<str:reference>/edit/", routines.routine_edit, name="routine_edit"),
    path("routines/<str:reference>/report/", routines.routine_report, name="routine_report"),
    path("routines/<str:reference>/run/", runs.run_new, name="run_new"),
    path("runs/", runs.runs, name="runs"),
    path("runs/worker.js", runs.run_worker, name="run_worker"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("runs/<int:run_id>/answers/", runs.run_answer, name="run_answer"),
    path("runs/<int:run_id>/answers/<int:answer_id>/choice/", runs.run_choose, name="run_choose"),
    path("runs/<int:run_id>/take/", runs.run_take, name="run_take"),
    path("runs/<int:run_id>/end/", runs.run_end, name="run_end"),
    path("runs/<int:run_id>/abandon/", runs.run_abandon, name="run_abandon"),
]
