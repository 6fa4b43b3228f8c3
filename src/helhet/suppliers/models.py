"""Suppliers, whom to call there, contracts with their agreed levels, and what each delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from helhet.items.models import Item, Presence
from helhet.suppliers.permissions import SupplierPermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Suppliers as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The suppliers that the caller may see: the one door for reading."""
        here = self.filter(item__presence=Presence.HERE)
        return here if caller.may(SupplierPermission.VIEW) else here.none()


class Supplier(models.Model):
    """Somebody outside who delivers. Its name, reference (`LEV-3`) and responsible group are its item's."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="as_supplier")
    organisation_number = models.CharField(max_length=40, blank=True)
    web = models.URLField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        """By name."""

        ordering = ("item__name_key", "item_id")

    def __str__(self) -> str:
        """Name and reference."""
        return str(self.item)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("suppliers:supplier", args=[self.item.reference])


class ContactUse(models.TextChoices):
    """What a contact is for."""

    SUPPORT = "support"
    ESCALATION = "escalation"
    CONTRACT = "contract"
    OTHER = "other"


class Contact(models.Model):
    """Whom to call at a supplier, for what, and when. `role` before `name`: people leave, roles stay."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="contacts")
    use = models.CharField(max_length=20, default=ContactUse.SUPPORT)
    role = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    web = models.URLField(max_length=300, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of calling."""

        ordering = ("position", "id")

    def __str__(self) -> str:
        """The role, and the name where there is one."""
        return f"{self.role}, {self.name}" if self.name else self.role


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts as people may see them."""

    def visible_to(self, caller: Caller) -> Self:
        """The contracts that the caller may see: the one door for reading."""
        here = self.filter(item__presence=Presence.HERE)
        return here if caller.may(SupplierPermission.VIEW) else here.none()


class Contract(models.Model):
    """What a supplier and we have signed. Its name and reference (`AGR-3`) are its item's; days are inclusive.

    `notice_months` before `ends_on` is the last day to end it.
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="as_contract")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=100, blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    notice_months = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContractQuerySet.as_manager()

    class Meta:
        """By name; a contract does not end before it begins."""

        ordering = ("item__name_key", "item_id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(begins_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="contract_ends_after",
            ),
        )

    def __str__(self) -> str:
        """Name and reference."""
        return str(self.item)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("suppliers:contract", args=[self.item.reference])


class AgreedLevel(models.Model):
    """What the supplier promises under a contract: a measure, its target as written, and when it counts."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="levels")
    measure = models.CharField(max_length=200)
    target = models.CharField(max_length=200)
    hours = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """As the contract lists them."""

        ordering = ("position", "id")

    def __str__(self) -> str:
        """Measure and target."""
        return f"{self.measure}: {self.target}"


class Delivery(models.Model):
    """This supplier delivers this item (a service, a product, a component), perhaps under this contract."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="deliveries")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="deliveries")
    contract = models.ForeignKey(Contract, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        """A delivery is stated once."""

        constraints = (models.UniqueConstraint(fields=("supplier", "item"), name="delivery_once"),)

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.supplier_id} delivers {self.item_id}"
