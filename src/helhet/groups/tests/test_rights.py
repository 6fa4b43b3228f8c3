"""Who may do what in this room: each verb, as each sort of person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, resolve

from helhet.groups import actions, urls
from helhet.groups.models import Group, ItemRole, Membership, Task
from helhet.groups.permissions import GroupPermission
from helhet.items.models import Item
from helhet.kit.errors import Forbidden, Refused
from helhet.kit.rights import Caller, Scope
from tests.world import Cast, as_caller, make_item, make_person

ACTORS = ("nobody", "outsider", "reader", "member", "other", "chair", "coordinator", "administrator")
EVERYBODY = frozenset({"reader", "member", "other", "chair", "coordinator", "administrator"})
LEADERS = frozenset({"chair", "coordinator", "administrator"})
HEADS = frozenset({"coordinator", "administrator"})
IN_GROUP = frozenset({"member", "chair", "coordinator", "administrator"})
MEMBERS = frozenset({"member", "other", "chair", "coordinator", "administrator"})


class Scene:
    """The cast with a thing of each sort, those of the group of `member` and `chair`."""

    def __init__(self, cast: Cast, boss: Caller) -> None:
        self.cast = cast
        self.group = Group.objects.select_related("item").get(pk=cast.group.pk)
        self.version = self.group.item.version
        self.person = make_person("Siv Ek")
        self.row = Membership.objects.get(group=cast.group, role="member")
        self.item: Item = make_item("Nod")
        self.owned: Item = make_item("Ägd")
        actions.assign([self.owned.pk], cast.group.reference, by=boss)
        self.task: Task = actions.create_task(by=boss, title="Byt disk", group=cast.group.reference)
        self.role: ItemRole = actions.add_role(self.owned.reference, cast.group.reference, "consulted", by=boss)


Verb = Callable[[Scene, Caller], Any]

VERBS: dict[str, tuple[Verb, frozenset[str]]] = {
    "create_group": (lambda _s, by: actions.create_group(by=by, name="Ny"), HEADS),
    "change mandate": (
        lambda s, by: actions.change_group(s.group.reference, by=by, version=s.version, mandate="x"), LEADERS),
    "change basis": (
        lambda s, by: actions.change_group(s.group.reference, by=by, version=s.version, basis="delivery"), HEADS),
    "become management team": (
        lambda s, by: actions.change_group(s.group.reference, by=by, version=s.version, is_management_team=False),
        HEADS),
    "close_group": (
        lambda s, by: actions.close_group(s.group.reference, by=by, version=s.version, leave=True), HEADS),
    "add_member": (lambda s, by: actions.add_member(s.group.reference, s.person.pk, by=by), LEADERS),
    "change_membership": (
        lambda s, by: actions.change_membership(s.row.pk, by=by, version=s.row.version, share="20"), LEADERS),
    "end_membership": (lambda s, by: actions.end_membership(s.row.pk, by=by, version=s.row.version), LEADERS),
    "remove_membership": (lambda s, by: actions.remove_membership(s.row.pk, by=by, version=s.row.version), LEADERS),
    "change_chair": (lambda s, by: actions.change_chair(s.group.reference, s.person.pk, by=by), LEADERS),
    "create_person": (lambda _s, by: actions.create_person(by=by, name="Bo"), HEADS),
    "change_person": (lambda s, by: actions.change_person(s.person.pk, by=by, version=1, unit="x"), HEADS),
    "end_person": (lambda s, by: actions.end_person(s.person.pk, by=by, version=1), HEADS),
    "create_task": (lambda s, by: actions.create_task(by=by, title="x", group=s.group.reference), EVERYBODY),
    "change_task": (lambda s, by: actions.change_task(s.task.pk, by=by, version=1, title="y"), IN_GROUP),
    "finish_task": (lambda s, by: actions.finish_task(s.task.pk, by=by, version=1), IN_GROUP),
    "drop_task": (lambda s, by: actions.drop_task(s.task.pk, by=by, version=1, reason="x"), IN_GROUP),
    "hand_over_task": (
        lambda s, by: actions.hand_over_task(s.task.pk, by=by, version=1, group=s.cast.team.reference), IN_GROUP),
    "save_view": (lambda _s, by: actions.save_view(by=by, name="x"), EVERYBODY),
    "share a view": (lambda _s, by: actions.save_view(by=by, name="x", is_shared=True), MEMBERS),
    "set_words": (
        lambda _s, by: actions.set_words({("sv", "group", "plural"): "team"}, by=by), frozenset({"administrator"})),
    "take for one's group": (lambda s, by: actions.take(s.item.reference, by=by, group=s.group.reference), IN_GROUP),
    "assign what another has": (
        lambda s, by: actions.assign([s.owned.pk], s.cast.other_group.reference, by=by), LEADERS),
    "release": (lambda s, by: actions.release([s.owned.pk], by=by), LEADERS),
    "add_role": (
        lambda s, by: actions.add_role(s.owned.reference, s.cast.team.reference, "supports", by=by), IN_GROUP),
    "end_role": (lambda s, by: actions.end_role(s.role.pk, by=by), IN_GROUP),
}  # fmt: skip


def caller_named(cast: Cast, actor: str) -> Caller:
    user = cast.users()[actor]
    return as_caller(user) if user is not None else Caller()


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_for_those_who_may_and_for_nobody_else(cast: Cast, boss: Caller, verb: str) -> None:
    act, allowed = VERBS[verb]
    scene = Scene(cast, boss)
    done, refused = set(), {}
    for actor in ACTORS:
        with transaction.atomic():
            try:
                act(scene, caller_named(cast, actor))
                done.add(actor)
            except Refused as error:
                refused[actor] = error.status
            transaction.set_rollback(True)
    assert done == allowed
    assert set(refused.values()) <= {403, 404}


def test_every_permission_of_the_room_is_tried_by_some_verb_or_page() -> None:
    tried = {"groups:group:view", "groups:person:view", "groups:task:view"}
    named = {
        "groups:group:create", "groups:group:change", "groups:group:close", "groups:membership:manage",
        "groups:person:manage", "groups:person:end", "groups:task:create", "groups:task:change", "groups:view:save",
        "groups:view:share", "groups:answer:assign", "groups:answer:take", "groups:role:manage", "groups:words:manage",
    }  # fmt: skip
    assert {str(permission) for permission in GroupPermission} == tried | named


def test_a_token_for_reading_changes_nothing(cast: Cast, boss: Caller) -> None:
    reading = replace(boss, scopes=frozenset({Scope.READ}))
    with pytest.raises(Forbidden):
        actions.create_group(by=reading, name="Ny")
    writing = replace(boss, scopes=frozenset({Scope.READ, Scope.WRITE}))
    assert actions.create_group(by=writing, name="Ny").name == "Ny"
    with pytest.raises(Forbidden):
        actions.set_words({("sv", "group", "plural"): "team"}, by=writing)
    assert cast.group.pk


ARGUMENTS = {"reference": "GRP-1", "name": "basis", "membership_id": 1, "person_id": 1, "task_id": 1, "slug": "x"}


def addresses() -> list[tuple[str, str]]:
    found = []
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        text = str(pattern.pattern)
        for name, value in ARGUMENTS.items():
            for sort in ("str", "int", "slug"):
                text = text.replace(f"<{sort}:{name}>", str(value))
        assert "<" not in text, text
        found.append((str(pattern.name), f"/{text}"))
    return found


def test_nobody_is_led_to_sign_in_and_an_outsider_is_refused_everywhere(cast: Cast) -> None:
    nobody, outsider = Client(), Client()
    outsider.force_login(cast.outsider)
    for _name, path in addresses():
        for method in ("get", "post"):
            answer = getattr(nobody, method)(path)
            assert answer.status_code in {302, 405}, path
            if answer.status_code == 302:
                assert answer["Location"].startswith("/sign-in/"), path
            assert getattr(outsider, method)(path).status_code in {403, 405}, path


ADMINISTRATORS = {"words", "word_reset"}
COORDINATORS = {"group_new", "group_close", "group_reopen", "person_new", "person_edit", "person_end", "person_return"}


def is_led_to_a_page(answer: Any) -> bool:
    """Whether an address that only takes what a form sends leads who reads it to a page."""
    found: Any = resolve(answer["Location"]).func if answer.status_code == 302 else None
    return "GET" in getattr(found, "methods", ())


def test_a_reader_opens_what_is_for_reading_and_changes_nothing(cast: Cast) -> None:
    reader = Client()
    reader.force_login(cast.reader)
    for name, path in addresses():
        allowed = {403, 405} if name in ADMINISTRATORS | COORDINATORS else {200, 403, 404, 405}
        answer = reader.get(path)
        assert answer.status_code in allowed or is_led_to_a_page(answer), path
        if name != "task_new":
            assert reader.post(path).status_code in {403, 404, 405}, path
    assert Membership.objects.count() == 5
