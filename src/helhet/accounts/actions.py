"""Letting people in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Self

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.accounts.models import LINK_LIFE, TOKEN_LIFE, Access, Attempt, SignInLink, Token, User, digest, new_secret
from helhet.accounts.permissions import AccountPermission
from helhet.journal.actions import record
from helhet.kit.errors import Forbidden, Invalid, NotFound, Refused
from helhet.kit.ports import Port
from helhet.kit.rights import Caller, Level, Scope, the_system
from helhet.kit.versions import check_version

TRIES = 10
ADDRESS_TRIES = 100
THEMES = ("", "light", "dark")
TRIES_WINDOW = dt.timedelta(minutes=10)
FIRST_ADDRESS = "admin@localhost"

user_written: Port[Callable[[User], None]] = Port("accounts.user_written")
"""Acts in the transaction that gives a user an address."""


def base_url() -> str:
    """The address that people use, for links that leave the pages."""
    return settings.BASE_URL or f"http://{settings.BIND}"


def first_link() -> str | None:
    """A one-time link for the first administrator while nobody has ever signed in, else None."""
    if User.objects.filter(last_login__isnull=False).exists():
        return None
    user = User.objects.filter(access=Access.ADMINISTRATOR, is_active=True).order_by("id").first()
    if user is None:
        user = create_user(FIRST_ADDRESS, access=Access.ADMINISTRATOR, by=the_system("first start"))
    return sign_in_link(user, by=the_system("first start"))


def create_administrator(email: str, *, by: Caller) -> str:
    """Make the user an administrator, made if there is none, and return a one-time link."""
    user = User.objects.by_email(email)
    if user is None:
        user = create_user(email, access=Access.ADMINISTRATOR, by=by)
    else:
        change_user(user, by=by, version=user.version, access=Access.ADMINISTRATOR, is_active=True)
    return sign_in_link(user, by=by)


@transaction.atomic
def create_user(
    email: str, *, by: Caller, name: str = "", access: str = Access.READER, password: str | None = None
) -> User:
    """A new user. Raises Invalid for an address that is none, or is taken."""
    by.require(AccountPermission.USER_MANAGE)
    email = UserEmail(email)
    if User.objects.by_email(email):
        raise Invalid(_("There is a user with the address %(email)s already.") % {"email": email}, field="email")
    _check_access(access)
    user = User.objects.create_user(email, password, name=name.strip()[:200], access=access)
    record("accounts.user.created", "user", user.pk, by=by, after={"email": email, "access": str(access)})
    _tell(user)
    return user


def _check_access(access: str) -> None:
    if access not in Access.values:
        raise Invalid(
            _("“%(access)s” is no access.") % {"access": access[:40]}, field="access",
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(Access)},
        )  # fmt: skip


def _tell(user: User) -> None:
    for participant in user_written:
        participant(user)


class UserEmail(str):
    """An address in lower case that can be one."""

    __slots__ = ()

    def __new__(cls, email: str) -> Self:
        """Check it. Raises Invalid."""
        email = email.strip().lower()
        local = email.endswith("@localhost") and email.count("@") == 1 and len(email) > len("@localhost")
        try:
            if not local:
                validate_email(email)
        except ValidationError as error:
            raise Invalid(
                _("%(email)s is no e-mail address.") % {"email": email or "–"},
                todo=_("Write it as name@example.org."),
                field="email",
            ) from error
        return str.__new__(cls, email)


@transaction.atomic
def change_user(user: User, *, by: Caller, version: int | None, **fields: object) -> None:
    """Set name, access or is_active. Ending the sign-in ends sessions and tokens at once.

    Raises VersionMissing without the version that the change was made from, Stale when that is no longer the current.
    """
    by.require(AccountPermission.USER_MANAGE)
    user.refresh_from_db(from_queryset=User.objects.select_for_update())
    check_version(user, version, user)
    allowed = {"name", "access", "is_active"}
    if unknown := set(fields) - allowed:
        raise Invalid(f"unknown fields: {sorted(unknown)}")
    _check_access(str(fields.get("access", Access.READER)))
    before = {name: getattr(user, name) for name in fields}
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(user, name, value)
    user.version += 1
    if changed.get("is_active") is False:
        _end(user)
    user.save()
    _keep_an_administrator()
    record("accounts.user.changed", "user", user.pk, by=by, before={k: before[k] for k in changed}, after=dict(changed))


@transaction.atomic
def end_sign_in(user: User, *, by: Caller, reason: str = "") -> None:
    """A user who leaves can sign in no more; sessions, tokens and links end at once. An administrator's sign-in is
    ended by an administrator.
    """
    by.require(AccountPermission.USER_MANAGE if user.access == Access.ADMINISTRATOR else AccountPermission.USER_END)
    if user.is_active:
        user.version += 1
        _end(user)
        record("accounts.user.ended", "user", user.pk, by=by, reason=reason)


def _end(user: User) -> None:
    user.is_active = False
    user.ended_at = timezone.now()
    user.tokens.filter(ended_at__isnull=True).update(ended_at=user.ended_at)
    SignInLink.objects.filter(user=user, used_at__isnull=True).update(used_at=user.ended_at)
    user.save()
    _keep_an_administrator()


def _keep_an_administrator() -> None:
    if not User.objects.filter(access=Access.ADMINISTRATOR, is_active=True).exists():
        raise Invalid(_("There must be an administrator."), todo=_("Make another user administrator first."))


@transaction.atomic
def sign_in_link(user: User, *, by: Caller, life: dt.timedelta = LINK_LIFE) -> str:
    """An address that signs the user in once. Earlier unused links of the user end."""
    by.require(AccountPermission.USER_MANAGE)
    now = timezone.now()
    SignInLink.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
    secret = new_secret()
    SignInLink.objects.create(user=user, hash=digest(secret), expires_at=now + life)
    record("accounts.link.made", "user", user.pk, by=by)
    return base_url() + reverse("accounts:link", args=[secret])


@transaction.atomic
def use_link(secret: str) -> User:
    """The user that the link lets in, once. Raises NotFound for a link that is unknown, used or too old."""
    link = SignInLink.objects.select_for_update().select_related("user").filter(hash=digest(secret)).first()
    if not link or link.used_at or link.expires_at < timezone.now() or not link.user.is_active:
        raise NotFound(_("This link has been used or is too old."), todo=_("Ask an administrator for a new one."))
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return link.user


@transaction.atomic
def make_token(
    user: User, *, by: Caller, name: str, scopes: list[str], life: dt.timedelta = TOKEN_LIFE
) -> tuple[Token, str]:
    """A new token and its text, which is shown now and never again. Nobody makes a token for another."""
    if by.user_id != user.pk and by.level < Level.ADMINISTRATOR:
        raise Forbidden(_("A token is made by its owner."))
    by.require(AccountPermission.TOKEN_MANAGE_OWN)
    if not scopes or set(scopes) - set(Scope):
        raise Invalid(
            _("A token needs one or more of the scopes read, write and admin."), field="scopes", given=list(scopes)
        )
    if not dt.timedelta(0) < life <= TOKEN_LIFE:
        raise Invalid(_("A token lives for at most a year."), field="expires")
    prefix, secret = "hh_" + new_secret()[:8].replace("-", "a").replace("_", "b"), new_secret()
    token = Token.objects.create(
        user=user,
        name=name.strip()[:100] or _("Token"),
        prefix=prefix,
        hash=digest(secret),
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + life,
    )
    record("accounts.token.made", "user", user.pk, by=by, after={"prefix": prefix, "scopes": token.scopes})
    return token, f"{prefix}.{secret}"


@transaction.atomic
def end_token(token: Token, *, by: Caller) -> None:
    """The token can be used no more."""
    if by.user_id != token.user_id:
        by.require(AccountPermission.USER_MANAGE)
    if token.ended_at is None:
        token.ended_at = timezone.now()
        token.save(update_fields=["ended_at"])
        record("accounts.token.ended", "user", token.user_id, by=by, after={"prefix": token.prefix})


def token_of(text: str) -> Token | None:
    """The valid token with this text whose owner may sign in, else None."""
    prefix, dot, secret = text.partition(".")
    if not dot:
        return None
    token = Token.objects.select_related("user").filter(prefix=prefix).first()
    if token is None or not token.answers_to(secret) or not token.is_valid or not token.user.is_active:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > dt.timedelta(minutes=10):
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def may_try(key: str, tries: int = TRIES) -> bool:
    """Count one try to sign in under this key (an account, an address); False when there were too many lately."""
    now = timezone.now()
    key = digest(key)
    with transaction.atomic():
        Attempt.objects.bulk_create([Attempt(key=key)], ignore_conflicts=True)
        Attempt.objects.filter(key=key, window_at__lt=now - TRIES_WINDOW).update(count=0, window_at=now)
        return bool(Attempt.objects.filter(key=key, count__lt=tries).update(count=F("count") + 1))


def has_tried_too_often(key: str, tries: int = TRIES) -> bool:
    """Whether there were too many tries under this key lately; asking counts none."""
    lately = timezone.now() - TRIES_WINDOW
    return Attempt.objects.filter(key=digest(key), window_at__gte=lately, count__gte=tries).exists()


def forgive(key: str) -> None:
    """Forget the tries under a key: whoever signed in is no guesser."""
    Attempt.objects.filter(key=digest(key)).delete()


def try_to_sign_in(email: str, password: str, *, address: str) -> User | None:
    """The user whom these let in, else None, whatever was wrong. Raises TooMany when there were too many tries lately,
    for this account or from this address.
    """
    email = email.strip().lower()
    account, place = f"account:{email}", f"address:{address}"
    if not (may_try(place, ADDRESS_TRIES) and may_try(account)):
        raise TooMany(
            _("There have been too many tries."), todo=_("Wait ten minutes, or ask an administrator for a link.")
        )
    user = authenticate(username=email, password=password)
    if not isinstance(user, User) or user.access == Access.NONE:
        return None
    forgive(account)
    return user


class TooMany(Refused):
    """Too many tries lately."""

    status = 429
    code = "too_many"


@transaction.atomic
def introduce(user: User, *, by: Caller, name: str, email: str, password: str) -> None:
    """Who signs in for the first time says his name and chooses a password; the first administrator also his
    address.
    """
    _require_self(user, by)
    email = UserEmail(email) if user.email == FIRST_ADDRESS else user.email
    if email != user.email and User.objects.by_email(email):
        raise Invalid(_("There is a user with the address %(email)s already.") % {"email": email}, field="email")
    user.email = email
    user.name = _checked_name(name)
    user.version += 1
    _set_password(user, password)
    user.save()
    record("accounts.user.introduced", "user", user.pk, by=by, after={"name": user.name, "email": user.email})
    _tell(user)


@transaction.atomic
def change_me(user: User, *, by: Caller, **fields: str) -> None:
    """Set one's own name, language (sv, en) or theme (empty: as the system, light, dark)."""
    _require_self(user, by)
    for name, value in fields.items():
        if name == "name":
            user.name = _checked_name(value)
            user.version += 1
        elif name == "language" and value in dict(settings.LANGUAGES):
            user.language = value
        elif name == "theme" and value in THEMES:
            user.theme = value
        else:
            raise Invalid(_("%(value)s cannot be chosen.") % {"value": value}, field=name)
    user.save(update_fields=[*fields, "version"])


@transaction.atomic
def change_password(user: User, *, by: Caller, old: str, new: str) -> None:
    """Choose another password; the one until now must be given where there is one. Other sessions end."""
    _require_self(user, by)
    if user.has_usable_password() and not user.check_password(old):
        raise Invalid(_("This is not the password until now."), field="old")
    _set_password(user, new, field="new")
    user.save(update_fields=["password"])
    record("accounts.password.changed", "user", user.pk, by=by)


@transaction.atomic
def end_sessions(user: User, *, by: Caller) -> None:
    """All sessions of the user end at once. The caller's own must be renewed by whoever calls this."""
    if by.user_id != user.pk:
        by.require(AccountPermission.USER_MANAGE)
    user.ended_at = timezone.now()
    user.save(update_fields=["ended_at"])
    record("accounts.sessions.ended", "user", user.pk, by=by)


def _require_self(user: User, by: Caller) -> None:
    by.require(AccountPermission.ME_CHANGE)
    if by.user_id != user.pk:
        raise Forbidden(_("This is somebody else's."))


def _checked_name(name: str) -> str:
    text = " ".join(name.split())
    if not text or len(text) > 200:
        raise Invalid(_("A name has 1 to 200 characters."), field="name")
    return text


def _set_password(user: User, password: str, field: str = "password") -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field=field) from error
    user.set_password(password)
