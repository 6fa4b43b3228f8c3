"""Addresses of this room."""

from django.urls import include, path

from helhet.handbook.views import listing, service

app_name = "handbook"

urlpatterns = [
    path("", include("helhet.handbook.urls_bundles")),
    path("", include("helhet.handbook.urls_printing")),
    path("services/", listing.services, name="services"),
    path("services/gaps/", listing.gaps, name="gaps"),
    path("services/weights/", service.weights_page, name="weights"),
    path("services/contradictions/<int:number>/", service.contradiction, name="contradiction"),
    path("services/<str:reference>/", service.service, name="service"),
    path("services/<str:reference>/print/", service.service_print, name="service_print"),
    path("services/<str:reference>/contradict/", service.contradiction_new, name="contradiction_new"),
    path("services/<str:reference>/<str:part>/not-applicable/", service.part_ruled_out, name="part_ruled_out"),
    path("services/<str:reference>/<str:part>/begin/", service.part_begun, name="part_begun"),
    path("services/<str:reference>/<str:part>/still-true/", service.part_still_true, name="part_still_true"),
    path("services/<str:reference>/<str:part>/applies/", service.part_applies, name="part_applies"),
]
