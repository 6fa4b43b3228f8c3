"""Users (who can sign in), one-time sign-in links and API tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.kit.rights import Scope


class Access(models.TextChoices):
    """What a user may do at least; memberships of groups add to it."""

    NONE = "none"
    READER = "reader"
    ADMINISTRATOR = "administrator"


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with an address; without a password only one-time links let him in."""
        user = self.model(email=self.normalize(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def by_email(self, email: str) -> User | None:
        """The user with this address, whatever its case."""
        return self.filter(email=self.normalize(email)).first()

    @staticmethod
    def normalize(email: str) -> str:
        """Addresses are kept in lower case: two that differ in case alone are one mailbox in practice."""
        return email.strip().lower()


class User(AbstractBaseUser):
    """Who can sign in. The person in the organisation is a noun of `groups`."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    access = models.CharField(max_length=20, default=Access.READER)
    language = models.CharField(max_length=5, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        """The name, or the address where no name is given."""
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with every `end`, so that all sessions end at once."""
        return hmac.new(
            settings.SECRET_KEY.encode(), f"{super().get_session_auth_hash()}:{self.ended_at}".encode(), hashlib.sha256
        ).hexdigest()


def digest(secret: str) -> str:
    """The keyed hash under which a token or link is kept."""
    return hmac.new(settings.SECRET_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()


class SignInLink(models.Model):
    """A link that signs one user in, once, before it expires. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Whose it is."""
        return f"link of {self.user_id}"


SCOPE_WORDS = {Scope.READ: _("read"), Scope.WRITE: _("change"), Scope.ADMIN: _("administer")}


class Token(models.Model):
    """An API token: shown once, kept as a hash, limited by scopes and by its owner's rights at the time of use."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """Its name and the part that may be shown."""
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_valid(self) -> bool:
        """Whether it may be used now, its owner's state apart."""
        return self.ended_at is None and self.expires_at > timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        """What it may be used to, in the reader's words."""
        return [str(SCOPE_WORDS[scope]) for scope in Scope if scope in self.scopes]

    def answers_to(self, secret: str) -> bool:
        """Whether this is the token's secret; takes the same time whether it is or not."""
        return hmac.compare_digest(self.hash, digest(secret))


class Attempt(models.Model):
    """Counter of tries to sign in, per account or address and window of time."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    window_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """The count."""
        return str(self.count)


def new_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


LINK_LIFE = dt.timedelta(hours=24)
TOKEN_LIFE = dt.timedelta(days=365)
