"""Who asks, and who can sign in, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from helhet.accounts.actions import change_me, change_user, create_user, end_token, sign_in_link
from helhet.accounts.models import Token, User
from helhet.accounts.permissions import AccountPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import NotFound
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.kit.rights import Caller

me_router = Router(tags=["accounts"])
router = Router(tags=["accounts"])


class MeOut(Schema):
    """Who asks, what he chose on his own page, and his rights. `language`: sv, en. `theme`: empty, light, dark."""

    model_config = example(
        user=3,
        email="siv.ek@example.org",
        name="Siv Ek",
        level="member",
        person=14,
        member_of=[2],
        leads=[],
        scopes=["read", "write"],
        language="sv",
        theme="",
    )

    user: int
    email: str
    name: str
    level: str
    person: int | None
    member_of: list[int]
    leads: list[int]
    scopes: list[str] | None
    language: str
    theme: str


class UserOut(Schema):
    """A user. `access`: none, reader, administrator."""

    model_config = example(
        id=3,
        email="siv.ek@example.org",
        name="Siv Ek",
        access="reader",
        is_active=True,
        last_login="2026-05-04T08:30:00Z",
        created_at="2026-01-01T08:00:00Z",
        version=1,
    )

    id: int
    email: str
    name: str
    access: str
    is_active: bool
    last_login: dt.datetime | None
    created_at: dt.datetime
    version: int


class UserIn(Strict):
    """A user who is to be."""

    model_config = example(email="siv.ek@example.org", name="Siv Ek", access="reader")

    email: str
    name: str = ""
    access: str = "reader"


class UserChange(Strict):
    """What is to be altered of a user."""

    model_config = example(access="administrator")

    name: str | None = None
    access: str | None = None
    is_active: bool | None = None


class SignInLinkOut(Schema):
    """A one-time sign-in link, given only now."""

    link: str


class MeChange(Strict):
    """What one may alter of oneself. `language`: sv, en. `theme`: empty (as the system has it), light, dark."""

    model_config = example(name="Siv Ek", language="sv", theme="dark")

    name: str | None = None
    language: str | None = None
    theme: str | None = None


class TokenOut(Schema):
    """A token of one's own; its text was shown when it was made and is nowhere now."""

    model_config = example(
        id=5,
        name="Nattlig export",
        prefix="hh_a1b2c3d4",
        scopes=["read"],
        created_at="2026-05-04T08:30:00Z",
        expires_at="2027-05-04T08:30:00Z",
        last_used_at=None,
        ended_at=None,
    )

    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: dt.datetime
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    ended_at: dt.datetime | None


@me_router.get("", response={200: MeOut, **ERRORS}, summary="Say who I am here")
@needs(AccountPermission.ME_VIEW)
def me(request: HttpRequest) -> MeOut:
    """The caller, with the rights that he has today."""
    only_known(request)
    caller = caller_of(request)
    return me_data(caller)


def me_data(caller: Caller) -> MeOut:
    """The caller in the shape of MeOut; what he has chosen himself as it stands now."""
    user = _user(caller.user_id or 0)
    return MeOut(
        user=user.pk, email=user.email, name=str(user), level=caller.level.name.lower(), person=caller.person_id,
        member_of=sorted(caller.member_of), leads=sorted(caller.leads),
        scopes=sorted(caller.scopes) if caller.scopes is not None else None,
        language=user.language or settings.LANGUAGE_CODE, theme=user.theme,
    )  # fmt: skip


@me_router.patch("", response={200: MeOut, **ERRORS}, summary="Change my name, language or theme")
@needs(AccountPermission.ME_CHANGE)
def patch_me(request: HttpRequest, data: MeChange) -> MeOut:
    """What is left out stays. Nobody else writes these, so they need no If-Match."""
    only_known(request)
    caller = caller_of(request)
    change_me(_user(caller.user_id or 0), by=caller, **data.dict(exclude_none=True))
    return me_data(caller)


def token_data(token: Token) -> dict[str, Any]:
    """A token as the API gives it, without any secret."""
    return {name: getattr(token, name) for name in TokenOut.model_fields}


TOKENS = Listing(TokenOut, {"-id": "pk", "name": "name"}, token_data)


@me_router.get("/tokens", response={200: PageOut[TokenOut], **ERRORS}, summary="List my tokens")
@needs(AccountPermission.ME_VIEW)
def tokens(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """Newest first, ended ones too. The text of a token stands nowhere: it was shown once, when it was made."""
    caller = caller_of(request)
    return TOKENS.answer(request, asked, Token.objects.filter(user_id=caller.user_id or 0))


@me_router.delete("/tokens/{int:token_id}", response={204: None, **ERRORS}, summary="End one of my tokens")
@needs(AccountPermission.TOKEN_MANAGE_OWN)
def drop_token(request: HttpRequest, token_id: int) -> Status[None]:
    """It can be used no more. One's own only."""
    only_known(request)
    caller = caller_of(request)
    found = Token.objects.filter(user_id=caller.user_id or 0, pk=min(token_id, 2**63 - 1)).first()
    if found is None:
        raise NotFound(_("There is no such token."), where=str(token_id)[:30])
    end_token(found, by=caller)
    return Status(204, None)


def user_data(user: User) -> dict[str, Any]:
    """A user as the API gives it."""
    return {name: getattr(user, name) for name in UserOut.model_fields}


USERS = Listing(UserOut, {"name": "name", "email": "email", "id": "pk"}, user_data)


@router.get("", response={200: PageOut[UserOut], **ERRORS}, summary="List users")
@needs(AccountPermission.USER_VIEW)
def users(request: HttpRequest, asked: Query[ListAsked], q: Annotated[str, Field(max_length=200)] = "") -> Any:
    """By name; `q` stands in the name or the address."""
    wanted = q.strip()
    rows = User.objects.filter(Q(email__icontains=wanted) | Q(name__icontains=wanted)) if wanted else User.objects.all()
    return USERS.answer(request, asked, rows, "q")


@router.post("", response={201: UserOut, **ERRORS}, summary="Make a user")
@needs(AccountPermission.USER_MANAGE)
def add_user(request: HttpRequest, response: HttpResponse, data: UserIn) -> Status[User]:
    """A new user, who has no password yet: make a link."""
    made = create_user(data.email, by=caller_of(request), name=data.name, access=data.access)
    etag(response, made.version)
    return Status(201, made)


@router.get("/{int:user_id}", response={200: UserOut, **ERRORS}, summary="Read a user")
@needs(AccountPermission.USER_VIEW)
def user(request: HttpRequest, response: HttpResponse, user_id: int) -> User:
    """With its version as ETag."""
    only_known(request)
    account = _user(user_id)
    etag(response, account.version)
    return account


@router.patch("/{int:user_id}", response={200: UserOut, **WRITE_ERRORS}, summary="Change a user")
@needs(AccountPermission.USER_MANAGE)
def patch_user(request: HttpRequest, response: HttpResponse, user_id: int, data: UserChange) -> User:
    """Name, access, or whether he can sign in. Needs If-Match."""
    account = _user(user_id)
    change_user(account, by=caller_of(request), version=version_asked(request), **data.dict(exclude_none=True))
    etag(response, account.version)
    return account


@router.post("/{int:user_id}/link", response={201: SignInLinkOut, **ERRORS}, summary="Make a one-time sign-in link")
@needs(AccountPermission.USER_MANAGE)
def add_link(request: HttpRequest, user_id: int) -> Status[SignInLinkOut]:
    """Earlier links that nobody used end."""
    return Status(201, SignInLinkOut(link=sign_in_link(_user(user_id), by=caller_of(request))))


def _user(user_id: int) -> User:
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound(f"There is no user {user_id}.", where=str(user_id))
    return found
