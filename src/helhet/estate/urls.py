"""Addresses of items and kinds. The item's own page, `item`, is mounted by `config`."""

from __future__ import annotations

from django.urls import path

from helhet.estate.views import bulk, field, impact, item, items, kinds, maps, merging, notes, redundancy

app_name = "estate"

urlpatterns = [
    path("items/", items.items, name="items"),
    path("items/new/", item.new_item, name="new_item"),
    path("items/export/<str:form>/", items.exported, name="export"),
    path("items/views/", items.views, name="views"),
    path("items/views/<slug:slug>/removal/", items.view_removal, name="view_removal"),
    path("items/bulk/<str:act>/", bulk.change, name="bulk"),
    path("items/changes/<int:batch_id>/", bulk.result, name="bulk_result"),
    path("items/changes/<int:batch_id>/progress/", bulk.progress, name="bulk_progress"),
    path("items/changes/<int:batch_id>/undo/", bulk.undoing, name="bulk_undo"),
    path("items/merges/<int:batch_id>/undo/", merging.splitting, name="split"),
    path("items/<str:reference>/merge/", merging.merging, name="merge"),
    path("items/<str:reference>/fields/<str:name>/", field.field, name="field"),
    path("items/<str:reference>/kind/", item.kind_of_item, name="kind_of_item"),
    path("items/<str:reference>/group/", item.responsibility, name="assign"),
    path("items/<str:reference>/taking/", item.taking, name="take"),
    path("items/<str:reference>/release/", item.letting_go, name="release"),
    path("items/<str:reference>/events/<int:event_id>/undo/", item.undoing, name="undo"),
    path("items/<str:reference>/comments/", notes.comments, name="comments"),
    path("items/<str:reference>/comments/<int:comment_id>/removal/", notes.comment_removal, name="comment_removal"),
    path("items/<str:reference>/attachments/", notes.attachments, name="attachments"),
    path("items/<str:reference>/attachments/<int:attachment_id>/", notes.attachment, name="attachment"),
    path("items/<str:reference>/attachments/<int:attachment_id>/removal/", notes.attachment_removal,
         name="attachment_removal"),
    path("items/<str:reference>/links/", notes.links, name="links"),
    path("items/<str:reference>/links/<int:link_id>/removal/", notes.link_removal, name="link_removal"),
    path("items/<str:reference>/impact/", impact.impact_of, name="impact"),
    path("items/<str:reference>/redundancy/", redundancy.redundancy, name="redundancy"),
    path("items/<str:reference>/redundancy/<int:redundancy_id>/end/", redundancy.redundancy_end, name="redundancy_end"),
    path("items/<str:reference>/dependencies/", notes.dependencies, name="dependencies"),
    path("items/<str:reference>/dependencies/<int:dependency_id>/removal/", notes.dependency_removal,
         name="dependency_removal"),
    path("map/", maps.the_map, name="map"),
    path("map/dependencies/", maps.connect, name="map_dependency"),
    path("map/pictures/", maps.pictures, name="pictures"),
    path("map/pictures/<slug:slug>/", maps.picture, name="picture"),
    path("map/pictures/<slug:slug>/removal/", maps.picture_removal, name="picture_removal"),
    path("settings/kinds/", kinds.kinds, name="kinds"),
    path("settings/kinds/new/", kinds.new_kind, name="new_kind"),
    path("settings/kinds/<str:key>/", kinds.kind, name="kind"),
    path("settings/kinds/<str:key>/removal/", kinds.kind_removal, name="kind_removal"),
]  # fmt: skip
