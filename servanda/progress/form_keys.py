"""A form carries a key, so that one that is sent twice makes one row; the key belongs to who sent it first."""

from django.utils.translation import gettext_lazy as _

from servanda.kit.refusal import Refused
from servanda.people.models import User

SENT_ALREADY = _("This form was sent already, from another page or account. Open the form again and send it.")


def refuse_form_of_others(sender: User | None, by: User | None) -> None:
    if sender != by:
        raise Refused(SENT_ALREADY)
