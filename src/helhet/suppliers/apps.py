"""Django's entry for this room."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """The room `suppliers`."""

    name = "helhet.suppliers"
    label = "suppliers"
    default_auto_field = "django.db.models.BigAutoField"
