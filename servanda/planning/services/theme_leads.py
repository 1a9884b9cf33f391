"""The table of who usually leads on which theme."""

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.planning.models import ThemeLead
from servanda.trail.models import Event
from servanda.vocab.models import Term


@transaction.atomic
def add_theme_lead(*, term: Term, institution: Institution, by: User) -> ThemeLead:
    """From now on this institution is suggested where a record has the label and nothing else tells who leads."""
    lead, is_new = ThemeLead.objects.get_or_create(term=term, institution=institution, defaults={"said_by": by})
    if not is_new:
        raise Refused(_("The table says so already."))
    Event.record("theme-lead-added", institution, by=by, difference={"theme": ["", str(term)]})
    return lead


@transaction.atomic
def remove_theme_lead(*, lead: ThemeLead, by: User) -> None:
    """The table no longer says so; assignments stay as they are."""
    Event.record("theme-lead-removed", lead.institution, by=by, difference={"theme": [str(lead.term), ""]})
    lead.delete()
