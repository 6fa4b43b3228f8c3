"""Django's entry for this room."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """The room `groups`."""

    name = "helhet.groups"
    label = "groups"
    default_auto_field = "django.db.models.BigAutoField"
