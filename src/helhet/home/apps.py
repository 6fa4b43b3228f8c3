"""Django's entry for this room."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The room `home`."""

    name = "helhet.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"
