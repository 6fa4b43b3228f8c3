"""Addresses of the toolkit itself."""

from django.urls import path

from helhet.kit import job_pages
from helhet.kit.pattern import pattern

app_name = "kit"
urlpatterns = [
    path("_kit/", pattern, name="pattern"),
    path("jobs/", job_pages.jobs, name="jobs"),
    path("jobs/<int:job_id>/", job_pages.job, name="job"),
    path("jobs/<int:job_id>/cancel/", job_pages.cancel, name="job_cancel"),
    path("jobs/<int:job_id>/again/", job_pages.again, name="job_again"),
]
