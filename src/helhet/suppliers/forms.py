"""What people fill in about suppliers, contacts and contracts. The verbs check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helhet.groups.forms import group_choices
from helhet.items.models import Item
from helhet.kit.forms import DayInput, ThingInput, VersionedForm
from helhet.suppliers.models import ContactUse, Contract, Supplier

USES = {
    ContactUse.SUPPORT: pgettext_lazy("contact", "support"),
    ContactUse.ESCALATION: pgettext_lazy("contact", "escalation"),
    ContactUse.CONTRACT: pgettext_lazy("contact", "the contract"),
    ContactUse.OTHER: pgettext_lazy("contact", "other"),
}


def use_label(use: str) -> str:
    """What a contact is for, in the reader's language."""
    return str(USES.get(ContactUse(use), use) if use in ContactUse.values else use)


def supplier_choices() -> list[tuple[str, str]]:
    """The suppliers by reference, after an empty choice."""
    rows = Item.objects.filter(kind__key="supplier", presence=0).order_by("name_key", "id").select_related("kind")
    return [("", "–"), *((one.reference, str(one)) for one in rows)]


def contract_choices(supplier: Supplier) -> list[tuple[str, str]]:
    """The contracts of a supplier by reference, after an empty choice."""
    rows = Contract.objects.filter(supplier_id=supplier.pk, item__presence=0).select_related("item")
    return [("", "–"), *((one.item.reference, str(one)) for one in rows)]


def _line(label: Any, limit: int, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=required, help_text=help_text)


def _note() -> forms.CharField:
    return forms.CharField(label=_("Note"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))


def _set_choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class MaybeNew(VersionedForm):
    """A form of a thing that may be new, and then has no version but may be given a group."""

    group = forms.ChoiceField(
        label=_("Group that answers"), required=False, help_text=_("With none the responsibility rules decide.")
    )

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        """`is_new`: it is made, not changed."""
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["version"]
            _set_choices(self, "group", group_choices())
        else:
            del self.fields["group"]


class SupplierForm(MaybeNew):
    """A supplier."""

    name = _line(_("Name"), 300, required=True)
    organisation_number = _line(_("Organisation number"), 40)
    web = _line(_("Web address"), 300)
    note = _note()
    field_order = ("name", "group")


class EndForm(VersionedForm):
    """Why a supplier ends."""

    reason = _line(_("Why"), 400)


class ContactForm(VersionedForm):
    """Somebody to call."""

    role = _line(_("Role"), 200, required=True, help_text=_("Such as support or on call: people leave, roles stay."))
    name = _line(_("Name"), 200)
    use = forms.ChoiceField(label=_("For"), choices=[(one.value, label) for one, label in USES.items()])
    phone = _line(_("Phone"), 60)
    email = _line(_("E-mail address"), 254)
    web = _line(_("Web address"), 300)
    hours = _line(_("Hours"), 200, help_text=_("Such as weekdays 8 to 17, or day and night."))
    place = forms.IntegerField(
        label=_("Place in the order of calling"), required=False, min_value=1, max_value=1_000,
        help_text=_("1 is called first. Empty is last."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        """A new contact has no version."""
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["version"]


class ContractForm(MaybeNew):
    """A contract."""

    name = _line(_("Name"), 300, required=True)
    supplier = forms.ChoiceField(label=_("Supplier"))
    number = _line(
        pgettext_lazy("contract", "Number"), 100, help_text=_("As it stands on the paper, or in the registry.")
    )
    begins_on = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), help_text=_("Empty is until further notice.")
    )
    notice_months = forms.IntegerField(label=_("Months of notice"), required=False, min_value=0, max_value=120)
    note = _note()
    field_order = ("name", "supplier", "group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With any of the suppliers."""
        super().__init__(*args, **kwargs)
        _set_choices(self, "supplier", supplier_choices())


class DeliveryForm(forms.Form):
    """What a supplier delivers."""

    item = forms.CharField(
        label=_("Item"), max_length=300, widget=ThingInput(),
        help_text=_("The reference, such as SRV-12; write the beginning of the name to find it."),
    )  # fmt: skip
    contract = forms.ChoiceField(label=_("Under the contract"), required=False)
    note = _line(_("Note"), 300)

    def __init__(self, *args: Any, supplier: Supplier, **kwargs: Any) -> None:
        """Under one of the supplier's own contracts."""
        super().__init__(*args, **kwargs)
        _set_choices(self, "contract", contract_choices(supplier))
