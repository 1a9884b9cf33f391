from django.apps import AppConfig
from django.db.models import fields
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    name = "servanda.kit"

    def ready(self) -> None:
        """Django's own words for an empty choice are not there in all our languages."""
        fields.BLANK_CHOICE_LABEL = _("Choose one")
