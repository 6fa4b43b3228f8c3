"""Django's entry for this room."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The room `kit`."""

    name = "helhet.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"
