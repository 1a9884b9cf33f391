from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.exchange.format.kinds import KINDS


def kind_choices() -> list[tuple[str, object]]:
    return [(kind.code, kind.name) for kind in KINDS.values()]


class CheckForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A JSON file with one object, a list of objects, a JSON-LD graph or a page of a feed."),
    )
