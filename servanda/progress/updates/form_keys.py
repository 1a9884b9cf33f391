"""A form carries a key, so that one that is sent twice makes one row; the key belongs to who sent it first."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.progress.models import Update

SENT_ALREADY = _("This form was sent already, from another page or account. Open the form again and send it.")


def refuse_form_of_others(sender: User | None, by: User | None) -> None:
    if sender != by:
        raise Refused(SENT_ALREADY)


def create_once(form_key: UUID | None, fields: dict) -> tuple[Update, bool]:
    """The update that this form makes, and whether it is new. Raises `Refused` where somebody else sent the form."""
    if form_key is None:
        return Update.objects.create(**fields), True
    update, is_new = Update.objects.get_or_create(form_key=form_key, defaults=fields)
    refuse_form_of_others(update.written_by, fields["written_by"])
    return update, is_new
