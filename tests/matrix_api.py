"""The operations of the API in the rights matrix, noun by noun."""

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
    Operation,
)
from tests.matrix_changes_api import HOLES as CHANGE_HOLES
from tests.matrix_changes_api import OPERATIONS as CHANGES
from tests.matrix_times import OPERATIONS as TIMES

READ = Operation(READERS, writes=False)
V1 = "/api/v1"
NAMED = {"sort": "named", "filter": "kind:storage", "group": "{group}"}

KIT = {
    "GET /jobs": READ,
    "GET /jobs/{job_id}": Operation(MAKER, writes=False),
    "POST /jobs/{job_id}/cancel": Operation(STEERERS),
    "POST /jobs/{job_id}/again": Operation(STEERERS),
}

ACCOUNTS = {
    "GET /me": READ,
    "PATCH /me": Operation(READERS, {"name": "Nytt namn"}),
    "GET /me/tokens": READ,
    "DELETE /me/tokens/{token_id}": Operation(OWNER),
    "GET /users": Operation(ADMINISTRATORS, writes=True),
    "POST /users": Operation(ADMINISTRATORS, {"email": "ny@sjovik.example"}),
    "GET /users/{user_id}": Operation(ADMINISTRATORS),
    "PATCH /users/{user_id}": Operation(ADMINISTRATORS, {"name": "Ny"}),
    "POST /users/{user_id}/link": Operation(ADMINISTRATORS),
}

GROUPS = {
    "GET /groups": READ,
    "POST /groups": Operation(COORDINATORS, {"name": "Ny grupp"}),
    "GET /groups/{reference}": READ,
    "PATCH /groups/{reference}": Operation(OWN_LEADS, {"name": "Annat"}),
    "POST /groups/{reference}/close": Operation(COORDINATORS, {"leave": True}),
    "POST /groups/{reference}/reopen": Operation(COORDINATORS, {}),
    "POST /groups/{reference}/members": Operation(OWN_LEADS, {"person": "{#person}", "role": "deputy"}),
    "POST /groups/{reference}/chair": Operation(OWN_LEADS, {"person": "{#person}"}),
    "GET /memberships": READ,
    "GET /memberships/{membership_id}": READ,
    "PATCH /memberships/{membership_id}": Operation(OWN_LEADS, {"role": "deputy"}),
    "DELETE /memberships/{membership_id}": Operation(OWN_LEADS),
    "POST /memberships/{membership_id}/end": Operation(OWN_LEADS, {}),
    "GET /persons": READ,
    "POST /persons": Operation(COORDINATORS, {"name": "Ny Person"}),
    "GET /persons/{person_id}": READ,
    "PATCH /persons/{person_id}": Operation(COORDINATORS, {"name": "Annan"}),
    "POST /persons/{person_id}/end": Operation(COORDINATORS, {}),
    "POST /persons/{person_id}/return": Operation(COORDINATORS, {}),
    "GET /tasks": READ,
    "POST /tasks": Operation(READERS, {"title": "Gör", "group": "{group}"}),
    "GET /tasks/{task_id}": READ,
    "PATCH /tasks/{task_id}": Operation(OWN_MEMBERS, {"title": "Annat"}),
    "POST /tasks/{task_id}/take": Operation(OWN_MEMBERS),
    "POST /tasks/{task_id}/handover": Operation(OWN_MEMBERS, {"group": "{group}"}),
    "POST /tasks/{task_id}/done": Operation(OWN_MEMBERS, {}),
    "POST /tasks/{task_id}/drop": Operation(OWN_MEMBERS, {"reason": "nej"}),
    "POST /tasks/{task_id}/reopen": Operation(OWN_MEMBERS),
    "POST /assignments": Operation(OWN_LEADS, {"items": ["{item}"], "group": "{group}"}),
    "GET /roles": Operation(READERS, writes=False, query="?item={item}"),
    "POST /roles": Operation(OWN_MEMBERS, {"item": "{item}", "group": "{group}", "role": "consulted"}),
    "POST /roles/{role_id}/end": Operation(OWN_MEMBERS, {}),
    "GET /views": READ,
    "POST /views": Operation(READERS, {"name": "Vy"}),
    "GET /views/{slug}": Operation(OWNER, writes=False),
    "PATCH /views/{slug}": Operation(OWNER, {"name": "Andra"}),
    "DELETE /views/{slug}": Operation(OWNER),
    "GET /words": READ,
    "PUT /words": Operation(ADMINISTRATORS, []),
    "DELETE /words/{name}": Operation(ADMINISTRATORS),
}

RESPONSIBILITY = {
    "GET /coverage": READ,
    "GET /coverage/readings": READ,
    "GET /rules": READ,
    "POST /rules": Operation(COORDINATORS, NAMED),
    "POST /rules/preview": Operation(READERS, NAMED, writes=False),
    "GET /rules/{number}": READ,
    "PUT /rules/{number}": Operation(COORDINATORS, NAMED),
    "DELETE /rules/{number}": Operation(COORDINATORS),
    "GET /rules/why/{reference}": READ,
}

TYPE = {
    "key": "backed_up_by", "name_sv": "kopieras av", "name_en": "backed up by", "turned_sv": "kopierar",
    "turned_en": "backs up",
}  # fmt: skip
CHANGE = {"references": ["{item}"], "change": {"state": "retiring"}, "reason": "r"}
ITEMS = {
    "GET /items": READ,
    "POST /items": Operation(MEMBERS, {"kind": "server", "name": "Ny"}),
    "PATCH /items": Operation(MEMBERS, {**CHANGE, "dry_run": True}),
    "GET /items/file/{form}": READ,
    "GET /items/bulk/{batch_id}": READ,
    "POST /items/bulk/{batch_id}/undo": Operation(MEMBERS),
    "GET /items/{reference}": READ,
    "PATCH /items/{reference}": Operation(OWN_MEMBERS, {"name": "Annat"}),
    "POST /items/{reference}/merge": Operation(COORDINATORS, {"gone": "{other}"}),
    "POST /items/merges/{batch_id}/undo": Operation(COORDINATORS),
    "GET /items/{reference}/history": READ,
    "POST /items/{reference}/history/{event_id}/undo": Operation(OWN_MEMBERS),
    "GET /items/{reference}/answers": READ,
    "GET /items/{reference}/group": READ,
    "PUT /items/{reference}/group": Operation(OWN_LEADS, {"group": "{group}"}),
    "POST /items/{reference}/take": Operation(MEMBERS, {"group": "{group}"}),
    "DELETE /items/{reference}/group": Operation(RELEASERS),
    "GET /items/{reference}/parts": READ,
    "GET /items/{reference}/comments": READ,
    "POST /items/{reference}/comments": Operation(READERS, {"text": "Ord"}),
    "DELETE /items/{reference}/comments/{comment_id}": Operation(AUTHOR),
    "GET /items/{reference}/attachments": READ,
    "POST /items/{reference}/attachments": Operation(OWN_MEMBERS, form={"file": "@ord"}),
    "GET /items/{reference}/attachments/{attachment_id}": READ,
    "DELETE /items/{reference}/attachments/{attachment_id}": Operation(OWN_MEMBERS),
    "GET /items/{reference}/links": READ,
    "POST /items/{reference}/links": Operation(OWN_MEMBERS, {"to": "{other}", "type": "backs"}),
    "DELETE /items/{reference}/links/{link_id}": Operation(OWN_MEMBERS),
    "GET /items/{reference}/dependencies": READ,
    "POST /items/{reference}/dependencies": Operation(OWN_MEMBERS, {"to": "{other}"}),
    "GET /items/{reference}/dependencies/{dependency_id}": READ,
    "PATCH /items/{reference}/dependencies/{dependency_id}": Operation(OWN_MEMBERS, {"note": "Ord"}),
    "DELETE /items/{reference}/dependencies/{dependency_id}": Operation(OWN_MEMBERS),
    "POST /items/{reference}/dependencies/{dependency_id}/confirm": Operation(OWN_MEMBERS),
    "POST /items/{reference}/dependencies/{dependency_id}/question": Operation(OWN_MEMBERS, {"words": "Nej"}),
    "POST /items/{reference}/dependencies/{dependency_id}/answer": Operation(OWN_MEMBERS, {"words": "Jo"}),
    "GET /dependencies/findings": READ,
    "GET /dependencies/seen": READ,
    "POST /dependencies/seen": Operation(COORDINATORS, form={"source": "tempo", "file": "@client,server\na,b\n"}),
    "POST /dependencies/seen/declare": Operation(MEMBERS, [{"from": "{item}", "to": "{other}"}]),
    "GET /dependencies/seen/names": READ,
    "GET /dependencies/seen/names/{name_id}": READ,
    "PUT /dependencies/seen/names/{name_id}": Operation(COORDINATORS, {"item": "{item}"}),
    "GET /dependency-types": READ,
    "POST /dependency-types": Operation(ADMINISTRATORS, TYPE),
    "GET /dependency-types/words": READ,
    "POST /dependency-types/merge": Operation(ADMINISTRATORS, {"word": "x", "into": "uses"}),
    "GET /dependency-types/{key}": READ,
    "PATCH /dependency-types/{key}": Operation(ADMINISTRATORS, {"words": ["behöver"]}),
    "DELETE /dependency-types/{key}": Operation(ADMINISTRATORS),
    "GET /items/{reference}/impact": READ,
    "GET /items/{reference}/redundancies": READ,
    "POST /items/{reference}/redundancies": Operation(OWN_MEMBERS, {"providers": ["{other}", "{third}"], "least": 1}),
    "DELETE /items/{reference}/redundancies/{redundancy_id}": Operation(OWN_MEMBERS),
    "GET /map": Operation(READERS, writes=False, query="?start={item}"),
    "GET /pictures": READ,
    "GET /weak-points": READ,
    "POST /weak-points": Operation(MEMBERS),
    "POST /pictures": Operation(READERS, {"name": "Kring", "start": ["{item}"]}),
    "GET /pictures/{slug}": Operation(OWNER, writes=False),
    "PATCH /pictures/{slug}": Operation(OWNER, {"name": "Andra"}),
    "DELETE /pictures/{slug}": Operation(OWNER),
    "PUT /pictures/{slug}/marks/{reference}": Operation(OWNER, {"is_hit": True, "reason": "Kylan"}),
    "DELETE /pictures/{slug}/marks/{reference}": Operation(OWNER),
    "GET /kinds": READ,
    "POST /kinds": Operation(ADMINISTRATORS, {"key": "press", "name_sv": "Press", "name_en": "Press", "prefix": "PRS"}),
    "GET /kinds/{key}": READ,
    "PATCH /kinds/{key}": Operation(ADMINISTRATORS, {"name_sv": "Fräs"}),
    "DELETE /kinds/{key}": Operation(ADMINISTRATORS),
    "GET /kinds/{key}/misfits": READ,
    "GET /search": Operation(READERS, writes=False, query="?q=server"),
}

IMPORTERS = {
    "GET /imports": READ,
    "POST /imports": Operation(COORDINATORS, form={"source": "cmdb", "file": "@key,kind,name\n1,server,Ett\n"}),
    "GET /imports/mappings": READ,
    "GET /imports/mappings/{name}": READ,
    "GET /imports/template/{ending}": READ,
    "GET /imports/{run_id}": READ,
    "GET /imports/{run_id}/rows": READ,
    "POST /imports/{run_id}/apply": Operation(COORDINATORS),
    "POST /imports/{run_id}/undo": Operation(COORDINATORS),
    "GET /findings": READ,
    "POST /findings/{finding_id}/meaning": Operation(COORDINATORS, {"thing": "{group}"}),
    "GET /sources": READ,
    "GET /sources/{source_id}": READ,
    "PATCH /sources/{source_id}": Operation(COORDINATORS, {"owns": ["name"]}),
}

API = {**KIT, **ACCOUNTS, **GROUPS, **RESPONSIBILITY, **ITEMS, **CHANGES, **TIMES, **IMPORTERS}
API |= matrix_outcomes.API | matrix_rooms.API

# Which sample stands in a hole of a path.
HOLES = {
    "event_id": "event", "form": "=csv", "ending": "=zip",
    "token_id": "token",
    "job_id": "job",
    "source_id": "source",
    "user_id": "user", "membership_id": "membership", "person_id": "person", "task_id": "task", "role_id": "role",
    "slug": "view", "batch_id": "batch", "comment_id": "comment", "attachment_id": "attachment", "link_id": "link",
    "dependency_id": "dependency", "name_id": "seen_name", "redundancy_id": "redundancy",
        "key": "kind", "run_id": "run", "finding_id": "finding", "number": "rule",
    "name": "=group", "reference": "item", "window_id": "window", "freeze_id": "freeze", "feed_id": "feed",
    "standard_id": "standard", "alteration_id": "alteration", "threshold_id": "threshold",
    **CHANGE_HOLES, **matrix_rooms.HOLES,
}  # fmt: skip

# Where the beginning of a path says that a hole means something else.
OTHER_HOLES = {
    "/imports/mappings/": {"name": "=plain"},
    "/groups/": {"reference": "group"},
    "/pictures/": {"slug": "picture", "reference": "other"},
    "/changes/{reference}/clashes": {"reference": "timed"},
    "/changes/{reference}/move": {"reference": "timed"},
    "/changes/{reference}/followers": {"reference": "timed"},
    "/standard-changes/{standard_id}/decision": {"standard_id": "standard_open"},
    "/changes/": {"reference": "change", "event_id": "deed"},
    "/dependency-types/": {"key": "=uses"},
    "/items/merges/": {"batch_id": "merge"},
    **matrix_rooms.OTHER_HOLES,
}


def sample_of(path: str, hole: str) -> str:
    """The name of the sample that stands in a hole of the path, without the API's beginning."""
    for beginning, holes in OTHER_HOLES.items():
        if path.startswith(beginning) and hole in holes:
            return holes[hole]
    return HOLES[hole]
