"""Django's entry for this room."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    """The room `items`."""

    name = "helhet.items"
    label = "items"
    default_auto_field = "django.db.models.BigAutoField"
