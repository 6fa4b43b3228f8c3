"""Addresses of operational tasks, the day list and alerts."""

from __future__ import annotations

from django.urls import URLPattern, path

from helhet.routines.views import alerts, day, operations

urlpatterns: list[URLPattern] = [
    path("day/", day.day, name="day"),
    path("day/<int:occurrence_id>/do/", day.occurrence_do, name="occurrence_do"),
    path("day/<int:occurrence_id>/skip/", day.occurrence_skip, name="occurrence_skip"),
    path("day/<int:occurrence_id>/take/", day.occurrence_take, name="occurrence_take"),
    path("day/<int:occurrence_id>/run/", day.occurrence_run, name="occurrence_run"),
    path("day/<int:occurrence_id>/reopen/", day.occurrence_reopen, name="occurrence_reopen"),
    path("day/handovers/new/", day.handover_new, name="handover_new"),
    path("day/handovers/<int:handover_id>/take/", day.handover_take, name="handover_take"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:alert_id>/", alerts.alert, name="alert"),
    path("alerts/<int:alert_id>/tie/", alerts.alert_tie, name="alert_tie"),
    path("alerts/<int:alert_id>/run/", alerts.alert_run, name="alert_run"),
    path("alerts/<int:alert_id>/close/", alerts.alert_close, name="alert_close"),
    path("operational-tasks/", operations.operations, name="operations"),
    path("operational-tasks/new/", operations.operation_new, name="operation_new"),
    path("operational-tasks/spent/", day.operations_spent, name="operations_spent"),
    path("operational-tasks/spent/times/", day.operations_times, name="operations_times"),
    path("operational-tasks/<int:operation_id>/", operations.operation, name="operation"),
    path("operational-tasks/<int:operation_id>/edit/", operations.operation_edit, name="operation_edit"),
    path("operational-tasks/<int:operation_id>/end/", operations.operation_end, name="operation_end"),
]
