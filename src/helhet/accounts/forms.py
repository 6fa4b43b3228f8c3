"""What people fill in about accounts. Forms check shape; the verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from helhet.accounts.models import Access
from helhet.kit.forms import VersionedForm
from helhet.kit.rights import Scope

ACCESS = [
    (Access.READER, _("Reader, and what the memberships give")),
    (Access.ADMINISTRATOR, _("Administrator")),
    (Access.NONE, _("None")),
]
DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year"))]
SCOPES = [
    (Scope.READ, _("Read")),
    (Scope.WRITE, _("Change what its owner may change")),
    (Scope.ADMIN, _("Administer, where its owner is an administrator")),
]


def _password(label: Any, *, new: bool, help_text: Any = "", required: bool = True) -> forms.CharField:
    complete = "new-password" if new else "current-password"
    return forms.CharField(
        label=label, required=required, strip=False, help_text=help_text, max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": complete, "class": "form-control"}),
    )  # fmt: skip


def _email() -> forms.CharField:
    return forms.CharField(
        label=_("E-mail address"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "class": "form-control", "inputmode": "email"}),
    )  # fmt: skip


class SignInForm(forms.Form):
    """Address and password."""

    email = _email()
    password = _password(_("Password"), new=False)


class IntroductionForm(forms.Form):
    """What the first sign-in asks for."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = _email()
    password = _password(_("Choose a password"), new=True, help_text=_("At least 12 characters. A sentence is fine."))

    def __init__(self, *args: Any, asks_email: bool, **kwargs: Any) -> None:
        """`asks_email`: only the first administrator has no address of his own yet."""
        super().__init__(*args, **kwargs)
        if not asks_email:
            del self.fields["email"]


class NameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PasswordForm(forms.Form):
    """Another password."""

    old = _password(_("Password until now"), new=False)
    new = _password(_("New password"), new=True, help_text=_("At least 12 characters. A sentence is fine."))

    def __init__(self, *args: Any, asks_old: bool, **kwargs: Any) -> None:
        """`asks_old`: whoever came by a link may have none."""
        super().__init__(*args, **kwargs)
        if not asks_old:
            del self.fields["old"]


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("May be used to"),
        choices=SCOPES,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Reading always comes along: whoever sees nothing can change nothing."),
    )
    days = forms.ChoiceField(label=_("Is valid for"), choices=DAYS, initial="90")

    def clean_scopes(self) -> list[str]:
        """What may change may also read: whoever sees nothing can change nothing."""
        return [Scope.READ, *(scope for scope in self.cleaned_data["scopes"] if scope != Scope.READ)]


class InvitationForm(forms.Form):
    """A new user."""

    email = _email()
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    access = forms.ChoiceField(label=_("Access"), choices=ACCESS, initial=Access.READER)


class UserForm(VersionedForm):
    """What an administrator may alter of a user."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    access = forms.ChoiceField(label=_("Access"), choices=ACCESS)
