"""What the verbs of the room do, refuse and tell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from helhet.accounts.actions import create_user, make_token
from helhet.accounts.models import Access
from helhet.groups import actions
from helhet.groups.figures import group_rows, kinds_of
from helhet.groups.models import Answer, Group, GroupState, ItemRole, LocalName, Membership, Person, SavedView, Task
from helhet.groups.policy import caller_of_user
from helhet.groups.writing import (
    NewGroup,
    NewMembership,
    NewPerson,
    add_groups,
    add_memberships,
    add_persons,
    change_groups,
    remove_persons,
)
from helhet.items.models import State
from helhet.journal.models import Batch, Event
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound, Stale, VersionMissing
from helhet.kit.rights import Caller
from helhet.kit.words import forget, noun
from tests.world import SYSTEM, Cast, as_caller, make_group, make_item, make_person, make_user

TODAY = timezone.localdate


def fresh(group: Group) -> Group:
    return Group.objects.select_related("item").get(pk=group.pk)


# ---- groups ----------------------------------------------------------------------------------------------------


def test_a_group_is_an_item_with_a_reference_and_a_history(cast: Cast, boss: Caller) -> None:
    group = actions.create_group(by=boss, name="  Lagring ", mandate="Diskar", parent="Drift")
    assert group.reference.startswith("GRP-")
    assert group.parent_id == cast.group.pk
    actions.change_group(group.reference, by=boss, version=1, name="Backup", mandate="Band")
    (event,) = Event.objects.filter(noun="item", noun_id=group.pk, verb="groups.group.changed")
    assert event.changes == [("mandate", "Diskar", "Band"), ("name", "Lagring", "Backup")]
    assert fresh(group).item.version == 2


def test_a_change_that_changes_nothing_leaves_no_trace(cast: Cast, boss: Caller) -> None:
    before = Event.objects.count()
    actions.change_group(cast.group.reference, by=boss, version=1, mandate="", name="Drift")
    assert Event.objects.count() == before
    assert fresh(cast.group).item.version == 1


def test_groups_never_stand_in_a_circle(cast: Cast, boss: Caller) -> None:
    below = actions.create_group(by=boss, name="Under", parent=cast.group.reference)
    lowest = actions.create_group(by=boss, name="Underst", parent=below.reference)
    for parent in (cast.group, below, lowest):
        with pytest.raises(Invalid) as refused:
            actions.change_group(cast.group.reference, by=boss, version=1, parent=parent.reference)
        assert refused.value.field == "parent"


def test_there_is_one_management_team(cast: Cast, boss: Caller) -> None:
    with pytest.raises(Invalid):
        actions.create_group(by=boss, name="Ny ledning", is_management_team=True)
    actions.change_group(cast.team.reference, by=boss, version=1, is_management_team=False)
    assert actions.create_group(by=boss, name="Ny ledning", is_management_team=True).is_management_team


@pytest.mark.parametrize(
    ("contacts", "field"),
    [
        ({"email": "x"}, "contacts.email"),
        ({"web": "javascript:alert(1)"}, "contacts.web"),
        ({"pigeon": "x"}, "contacts"),
    ],
)
def test_contact_ways_are_checked(boss: Caller, contacts: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_group(by=boss, name="Ny", contacts=contacts)
    assert refused.value.field == field


def test_versions_are_asked_for_and_held(cast: Cast, boss: Caller) -> None:
    with pytest.raises(VersionMissing):
        actions.change_group(cast.group.reference, by=boss, version=None, mandate="x")
    with pytest.raises(Stale):
        actions.change_group(cast.group.reference, by=boss, version=7, mandate="x")
    with pytest.raises(NotFound):
        actions.change_group("GRP-99999", by=boss, version=1, mandate="x")


def test_closing_gives_everything_to_the_one_that_takes_over(cast: Cast, boss: Caller) -> None:
    items = [make_item(f"Nod {number}").pk for number in range(3)]
    actions.assign(items, cast.group.reference, by=boss)
    task = actions.create_task(by=boss, title="x", group=cast.group.reference)
    child = actions.create_group(by=boss, name="Under", parent=cast.group.reference)
    actions.add_role(make_item("Annan").reference, cast.group.reference, "supports", by=boss)
    actions.close_group(cast.group.reference, by=boss, version=1, to=cast.other_group.reference)
    assert Answer.objects.open().filter(item_id__in=items, group=cast.other_group).count() == 3
    task.refresh_from_db()
    assert (task.group_id, task.state) == (cast.other_group.pk, "open")
    assert fresh(child).parent_id == cast.other_group.pk
    assert not ItemRole.objects.filter(to_on__isnull=True).exists()
    closed = fresh(cast.group)
    assert (closed.state, closed.closed_on, closed.item.state) == (GroupState.CLOSED, TODAY(), State.RETIRED)
    tomorrow = TODAY() + dt.timedelta(days=1)
    assert not Membership.objects.on(tomorrow).filter(group=cast.group).exists()
    assert as_caller(cast.chair).leads == frozenset()


def test_closing_with_things_left_must_be_said(cast: Cast, boss: Caller) -> None:
    item = make_item("Nod")
    actions.assign([item.pk], cast.group.reference, by=boss)
    with pytest.raises(Clash) as refused:
        actions.close_group(cast.group.reference, by=boss, version=1)
    assert refused.value.details["items"] == 1
    actions.close_group(cast.group.reference, by=boss, version=1, leave=True)
    (row,) = [row for row in group_rows(boss) if row.group.pk == cast.group.pk]
    assert row.problems == ("closed_with_items",)
    with pytest.raises(Clash):
        actions.assign([item.pk], cast.group.reference, by=boss)
    with pytest.raises(Clash):
        actions.add_member(cast.group.reference, make_person("Siv").pk, by=boss)


def test_the_tree_adds_up_what_is_beneath(cast: Cast, boss: Caller) -> None:
    below = actions.create_group(by=boss, name="Under", parent=cast.group.reference)
    lowest = actions.create_group(by=boss, name="Underst", parent=below.reference)
    for group, count in ((cast.group, 1), (below, 2), (lowest, 3)):
        actions.assign([make_item().pk for _one in range(count)], group.reference, by=boss)
    rows = {row.group.pk: row for row in group_rows(boss)}
    assert [rows[group.pk].items for group in (cast.group, below, lowest)] == [1, 2, 3]
    assert [rows[group.pk].total for group in (cast.group, below, lowest)] == [6, 5, 3]
    assert [rows[group.pk].depth for group in (cast.group, below, lowest)] == [0, 1, 2]


def test_a_circle_that_an_import_left_hides_no_group(boss: Caller) -> None:
    one, two = make_group("Ett"), make_group("Två")
    Group.objects.filter(pk=one.pk).update(parent=two)
    Group.objects.filter(pk=two.pk).update(parent=one)
    assert {one.pk, two.pk} <= {row.group.pk for row in group_rows(boss)}


def test_items_are_counted_by_kind_and_groups_are_no_items_of_a_group(cast: Cast, boss: Caller) -> None:
    items = [make_item().pk, make_item().pk, make_item(kind="application").pk]
    actions.assign([*items, cast.other_group.pk], cast.group.reference, by=boss)
    assert [(one.kind.key, one.count) for one in kinds_of(cast.group)] == [("server", 2), ("application", 1)]


def test_many_groups_are_written_at_once_with_parents_among_them(db: None) -> None:
    del db
    ids = add_groups([NewGroup("B", parent_at=1), NewGroup("A"), NewGroup("C", state="closed")], by=SYSTEM, on=TODAY())
    groups = {group.pk: group for group in Group.objects.select_related("item")}
    assert groups[ids[0]].parent_id == ids[1]
    assert (groups[ids[2]].closed_on, groups[ids[2]].item.state) == (TODAY(), State.RETIRED)
    with pytest.raises(ValueError, match="colour"):
        change_groups([(groups[ids[0]], {"colour": "red"})], by=SYSTEM, on=TODAY())


# ---- memberships -----------------------------------------------------------------------------------------------


def test_the_same_membership_never_overlaps_itself(cast: Cast, boss: Caller) -> None:
    siv = make_person("Siv")
    first = actions.add_member(cast.group.reference, siv.pk, by=boss, to_on=TODAY() + dt.timedelta(days=5))
    with pytest.raises(Invalid):
        actions.add_member(cast.group.reference, siv.pk, by=boss, from_on=TODAY() + dt.timedelta(days=5))
    actions.add_member(cast.group.reference, siv.pk, by=boss, from_on=TODAY() + dt.timedelta(days=6))
    actions.add_member(cast.group.reference, siv.pk, by=boss, role="Skrivare")
    with pytest.raises(Invalid):
        actions.change_membership(first.pk, by=boss, version=1, to_on=None)
    with pytest.raises(Invalid):
        actions.change_membership(first.pk, by=boss, version=1, to_on=dt.date(2020, 1, 1))


def test_more_than_the_whole_working_time_is_warned_of_not_refused(cast: Cast, boss: Caller) -> None:
    siv = make_person("Siv")
    actions.add_member(cast.group.reference, siv.pk, by=boss, share="70 %")
    actions.add_member(cast.other_group.reference, siv.pk, by=boss, share="30,5")
    most = actions.share_peak(siv.pk)
    assert (most.percent, most.is_too_much) == (Decimal("100.50"), True)


@pytest.mark.parametrize("share", ["0", "-1", "101", "mycket", "NaN", "Infinity"])
def test_a_share_is_a_part_of_the_working_time(cast: Cast, boss: Caller, share: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_member(cast.group.reference, make_person("Siv").pk, by=boss, share=share)
    assert refused.value.field == "share"


def test_the_chair_changes_and_the_former_stays_as_a_member(cast: Cast, boss: Caller) -> None:
    member, former = cast.member.person, cast.chair.person
    actions.change_chair(cast.group.reference, member.pk, by=boss)
    now = Membership.objects.on(TODAY()).filter(group=cast.group)
    assert {(row.person_id, row.role) for row in now} == {(member.pk, "chair"), (former.pk, "member")}
    assert as_caller(cast.member).leads == {cast.group.pk}
    assert as_caller(cast.chair).leads == frozenset()
    with pytest.raises(Clash):
        actions.change_chair(cast.group.reference, member.pk, by=boss)
    actions.change_chair(cast.group.reference, former.pk, by=boss)
    now = Membership.objects.on(TODAY()).filter(group=cast.group)
    assert {(row.person_id, row.role) for row in now} == {(former.pk, "chair"), (member.pk, "member")}


def test_rights_end_with_the_membership_at_once(cast: Cast, boss: Caller) -> None:
    row = Membership.objects.get(group=cast.group, role="chair")
    actions.end_membership(row.pk, by=boss, version=1)
    with pytest.raises(Forbidden):
        actions.change_group(cast.group.reference, by=as_caller(cast.chair), version=1, mandate="x")


# ---- persons ---------------------------------------------------------------------------------------------------


def test_an_address_ties_a_person_to_a_user_whichever_comes_first(boss: Caller) -> None:
    person = actions.create_person(by=boss, name="Siv", email="Siv@sjovik.example")
    user = create_user("siv@sjovik.example", by=SYSTEM)
    person.refresh_from_db()
    assert person.user_id == user.pk
    other = make_user("bo@sjovik.example")
    assert actions.create_person(by=boss, name="Bo", email="bo@sjovik.example").user_id == other.pk
    with pytest.raises(Invalid):
        actions.create_person(by=boss, name="En till", email="bo@sjovik.example")
    changed = actions.change_person(person.pk, by=boss, version=1, email="ny@sjovik.example")
    assert changed.user_id is None


def test_ending_a_person_ends_memberships_and_sign_in_and_gives_tasks_back(cast: Cast, boss: Caller) -> None:
    user, person = cast.member, cast.member.person
    token, text = make_token(user, by=caller_of_user(user), name="x", scopes=["read"])
    task = actions.create_task(by=boss, title="x", group=cast.group.reference, person=person.pk)
    alone = actions.create_task(by=boss, title="y", person=person.pk)
    actions.end_person(person.pk, by=boss, version=person.version)
    user.refresh_from_db()
    token.refresh_from_db()
    assert not user.is_active
    assert not token.is_valid
    assert text
    assert not Membership.objects.on(TODAY()).filter(person=person).exists()
    for one in (task, alone):
        one.refresh_from_db()
        assert (one.group_id, one.person_id, one.state) == (cast.group.pk, None, "open")


def test_a_persons_own_task_must_get_a_new_home(cast: Cast, boss: Caller) -> None:
    siv = make_person("Siv")
    task = actions.create_task(by=boss, title="x", person=siv.pk)
    with pytest.raises(Clash) as refused:
        actions.end_person(siv.pk, by=boss, version=1)
    assert refused.value.field == "tasks_to"
    actions.end_person(siv.pk, by=boss, version=1, tasks_to=cast.group.reference)
    task.refresh_from_db()
    assert task.group_id == cast.group.pk
    back = actions.return_person(siv.pk, by=boss, version=2)
    assert back.ended_on is None


def test_a_coordinator_ends_no_administrator(cast: Cast, lead: Caller) -> None:
    person = make_person("Chef", email="c@sjovik.example", user=cast.administrator)
    with pytest.raises(Forbidden):
        actions.end_person(person.pk, by=lead, version=1)
    cast.administrator.refresh_from_db()
    assert cast.administrator.is_active
    assert cast.administrator.access == Access.ADMINISTRATOR


def test_what_hangs_on_a_person_is_listed(cast: Cast, boss: Caller) -> None:
    person = cast.chair.person
    actions.create_task(by=boss, title="x", person=person.pk)
    actions.save_view(by=as_caller(cast.chair), name="Mina", is_shared=True)
    weight = actions.weight_of_person(person)
    assert [group.pk for group in weight.alone_in_chair] == [cast.group.pk]
    assert (len(weight.memberships), len(weight.tasks), len(weight.views)) == (1, 1, 1)


def test_only_persons_on_whom_nothing_hangs_are_taken_away(cast: Cast) -> None:
    free, bound = add_persons([NewPerson("Fri"), NewPerson("Bunden")], by=SYSTEM)
    add_memberships([NewMembership(cast.group.pk, bound)], by=SYSTEM)
    assert remove_persons([free, bound], by=SYSTEM) == [free]
    assert set(Person.objects.filter(pk__in=[free, bound]).values_list("pk", flat=True)) == {bound}


# ---- tasks, views, words ---------------------------------------------------------------------------------------


def test_what_waits_is_ones_own_and_what_nobody_in_ones_groups_has_taken(cast: Cast, boss: Caller) -> None:
    mine = actions.create_task(by=boss, title="min", person=cast.member.person.pk)
    ours = actions.create_task(by=boss, title="vår", group=cast.group.reference)
    actions.create_task(by=boss, title="annans", group=cast.group.reference, person=cast.chair.person.pk)
    actions.create_task(by=boss, title="andras", group=cast.other_group.reference)
    done = actions.create_task(by=boss, title="gjord", person=cast.member.person.pk)
    actions.finish_task(done.pk, by=boss, version=1)
    member = as_caller(cast.member)
    assert {task.pk for task in Task.objects.waiting_for(member)} == {mine.pk, ours.pk}
    actions.take_task(ours.pk, by=member, version=1)
    assert ours.pk not in {task.pk for task in Task.objects.waiting_for(as_caller(cast.chair))}
    assert not Task.objects.waiting_for(as_caller(cast.reader)).exists()


def test_a_task_is_somebodys_and_a_closed_one_is_done_with(cast: Cast, boss: Caller) -> None:
    with pytest.raises(Invalid):
        actions.create_task(by=boss, title="x")
    with pytest.raises(Invalid):
        actions.create_task(by=boss, title=" ", group="Drift")
    task = actions.create_task(by=boss, title="x", group="Drift")
    actions.finish_task(task.pk, by=boss, version=1, outcome="Klart")
    with pytest.raises(Clash):
        actions.drop_task(task.pk, by=boss, version=2, reason="x")
    with pytest.raises(Clash):
        actions.take_task(actions.create_task(by=boss, title="x", group="Drift").pk, by=boss, version=1)
    assert cast.group.pk


def test_views_keep_their_slug_and_belong_to_somebody(cast: Cast, boss: Caller) -> None:
    reader = as_caller(cast.reader)
    view = actions.save_view(by=reader, name="Åäö Servrar", filter="kind:server", columns=["name"], sort="-name")
    assert view.slug == "aao-servrar"
    assert actions.save_view(by=reader, name="Åäö servrar").slug == "aao-servrar-2"
    with pytest.raises(NotFound):
        actions.change_view(view.slug, by=boss, version=1, name="x")
    actions.change_view(view.slug, by=reader, version=1, name="Annat")
    assert SavedView.objects.get(pk=view.pk).slug == "aao-servrar"
    with pytest.raises(Forbidden):
        actions.change_view(view.slug, by=reader, version=2, is_shared=True)
    for wrong in ({"filter": "kind:srver"}, {"sort": "colour"}, {"name": " "}):
        with pytest.raises(Invalid):
            actions.change_view(view.slug, by=reader, version=2, **wrong)


def test_local_names_are_printed_and_reset(boss: Caller) -> None:
    assert actions.set_words({("sv", "group", "plural"): " team "}, by=boss) == 1
    forget()
    assert noun("group", "plural", "sv") == "team"
    assert noun("group", "singular", "sv") == "grupp"
    assert actions.set_words({("sv", "group", "plural"): "grupper"}, by=boss) == 1
    assert not LocalName.objects.exists()
    actions.set_words({("en", "group", "singular"): "squad"}, by=boss)
    assert actions.reset_noun("group", by=boss) == 1
    with pytest.raises(Invalid):
        actions.set_words({("sv", "grupp", "plural"): "x"}, by=boss)
    forget()


# ---- assigning -------------------------------------------------------------------------------------------------


def test_a_hand_made_assignment_tells_who_and_why_and_many_are_one_batch(cast: Cast, boss: Caller) -> None:
    items = [make_item().pk for _one in range(3)]
    done = actions.assign(items, "Drift", by=boss, reason="Möte 4")
    assert (done.asked, done.moved.groups) == (3, 3)
    answer = Answer.objects.open().select_related("ground").get(item_id=items[0])
    assert answer.group_id == cast.group.pk
    assert "Möte 4" in answer.ground.text
    assert Batch.objects.get().counts == {"items": 3, "moved": 3}
    assert Event.objects.filter(verb="groups.answer.assigned", reason="Möte 4").count() == 3


def test_a_member_takes_what_nobody_has_to_the_only_group_he_is_in(cast: Cast) -> None:
    item = make_item()
    member = as_caller(cast.member)
    actions.take(item.reference, by=member)
    assert Answer.objects.open().get(item=item).group_id == cast.group.pk
    with pytest.raises(Clash):
        actions.take(item.reference, by=as_caller(cast.other))
    make_group("Två", chair=None, members=(cast.member.person,))
    with pytest.raises(Invalid):
        actions.take(make_item().reference, by=as_caller(cast.member))


def test_a_known_further_role_is_one_whatever_language_it_is_said_in(cast: Cast, boss: Caller) -> None:
    item = make_item()
    with translation.override("sv"):
        made = actions.add_role(item.reference, cast.group.reference, " Stöder ", by=boss)
        assert (made.role, made.role_label) == ("supports", "stöder")
    with translation.override("en"):
        assert made.role_label == "supports"
    assert actions.add_role(item.reference, cast.group.reference, "Felanmäler", by=boss).role_label == "felanmäler"
