"""Django's entry for this room."""

from django.apps import AppConfig

from helhet.kit.house_words import speak
from helhet.kit.lookups import register


class KitConfig(AppConfig):
    """The room `kit`."""

    name = "helhet.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give columns their lookups, and sentences the house's words."""
        register()
        speak()
