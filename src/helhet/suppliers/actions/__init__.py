"""What people do with suppliers and contracts."""

from helhet.suppliers.actions.contact import add_contact, change_contact, end_contact
from helhet.suppliers.actions.contract import change_contract, create_contract, set_levels
from helhet.suppliers.actions.delivery import remove_delivery, state_delivery
from helhet.suppliers.actions.supplier import change_supplier, create_supplier, end_supplier, return_supplier

__all__ = [
    "add_contact",
    "change_contact",
    "change_contract",
    "change_supplier",
    "create_contract",
    "create_supplier",
    "end_contact",
    "end_supplier",
    "remove_delivery",
    "return_supplier",
    "set_levels",
    "state_delivery",
]
