"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from helhet.suppliers.views import contracts, suppliers

app_name = "suppliers"

urlpatterns: list[URLPattern] = [
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/new/", suppliers.supplier_new, name="supplier_new"),
    path("suppliers/<str:reference>/", suppliers.supplier, name="supplier"),
    path("suppliers/<str:reference>/edit/", suppliers.supplier_edit, name="supplier_edit"),
    path("suppliers/<str:reference>/end/", suppliers.supplier_end, name="supplier_end"),
    path("suppliers/<str:reference>/return/", suppliers.supplier_return, name="supplier_return"),
    path("suppliers/<str:reference>/contacts/new/", suppliers.contact_new, name="contact_new"),
    path("suppliers/<str:reference>/contacts/<int:contact_id>/", suppliers.contact, name="contact"),
    path("suppliers/<str:reference>/contacts/<int:contact_id>/end/", suppliers.contact_end, name="contact_end"),
    path("suppliers/<str:reference>/deliveries/new/", suppliers.delivery_new, name="delivery_new"),
    path("suppliers/<str:reference>/deliveries/<str:item>/end/", suppliers.delivery_end, name="delivery_end"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/new/", contracts.contract_new, name="contract_new"),
    path("contracts/<str:reference>/", contracts.contract, name="contract"),
    path("contracts/<str:reference>/edit/", contracts.contract_edit, name="contract_edit"),
    path("contracts/<str:reference>/levels/", contracts.levels, name="levels"),
]
