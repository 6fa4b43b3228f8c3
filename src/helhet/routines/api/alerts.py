"""Alerts for programs: what Alertmanager and Grafana send, and the list of what is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator, ConfigDict, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticKnownError

from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_errors import FieldFault, field_faults, placed
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import Faulty
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.routines.actions.alerts import close_alert, find_alert, run_alert, tie_alert
from helhet.routines.actions.telling_alerts import Left, Missing, Told, take_alerts
from helhet.routines.alert_reading import readable_routine, readable_run
from helhet.routines.api.operation_shapes import RunBegunOut, RunKeyIn
from helhet.routines.models import Alert
from helhet.routines.permissions import RoutinePermission
from helhet.rules.alert_telling import fingerprint_of

router = Router(tags=["alerts"])
LOOSE = frozenset({"/api/v1/alerts/alertmanager", "/api/v1/alerts/grafana"})
"""Fills `kit.loose_bodies`: a sign or a reading that is too large in one alert must not lose the others."""
LABELS = 100
YEARS = range(1970, 3000)
"""Other years are no time of an alert, and near the ends of the calendar no time of this place."""


def _in_our_time(at: dt.datetime) -> dt.datetime:
    if at.year not in YEARS:
        raise PydanticKnownError("datetime_parsing", {"error": f"year {at.year}"})
    return at


class AlertIn(Schema):
    """An alert as the sender has it. More than this is passed over."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"example": {
            "status": "firing", "labels": {"alertname": "DiskFull"}, "startsAt": "2026-11-29T07:00:00Z",
            "fingerprint": "8f3a2c",
        }},
    )  # fmt: skip

    status: Literal["firing", "resolved"]
    labels: dict[str, str] = Field(max_length=LABELS)
    annotations: dict[str, str] | None = Field(None, max_length=LABELS)
    startsAt: Annotated[dt.datetime, AfterValidator(_in_our_time)]  # noqa: N815 - the sender's name
    endsAt: dt.datetime | None = None  # noqa: N815 - the sender's name
    generatorURL: str | None = None  # noqa: N815 - the sender's name
    fingerprint: str | None = Field(None, max_length=100, description="without it: of the labels")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An alert that has not the shape of one, with what pydantic says of it."""

    value: Any
    errors: list[Any]


def _read(value: Any, read: ValidatorFunctionWrapHandler) -> AlertIn | Unreadable:
    """One that cannot be read must not lose the others of its post."""
    try:
        found: AlertIn = read(value)
    except ValidationError as error:
        return Unreadable(value, list(error.errors()))
    return found


class AlertsIn(Schema):
    """A webhook of Alertmanager (version 4) or Grafana. More than this is passed over, and so is an alert that cannot
    be read: the answer says which, and why.
    """

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"example": {
            "version": "4", "groupKey": '{}:{alertname="DiskFull"}', "truncatedAlerts": 0, "status": "firing",
            "alerts": [{
                "status": "firing", "labels": {"alertname": "DiskFull", "instance": "web1:9100"},
                "annotations": {"summary": "Disken är full"}, "startsAt": "2026-11-29T07:00:00Z",
                "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "8f3a2c",
            }],
        }},
    )  # fmt: skip

    groupKey: str = Field(max_length=5_000)  # noqa: N815 - the sender's name
    truncatedAlerts: int | None = Field(None, ge=0, le=1_000_000_000)  # noqa: N815 - the sender's name
    alerts: list[Annotated[AlertIn, WrapValidator(_read)]]


class TakenOut(Schema):
    """What a post did. `truncated`: so many were left out by the sender and are not known here. `refused`: what is
    wrong with those that could not be taken; the others were.
    """

    model_config = example(new=1, again=0, repeated=0, resolved=0, old=0, unknown=1, truncated=0, refused=[
        {"field": "alerts.3.startsAt", "message": "must be a time, such as 2026-01-31T07:00:00Z"},
    ])  # fmt: skip

    new: int
    again: int
    repeated: int
    resolved: int
    old: int
    unknown: int
    truncated: int
    refused: list[FieldFault]


class AlertOut(Schema):
    """An alert. `resolved_at` is null while it is open, `routine` also for one that you may not read."""

    model_config = example(
        id=5, sender="alertmanager", name="DiskFull", summary="Disken är full", labels={"alertname": "DiskFull"},
        annotations={}, url="", item="SRV-12", routine="RUT-3", run=None, began_at="2026-11-29T07:00:00Z",
        told_at="2026-11-29T07:00:10Z", resolved_at=None, times=1, version=1,
    )  # fmt: skip

    id: int
    sender: str
    name: str
    summary: str
    labels: dict[str, str]
    annotations: dict[str, str]
    url: str
    item: str | None
    routine: str | None
    run: int | None
    began_at: dt.datetime
    told_at: dt.datetime
    resolved_at: dt.datetime | None
    times: int
    version: int


class TieIn(Strict):
    """The routine that is asked for; with `label` by all alerts that have it."""

    model_config = example(routine="RUT-3", label="alertname=DiskFull")

    routine: str
    label: str = ""
    item: str = ""


def alert_data(alert: Alert) -> dict[str, Any]:
    """An alert as the API gives it."""
    names = ("id", "sender", "name", "summary", "labels", "annotations", "url", "began_at", "told_at", "resolved_at",
             "times", "version")  # fmt: skip
    routine, run = readable_routine(alert), readable_run(alert)
    return {name: getattr(alert, name) for name in names} | {
        "item": alert.item.reference if alert.item else None, "run": run.pk if run else None,
        "routine": routine.document.item.reference if routine else None,
    }  # fmt: skip


ALERTS: Listing[Alert] = Listing(AlertOut, {"-began_at": "began_at", "name": "name"}, alert_data)


@router.post("/alertmanager", response={200: TakenOut, **ERRORS}, summary="Take a webhook of Alertmanager")
@needs(RoutinePermission.ALERT_SEND, any_group=True)
def alertmanager(request: HttpRequest, data: AlertsIn) -> dict[str, Any]:
    """As `webhook_configs` sends it, with `http_config.authorization` holding a token."""
    return _taken(request, "alertmanager", data)


@router.post("/grafana", response={200: TakenOut, **ERRORS}, summary="Take a webhook of Grafana")
@needs(RoutinePermission.ALERT_SEND, any_group=True)
def grafana(request: HttpRequest, data: AlertsIn) -> dict[str, Any]:
    """As a contact point of the type webhook sends it, with the token as authorization."""
    return _taken(request, "grafana", data)


def _taken(request: HttpRequest, sender: str, data: AlertsIn) -> dict[str, Any]:
    """The answer is 200 as soon as one was taken: told that the post failed, a sender repeats all of it for as long as
    the bad one lasts. Where none can be taken nothing is lost by saying so, and the sender's own figures show it.
    """
    alerts: list[Told] = []
    left: list[Left] = []
    for count, one in enumerate(data.alerts):
        if isinstance(one, Unreadable):
            left.append(Left(_name_of(one.value), placed(one.errors, f"alerts.{count}")))
        else:
            alerts.append(_told(one))
    missing = Missing(data.truncatedAlerts or 0, left)
    taken = take_alerts(sender, data.groupKey, alerts, by=caller_of(request), missing=missing)
    refused = field_faults(fault for one in left for fault in one.faults)
    if left and not alerts:
        raise Faulty(refused, todo=_("See docs/alerts.md for what an alert says."))
    return taken.counts | {"unknown": taken.unknown, "truncated": taken.truncated, "refused": refused}


def _name_of(value: Any) -> str:
    labels = value.get("labels") if isinstance(value, dict) else None
    return str(labels.get("alertname", "")) if isinstance(labels, dict) else ""


def _told(one: AlertIn) -> Told:
    began, ended = _aware(one.startsAt), None
    if one.status == "resolved":
        # Senders write the year 1 for no end.
        has_end = one.endsAt is not None and one.endsAt.year in YEARS
        ended = max(_aware(one.endsAt), began) if has_end and one.endsAt is not None else began
    fingerprint = one.fingerprint or fingerprint_of(one.labels)
    return Told(fingerprint, one.labels, one.annotations or {}, began, ended, one.generatorURL or "")


def _aware(at: dt.datetime) -> dt.datetime:
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at


@router.get("", response={200: PageOut[AlertOut], **ERRORS}, summary="List alerts")
@needs(RoutinePermission.VIEW)
def alerts(request: HttpRequest, asked: Query[ListAsked], open: bool = True, unknown: bool = False) -> Any:  # noqa: A002
    """Open ones or closed ones; with `unknown` those that no routine in use is tied to."""
    found = Alert.objects.visible_to(caller_of(request)).filter(resolved_at__isnull=open)
    found = found.select_related("item__kind", "routine__document__item", "run")
    if unknown:
        found = found.without_routine()
    return ALERTS.answer(request, asked, found, "open", "unknown")


@router.get("/{int:alert_id}", response={200: AlertOut, **ERRORS}, summary="Read an alert")
@needs(RoutinePermission.VIEW)
def alert(request: HttpRequest, response: HttpResponse, alert_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    return _out(response, find_alert(alert_id, caller_of(request)))


@router.post("/{int:alert_id}/tie", response={200: AlertOut, **WRITE_ERRORS}, summary="Tie a routine to an alert")
@needs(RoutinePermission.ALERT_CHANGE, RoutinePermission.CHANGE)
def tie(request: HttpRequest, response: HttpResponse, alert_id: int, data: TieIn) -> dict[str, Any]:
    """With a label for all that have it: then the right to change the routine is asked for. Needs If-Match."""
    by = caller_of(request)
    tie_alert(alert_id, by=by, version=version_asked(request), **data.dict())
    return _out(response, find_alert(alert_id, by))


@router.post("/{int:alert_id}/run", response={200: RunBegunOut, **ERRORS}, summary="Run the routine of an alert")
@needs(RoutinePermission.RUN)
def run(request: HttpRequest, alert_id: int, data: RunKeyIn) -> dict[str, Any]:
    """`key` is made by the sender: sent again it is the same run."""
    begun = run_alert(alert_id, by=caller_of(request), key=data.key)
    return {"run": begun.pk, "key": begun.key}


@router.post("/{int:alert_id}/close", response={200: AlertOut, **WRITE_ERRORS}, summary="Close an alert")
@needs(RoutinePermission.ALERT_CHANGE)
def close(request: HttpRequest, response: HttpResponse, alert_id: int) -> dict[str, Any]:
    """It is over, although its sender has not said so. Needs If-Match."""
    only_known(request)
    return _out(response, close_alert(alert_id, by=caller_of(request), version=version_asked(request)))


def _out(response: HttpResponse, found: Alert) -> dict[str, Any]:
    etag(response, found.version)
    return alert_data(found)
