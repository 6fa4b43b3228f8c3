"""The pages of the rights matrix: a line for each address, room by room."""

from __future__ import annotations

from tests import matrix_outcomes, matrix_rooms
from tests.matrix import (
    ADMINISTRATORS,
    AUTHOR,
    COORDINATORS,
    MAKER,
    MEMBERS,
    OWN_LEADS,
    OWN_MEMBERS,
    OWNER,
    READERS,
    RELEASERS,
    STEERERS,
    Line,
)
from tests.matrix_changes import PAGES as CHANGES
from tests.matrix_times import PAGES as TIMES

VERSION = {"version": "1"}
ITEM = ("item",)

HOME = {
    "home:overview": Line(READERS),
    "home:help": Line(READERS),
    "home:demo": Line(post=ADMINISTRATORS),
}

KIT = {
    "kit:pattern": Line(READERS),
    "kit:jobs": Line(READERS),
    "kit:job": Line(MAKER, args=("job",)),
    "kit:job_cancel": Line(post=STEERERS, args=("job",)),
    "kit:job_again": Line(post=STEERERS, args=("job",)),
}

ACCOUNTS = {
    "accounts:welcome": Line(READERS, READERS),
    "accounts:theme": Line(post=READERS, body={"theme": "dark"}),
    "accounts:me": Line(READERS, READERS, body={"name": "Ny", "language": "sv"}),
    "accounts:password": Line(READERS, READERS),
    "accounts:sessions_end": Line(post=READERS),
    "accounts:token_new": Line(READERS, READERS, body={"name": "t", "scopes": ["read"], "days": "90"}),
    "accounts:token_end": Line(post=OWNER, args=("token",)),
    "accounts:users": Line(ADMINISTRATORS),
    "accounts:user_new": Line(ADMINISTRATORS, ADMINISTRATORS, body={"email": "ny@sjovik.example", "access": "reader"}),
    "accounts:user": Line(ADMINISTRATORS, ADMINISTRATORS, args=("user",), body={"access": "administrator", **VERSION}),
    "accounts:user_link": Line(post=ADMINISTRATORS, args=("user",)),
    "accounts:user_end": Line(post=ADMINISTRATORS, args=("user",), body=VERSION),
}

RENAMED = {"name": "Annat", "version": "{group_version}"}
WHO = {"person": "{person_name}"}
GROUPS = {
    "groups:groups": Line(READERS),
    "groups:group_new": Line(COORDINATORS, COORDINATORS, body={"name": "Ny grupp", "basis": "other"}),
    "groups:group": Line(READERS, args=("group",)),
    "groups:group_edit": Line(
        OWN_LEADS, OWN_LEADS, args=("group",), body={"name": "Annat", "version": "{group_version}"}
    ),
    "groups:group_field": Line(OWN_LEADS, OWN_LEADS, args=("group", "=name"), body=RENAMED),
    "groups:group_close": Line(COORDINATORS, COORDINATORS, args=("group",), body={"leave": "on", **VERSION}),
    "groups:group_reopen": Line(post=COORDINATORS, args=("group",), body=VERSION),
    "groups:member_new": Line(
        OWN_LEADS, OWN_LEADS, args=("group",), body={"person": "{person_name}", "role": "deputy"}
    ),
    "groups:group_chair": Line(OWN_LEADS, OWN_LEADS, args=("group",), body=WHO),
    "groups:membership": Line(OWN_LEADS, OWN_LEADS, args=("membership",), body={"role": "deputy", **VERSION}),
    "groups:membership_end": Line(post=OWN_LEADS, args=("membership",), body=VERSION),
    "groups:membership_remove": Line(post=OWN_LEADS, args=("membership",), body=VERSION),
    "groups:persons": Line(READERS),
    "groups:person_new": Line(COORDINATORS, COORDINATORS, body={"name": "Ny Person"}),
    "groups:person": Line(READERS, args=("person",)),
    "groups:person_edit": Line(COORDINATORS, COORDINATORS, args=("person",), body={"name": "Annan", **VERSION}),
    "groups:person_end": Line(COORDINATORS, COORDINATORS, args=("person",), body=VERSION),
    "groups:person_return": Line(post=COORDINATORS, args=("person",), body=VERSION),
    "groups:waits": Line(READERS),
    "groups:tasks": Line(READERS),
    "groups:task_new": Line(READERS, READERS, body={"title": "Gör", "group": "{group}"}),
    "groups:task": Line(READERS, args=("task",)),
    "groups:task_edit": Line(OWN_MEMBERS, OWN_MEMBERS, args=("task",), body={"title": "Annat", **VERSION}),
    "groups:task_taking": Line(post=OWN_MEMBERS, args=("task",), body=VERSION),
    "groups:task_handover": Line(OWN_MEMBERS, OWN_MEMBERS, args=("task",), body={"group": "{group}", **VERSION}),
    "groups:task_finishing": Line(post=OWN_MEMBERS, args=("task",), body=VERSION),
    "groups:task_drop": Line(OWN_MEMBERS, OWN_MEMBERS, args=("task",), body={"reason": "nej", **VERSION}),
    "groups:task_reopening": Line(post=OWN_MEMBERS, args=("task",), body=VERSION),
    "groups:views": Line(READERS),
    "groups:view": Line(OWNER, OWNER, args=("view",), body={"name": "Andra", **VERSION}),
    "groups:view_delete": Line(post=OWNER, args=("view",), body=VERSION),
    "groups:words": Line(ADMINISTRATORS, ADMINISTRATORS),
    "groups:word_reset": Line(post=ADMINISTRATORS, args=("=group",)),
}

RULE = {"sort": "named", "filter": "kind:storage", "group": "{group_id}"}
RESPONSIBILITY = {
    "responsibility:coverage": Line(READERS),
    "responsibility:assignments": Line(post=OWN_LEADS, body={"assign": "{item_id}:{group_id}"}),
    "responsibility:rules": Line(READERS),
    "responsibility:new_rule": Line(COORDINATORS, COORDINATORS, body={**RULE, "save": "1"}),
    "responsibility:rule_preview": Line(post=READERS, body=RULE),
    "responsibility:rule": Line(READERS, COORDINATORS, args=("rule",), body={**RULE, **VERSION, "save": "1"}),
    "responsibility:rule_place": Line(post=COORDINATORS, args=("rule",), body={"place": "1", **VERSION}),
    "responsibility:rule_removal": Line(COORDINATORS, COORDINATORS, args=("rule",), body=VERSION),
}

DOUBT = {"words": "Nej"}
DEPENDS = {"direction": "needs", "type": "runs_on", "criticality": "hard"}
ESTATE = {
    "estate:items": Line(READERS),
    "items": Line(READERS),
    "things": Line(READERS, query="?complete=rutin"),
    "item": Line(READERS, args=ITEM),
    "estate:new_item": Line(MEMBERS, MEMBERS, body={"kind": "server", "name": "Ny server"}),
    "estate:export": Line(READERS, args=("=csv",)),
    "estate:views": Line(READERS, READERS, body={"name": "Vy", "q": "kind:server"}),
    "estate:view_removal": Line(post=OWNER, args=("view",), body=VERSION),
    "estate:bulk": Line(
        post=MEMBERS, args=("=fields",), body={"chosen": "{item}", "step": "preview", "state": "live", "reason": "r"}
    ),
    "estate:bulk_result": Line(READERS, args=("batch",)),
    "estate:bulk_progress": Line(READERS, args=("batch",)),
    "estate:bulk_undo": Line(post=MEMBERS, args=("batch",)),
    "estate:field": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=("item", "=name"), body={"value": "Annat", "version": "{item_version}"}
    ),
    "estate:kind_of_item": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=ITEM, body={"kind": "storage", "version": "{item_version}"}
    ),
    "estate:assign": Line(MEMBERS, OWN_LEADS, args=ITEM, body={"group": "{group}"}),
    "estate:take": Line(post=MEMBERS, args=ITEM, body={"group": "{group}"}),
    "estate:release": Line(post=RELEASERS, args=ITEM),
    "estate:undo": Line(post=OWN_MEMBERS, args=("item", "event")),
    "estate:comments": Line(post=READERS, args=ITEM, body={"text": "Ord"}),
    "estate:comment_removal": Line(post=AUTHOR, args=("item", "comment")),
    "estate:attachments": Line(post=OWN_MEMBERS, args=ITEM, body={"file": "@ord"}),
    "estate:attachment": Line(READERS, args=("item", "attachment")),
    "estate:attachment_removal": Line(post=OWN_MEMBERS, args=("item", "attachment")),
    "estate:links": Line(post=OWN_MEMBERS, args=ITEM, body={"other": "{other}", "type": "backs"}),
    "estate:link_removal": Line(post=OWN_MEMBERS, args=("item", "link")),
    "estate:impact": Line(READERS, args=ITEM),
    "estate:redundancy": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=ITEM, body={"providers": "{other}", "least": "1", "unit": "count"}
    ),
    "estate:redundancy_end": Line(post=OWN_MEMBERS, args=("item", "redundancy")),
    "estate:dependencies": Line(MEMBERS, OWN_MEMBERS, args=ITEM, body={**DEPENDS, "to": "{other}"}),
    "estate:dependency": Line(READERS, OWN_MEMBERS, args=("item", "dependency"), body={**DEPENDS, **VERSION}),
    "estate:dependency_removal": Line(post=OWN_MEMBERS, args=("item", "dependency"), body=VERSION),
    "estate:dependency_confirmation": Line(post=OWN_MEMBERS, args=("item", "dependency"), body=VERSION),
    "estate:dependency_question": Line(post=OWN_MEMBERS, args=("item", "dependency"), body={**DOUBT, **VERSION}),
    "estate:dependency_answer": Line(post=OWN_MEMBERS, args=("item", "dependency"), body={"words": "Jo", **VERSION}),
    "estate:link_findings": Line(READERS),
    "estate:weak_points": Line(READERS),
    "estate:weak_search": Line(post=MEMBERS),
    "estate:seen": Line(READERS),
    "estate:seen_taking_over": Line(post=MEMBERS, body={"pair": "{item}:{other}"}),
    "estate:seen_observations": Line(post=COORDINATORS, body={"source": "tempo"}),
    "estate:seen_name": Line(post=COORDINATORS, args=("seen_name",), body={"thing": "{item}", **VERSION}),
    "estate:types": Line(READERS),
    "estate:new_type": Line(ADMINISTRATORS, ADMINISTRATORS),
    "estate:type": Line(READERS, ADMINISTRATORS, args=("=uses",), body=VERSION),
    "estate:type_removal": Line(post=ADMINISTRATORS, args=("=uses",), body=VERSION),
    "estate:type_merging": Line(post=ADMINISTRATORS, body={"word": "x", "into": "uses"}),
    "estate:merge": Line(COORDINATORS, COORDINATORS, args=ITEM, body={"gone": "{other}", "version": "{item_version}"}),
    "estate:split": Line(post=COORDINATORS, args=("merge",)),
    "estate:map": Line(READERS, query="?start={item}"),
    "estate:map_dependency": Line(
        post=OWN_MEMBERS, body={"start": "{item}", "item": "{item}", "provider": "{other}", "criticality": "hard"}
    ),
    "estate:pictures": Line(post=READERS, body={"name": "Kring", "start": "{item}"}),
    "estate:picture": Line(post=OWNER, args=("picture",), body={"start": "{item}", **VERSION}),
    "estate:picture_marks": Line(
        post=OWNER, args=("picture",), body={"item": "{other}", "reason": "Kyla", "is_hit": "1", **VERSION}
    ),
    "estate:picture_mark_removal": Line(post=OWNER, args=("picture", "other"), body=VERSION),
    "estate:picture_removal": Line(post=OWNER, args=("picture",), body=VERSION),
    "estate:kinds": Line(READERS),
    "estate:new_kind": Line(ADMINISTRATORS, ADMINISTRATORS),
    "estate:kind": Line(READERS, ADMINISTRATORS, args=("kind",)),
    "estate:kind_removal": Line(post=ADMINISTRATORS, args=("kind",), body=VERSION),
}

SEARCH = {
    "search:search": Line(READERS, query="?q=server"),
    "search:palette": Line(READERS, query="?q=server"),
}

FILE = {"source": "cmdb", "file": "@key,kind,name\n1,server,Ett\n"}
IMPORTERS = {
    "importers:runs": Line(READERS),
    "importers:new": Line(COORDINATORS, COORDINATORS, body=FILE),
    "importers:run": Line(READERS, args=("run",)),
    "importers:progress": Line(READERS, args=("run",)),
    "importers:apply": Line(post=COORDINATORS, args=("run",)),
    "importers:undo": Line(post=COORDINATORS, args=("run",)),
    "importers:findings": Line(READERS),
    "importers:finding": Line(post=COORDINATORS, args=("finding",), body={"thing": "{group}"}),
    "importers:source": Line(READERS, COORDINATORS, args=("source",), body={"extent": "all", **VERSION}),
    "importers:mappings": Line(READERS),
    "importers:template": Line(READERS, args=("=xlsx",)),
}

PAGES = {**HOME, **KIT, **ACCOUNTS, **GROUPS, **RESPONSIBILITY, **ESTATE, **CHANGES, **TIMES, **SEARCH, **IMPORTERS}
PAGES |= matrix_outcomes.PAGES | matrix_rooms.PAGES
