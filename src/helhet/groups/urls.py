"""Addresses of this room."""

from django.urls import path

from helhet.groups.views import fields, groups, members, people, saved, tasks, words

app_name = "groups"

urlpatterns = [
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/<str:reference>/", groups.group, name="group"),
    path("groups/<str:reference>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<str:reference>/edit/<str:name>/", fields.group_field, name="group_field"),
    path("groups/<str:reference>/close/", groups.group_close, name="group_close"),
    path("groups/<str:reference>/reopen/", groups.group_reopen, name="group_reopen"),
    path("groups/<str:reference>/members/new/", members.member_new, name="member_new"),
    path("groups/<str:reference>/chair/", members.chair, name="group_chair"),
    path("memberships/<int:membership_id>/", members.membership, name="membership"),
    path("memberships/<int:membership_id>/end/", members.membership_end, name="membership_end"),
    path("memberships/<int:membership_id>/remove/", members.membership_remove, name="membership_remove"),
    path("people/", people.persons, name="persons"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:person_id>/end/", people.person_end, name="person_end"),
    path("people/<int:person_id>/return/", people.person_return, name="person_return"),
    path("tasks/", tasks.waits, name="waits"),
    path("tasks/all/", tasks.tasks, name="tasks"),
    path("tasks/new/", tasks.task_new, name="task_new"),
    path("tasks/<int:task_id>/", tasks.task, name="task"),
    path("tasks/<int:task_id>/edit/", tasks.task_edit, name="task_edit"),
    path("tasks/<int:task_id>/taking/", tasks.task_taking, name="task_taking"),
    path("tasks/<int:task_id>/handover/", tasks.task_handover, name="task_handover"),
    path("tasks/<int:task_id>/finishing/", tasks.task_finishing, name="task_finishing"),
    path("tasks/<int:task_id>/dropping/", tasks.task_drop, name="task_drop"),
    path("tasks/<int:task_id>/reopening/", tasks.task_reopening, name="task_reopening"),
    path("views/", saved.views, name="views"),
    path("views/<slug:slug>/", saved.view_edit, name="view"),
    path("views/<slug:slug>/delete/", saved.view_delete, name="view_delete"),
    path("settings/words/", words.words, name="words"),
    path("settings/words/<str:name>/reset/", words.word_reset, name="word_reset"),
]
