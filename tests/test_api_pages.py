"""Whatever can be done in a page can be done by API, by the same people."""

from __future__ import annotations

import pytest
from django.test import Client

from helhet.kit.jobs import Job
from tests import matrix_rooms
from tests.matrix_api import API, V1
from tests.matrix_pages import PAGES
from tests.matrix_samples import samples
from tests.test_rights_matrix import bearer
from tests.world import Cast

ITEM = "/items/{reference}"
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME = {
    "changes:alteration": "POST /unregistered-changes/{alteration_id}/explanation",
    "changes:standard_decide": "POST /standard-changes/{standard_id}/decision",
    "changes:standard_new": "POST /standard-changes",
    "changes:standard_raise": "POST /standard-changes/{standard_id}/changes",
    "changes:standard_retire": "POST /standard-changes/{standard_id}/retire",
    "changes:standard_version": "POST /standard-changes/{standard_id}/versions",
    "estate:dependency": "PATCH /items/{reference}/dependencies/{dependency_id}",
    "estate:dependency_answer": "POST /items/{reference}/dependencies/{dependency_id}/answer",
    "estate:dependency_confirmation": "POST /items/{reference}/dependencies/{dependency_id}/confirm",
    "estate:dependency_question": "POST /items/{reference}/dependencies/{dependency_id}/question",
    "estate:new_type": "POST /dependency-types",
    "estate:weak_search": "POST /weak-points",
    "estate:type": "PATCH /dependency-types/{key}",
    "estate:type_merging": "POST /dependency-types/merge",
    "estate:type_removal": "DELETE /dependency-types/{key}",
    "estate:seen_name": "PUT /dependencies/seen/names/{name_id}",
    "estate:seen_observations": "POST /dependencies/seen",
    "estate:seen_taking_over": "POST /dependencies/seen/declare",
    "kit:job_cancel": "POST /jobs/{job_id}/cancel",
    "kit:job_again": "POST /jobs/{job_id}/again",
    "accounts:theme": "PATCH /me",
    "accounts:me": "PATCH /me",
    "accounts:token_end": "DELETE /me/tokens/{token_id}",
    "accounts:user_new": "POST /users",
    "accounts:user": "PATCH /users/{user_id}",
    "accounts:user_link": "POST /users/{user_id}/link",
    "accounts:user_end": "PATCH /users/{user_id}",
    "groups:group_new": "POST /groups",
    "groups:group_edit": "PATCH /groups/{reference}",
    "groups:group_field": "PATCH /groups/{reference}",
    "groups:group_close": "POST /groups/{reference}/close",
    "groups:group_reopen": "POST /groups/{reference}/reopen",
    "groups:member_new": "POST /groups/{reference}/members",
    "groups:group_chair": "POST /groups/{reference}/chair",
    "groups:membership": "PATCH /memberships/{membership_id}",
    "groups:membership_end": "POST /memberships/{membership_id}/end",
    "groups:membership_remove": "DELETE /memberships/{membership_id}",
    "groups:person_new": "POST /persons",
    "groups:person_edit": "PATCH /persons/{person_id}",
    "groups:person_end": "POST /persons/{person_id}/end",
    "groups:person_return": "POST /persons/{person_id}/return",
    "groups:task_new": "POST /tasks",
    "groups:task_edit": "PATCH /tasks/{task_id}",
    "groups:task_taking": "POST /tasks/{task_id}/take",
    "groups:task_handover": "POST /tasks/{task_id}/handover",
    "groups:task_finishing": "POST /tasks/{task_id}/done",
    "groups:task_drop": "POST /tasks/{task_id}/drop",
    "groups:task_reopening": "POST /tasks/{task_id}/reopen",
    "groups:view": "PATCH /views/{slug}",
    "groups:view_delete": "DELETE /views/{slug}",
    "groups:words": "PUT /words",
    "groups:word_reset": "DELETE /words/{name}",
    "responsibility:assignments": "POST /assignments",
    "responsibility:new_rule": "POST /rules",
    "responsibility:rule_preview": "POST /rules/preview",
    "responsibility:rule": "PUT /rules/{number}",
    "responsibility:rule_place": "PUT /rules/{number}",
    "responsibility:rule_removal": "DELETE /rules/{number}",
    "estate:new_item": "POST /items",
    "estate:export": "GET /items/file/{form}",
    "estate:views": "POST /views",
    "estate:view_removal": "DELETE /views/{slug}",
    "estate:bulk": "PATCH /items",
    "estate:bulk_undo": "POST /items/bulk/{batch_id}/undo",
    "estate:field": f"PATCH {ITEM}",
    "estate:kind_of_item": f"PATCH {ITEM}",
    "estate:assign": f"PUT {ITEM}/group",
    "estate:take": f"POST {ITEM}/take",
    "estate:release": f"DELETE {ITEM}/group",
    "estate:undo": f"POST {ITEM}/history/{{event_id}}/undo",
    "estate:comments": f"POST {ITEM}/comments",
    "estate:comment_removal": f"DELETE {ITEM}/comments/{{comment_id}}",
    "estate:attachments": f"POST {ITEM}/attachments",
    "estate:attachment": f"GET {ITEM}/attachments/{{attachment_id}}",
    "estate:attachment_removal": f"DELETE {ITEM}/attachments/{{attachment_id}}",
    "estate:links": f"POST {ITEM}/links",
    "estate:link_removal": f"DELETE {ITEM}/links/{{link_id}}",
    "estate:dependencies": f"POST {ITEM}/dependencies",
    "estate:dependency_removal": f"DELETE {ITEM}/dependencies/{{dependency_id}}",
    "estate:redundancy": f"POST {ITEM}/redundancies",
    "estate:redundancy_end": f"DELETE {ITEM}/redundancies/{{redundancy_id}}",
    "estate:merge": f"POST {ITEM}/merge",
    "estate:split": "POST /items/merges/{batch_id}/undo",
    "estate:map_dependency": f"POST {ITEM}/dependencies",
    "estate:pictures": "POST /pictures",
    "estate:picture": "PATCH /pictures/{slug}",
    "estate:picture_marks": "PUT /pictures/{slug}/marks/{reference}",
    "estate:picture_mark_removal": "DELETE /pictures/{slug}/marks/{reference}",
    "estate:picture_removal": "DELETE /pictures/{slug}",
    "estate:new_kind": "POST /kinds",
    "estate:kind": "PATCH /kinds/{key}",
    "estate:kind_removal": "DELETE /kinds/{key}",
    "changes:change_new": "POST /changes",
    "changes:change_edit": "PATCH /changes/{reference}",
    "changes:asking": "POST /changes/{reference}/ask",
    "changes:approval": "POST /changes/{reference}/approve",
    "changes:scheduling": "POST /changes/{reference}/schedule",
    "changes:beginning": "POST /changes/{reference}/begin",
    "changes:finish": "POST /changes/{reference}/finish",
    "changes:closing": "POST /changes/{reference}/close",
    "changes:taking_back": "POST /changes/{reference}/takeback",
    "changes:cancelling": "POST /changes/{reference}/cancel",
    "changes:position": "POST /changes/{reference}/positions/{group}/answer",
    "changes:settlement": "POST /changes/{reference}/positions/{group}/settle",
    "changes:reminder": "POST /changes/{reference}/positions/{group}/remind",
    "changes:undoing": "POST /changes/{reference}/history/{event_id}/undo",
    "changes:mark_new": "PUT /changes/{reference}/marks/{item}",
    "changes:mark_removal": "DELETE /changes/{reference}/marks/{item}",
    "changes:order_new": "PUT /changes/{reference}/after/{before}",
    "changes:order_removal": "DELETE /changes/{reference}/after/{before}",
    "changes:incident_new": "PUT /changes/{reference}/incidents/{incident}",
    "changes:incident_removal": "DELETE /changes/{reference}/incidents/{incident}",
    "changes:advance_new": "POST /advances",
    "changes:advance_end": "DELETE /advances/{advance_id}",
    "changes:threshold_new": "POST /thresholds",
    "changes:threshold_end": "POST /thresholds/{threshold_id}/end",
    "changes:window_new": "POST /windows",
    "changes:window_edit": "PATCH /windows/{window_id}",
    "changes:window_end": "POST /windows/{window_id}/end",
    "changes:freeze_new": "POST /freezes",
    "changes:freeze_edit": "PATCH /freezes/{freeze_id}",
    "changes:freeze_end": "POST /freezes/{freeze_id}/end",
    "changes:feed_end": "DELETE /feeds/{feed_id}",
    "changes:moving": "POST /changes/{reference}/move",
    "changes:signing": "POST /changes/{reference}/clashes/sign",
    "changes:unsigning": "POST /changes/{reference}/clashes/unsign",
    "changes:exemption": "POST /changes/{reference}/clashes/exemption",
    "importers:new": "POST /imports",
    "importers:apply": "POST /imports/{run_id}/apply",
    "importers:undo": "POST /imports/{run_id}/undo",
    "importers:finding": "POST /findings/{finding_id}/meaning",
    "importers:source": "PATCH /sources/{source_id}",
    "importers:template": "GET /imports/template/{ending}",
    **matrix_rooms.SAME,
}
# What belongs to the browser alone: whoever holds a token must not get from it what outlives the token.
IN_THE_PAGE_ALONE = {
    "accounts:welcome": "the first password",
    "accounts:password": "the password",
    "accounts:sessions_end": "the sessions of browsers",
    "accounts:token_new": "tokens, which are made on one's own page",
    "changes:feed_new": "addresses of calendars, which outlive a token",
    "changes:feed_renew": "addresses of calendars, which outlive a token",
    "home:demo": "filling an empty store once, which the command line does too",
    **matrix_rooms.ALONE,
}


def test_everything_that_a_page_does_an_operation_does() -> None:
    doing = {name for name, line in PAGES.items() if line.post}
    assert sorted(doing - SAME.keys() - IN_THE_PAGE_ALONE.keys()) == [], "done in a page alone"
    assert sorted((SAME.keys() | IN_THE_PAGE_ALONE.keys()) - PAGES.keys()) == [], "pages that are no more"
    assert sorted(set(SAME.values()) - API.keys()) == [], "operations that there are not"


@pytest.mark.parametrize("page", sorted(SAME))
def test_the_same_people_may_by_api_who_may_in_the_page(page: str) -> None:
    line = PAGES[page]
    assert API[SAME[page]].who == (line.post or line.get)


@pytest.mark.django_db
def test_a_token_that_only_reads_steers_no_job_not_even_ones_own() -> None:
    cast = Cast()
    job = samples(cast)["job"]
    for verb in ("cancel", "again"):
        refused = Client().post(f"{V1}/jobs/{job}/{verb}", headers=bearer(cast.member, "read"))
        assert (verb, refused.status_code) == (verb, 403)
    assert Job.objects.get(pk=job).state == "waiting"
    assert Client().post(f"{V1}/jobs/{job}/cancel", headers=bearer(cast.member, "read", "write")).status_code == 200
