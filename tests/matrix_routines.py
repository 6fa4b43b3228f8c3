"""The rights matrix of routines and runs, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.documents.models import Audience, Document, DocumentAudience, Version
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.routines.models import Routine, Run, RunStep
from tests.matrix import OWN_MEMBERS, READERS, Line, Operation
from tests.world import DAY, SYSTEM, Cast, make_item

ONE, RUN = ("routine",), ("routine_run",)
ANSWER = {"key": "svar-00001", "step": "s1", "state": "done"}
CHOICE = {"take": True, "standing": "{#routine_standing}"}
PAGES: dict[str, Line] = {
    "routines:routines": Line(READERS),
    "routines:evidence": Line(READERS),
    "routines:evidence_runs": Line(READERS),
    "routines:routine": Line(READERS, args=ONE),
    "routines:routine_edit": Line(OWN_MEMBERS, OWN_MEMBERS, args=ONE, body={"kind": "desk", "version": "1"}),
    "routines:routine_report": Line(READERS, READERS, args=ONE, body={"text": "Fel kommando"}),
    "routines:run_new": Line(post=READERS, args=ONE, body={"key": "korning-1"}),
    "routines:runs": Line(READERS),
    "routines:run_worker": Line(READERS),
    "routines:run": Line(READERS, args=RUN),
    "routines:run_take": Line(post=READERS, args=RUN),
    "routines:run_answer": Line(post=OWN_MEMBERS, args=RUN, body=ANSWER),
    "routines:run_choose": Line(
        post=OWN_MEMBERS, args=(*RUN, "routine_answer"), body={"choice": "take", "standing": "{routine_standing}"}
    ),
    "routines:run_end": Line(post=OWN_MEMBERS, args=RUN, body={"outcome": "failed"}),
    "routines:run_abandon": Line(post=OWN_MEMBERS, args=RUN, body={"note": "Larmet gick över"}),
}
READ = Operation(READERS, writes=False)
ROUTINE, RUNS = "/routines/{reference}", "/runs/{run_id}"
API: dict[str, Operation] = {
    "GET /routines": READ,
    f"GET {ROUTINE}": READ,
    f"PATCH {ROUTINE}": Operation(OWN_MEMBERS, {"kind": "desk"}),
    f"GET {ROUTINE}/evidence": READ,
    f"POST {ROUTINE}/reports": Operation(READERS, {"text": "Fel kommando"}),
    f"POST {ROUTINE}/runs": Operation(READERS, {"key": "korning-1"}),
    "GET /routine-reports": READ,
    "GET /runs": READ,
    f"GET {RUNS}": READ,
    f"POST {RUNS}/take": Operation(READERS),
    f"POST {RUNS}/answers": Operation(OWN_MEMBERS, ANSWER),
    f"POST {RUNS}/answers/{{answer_id}}/choice": Operation(OWN_MEMBERS, CHOICE),
    f"POST {RUNS}/photos": Operation(OWN_MEMBERS, form={"file": "@bild", "key": "bild-00001", "step": "s1"}),
    f"POST {RUNS}/end": Operation(OWN_MEMBERS, {"outcome": "failed"}),
    f"POST {RUNS}/abandon": Operation(OWN_MEMBERS, {"note": "Larmet gick över"}),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {"answer_id": "routine_answer"}
OTHER_HOLES: dict[str, dict[str, str]] = {"/routines": {"reference": "routine"}, "/runs": {"run_id": "routine_run"}}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "routines:routine_edit": f"PATCH {ROUTINE}",
    "routines:routine_report": f"POST {ROUTINE}/reports",
    "routines:run_new": f"POST {ROUTINE}/runs",
    "routines:run_take": f"POST {RUNS}/take",
    "routines:run_answer": f"POST {RUNS}/answers",
    "routines:run_choose": f"POST {RUNS}/answers/{{answer_id}}/choice",
    "routines:run_end": f"POST {RUNS}/end",
    "routines:run_abandon": f"POST {RUNS}/abandon",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {"routines:run_worker": "the script that keeps the page of a run on a phone"}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """By name what stands in the holes. The things are the group's, or nobody's."""
    del cast, item
    written = make_item("Omstart av motorn", kind="routine")
    if group is not None:
        assign_by_hand([written.pk], group, by=SYSTEM, on=DAY)
    document = Document.objects.create(item=written, sort="routine")
    version = Version.objects.create(
        document=document,
        major=1,
        title="Omstart",
        fields={"steps": [{"id": "s1", "title": "Stoppa"}, {"id": "s2", "title": "Starta"}]},
    )
    Document.objects.filter(pk=document.pk).update(published=version)
    DocumentAudience.objects.create(document=document, audience=Audience.objects.get(key="all"))
    routine = Routine.objects.create(document=document)
    run = Run.objects.create(key="korning-0", routine=routine, of_version=version, by="test")
    standing, waiting = (
        RunStep.objects.create(
            run=run, key=f"svar-000{int(key)}", step="s2", state="done", by="test", counts=not key, waits=key
        )
        for key in (False, True)
    )
    told = {"routine_run": run.pk, "routine_answer": waiting.pk, "routine_standing": standing.pk}
    return {"routine": written.reference, **told}
