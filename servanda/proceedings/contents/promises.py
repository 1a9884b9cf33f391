"""Measures that the State promised in its reply: actions of the plan, followed up like any other one."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Institution, User
from servanda.planning.actions.rules import ActionValues
from servanda.planning.actions.services import add_action, restrict_action
from servanda.planning.models import Action
from servanda.proceedings.models import Proceeding, PromisedMeasure
from servanda.proceedings.rules import lock_kept, refuse_erased, refuse_unless_running
from servanda.trail.models import Event


@transaction.atomic
def add_promised_measure(
    *, proceeding: Proceeding, title: str, lead: Institution, due_on: date | None, by: User
) -> Action:
    """Add an action that only the mechanism and its lead see; also to a closed proceeding, because its reply is kept.

    Raises `Refused` if the proceeding is withdrawn or erased, `FieldRefused` for an institution that it does not
    name, and as `add_action` does.
    """
    refuse_unless_running(by)
    proceeding = lock_kept(proceeding)
    refuse_erased(proceeding)
    if not proceeding.named.filter(institution=lead).exists():
        sentence = _("%(institution)s is not named here. Name it first.")
        raise FieldRefused("lead", sentence % {"institution": lead})
    action = add_action(values=ActionValues(title=title, lead=lead, due_on=due_on), by=by)
    action = restrict_action(action=action, is_restricted=True, by=by)
    PromisedMeasure.objects.create(proceeding=proceeding, action=action)
    Event.record("measure-promised", proceeding, by=by, difference={"action": ["", action.code]})
    return action


@transaction.atomic
def open_promised_measure(*, measure: PromisedMeasure, by: User) -> None:
    """Show the action to all internal users, once the body has published the letter. That it was promised here stays
    confidential. Raises `Refused` before that, or if it is open already."""
    refuse_unless_running(by)
    proceeding = lock_kept(measure.proceeding)
    if proceeding.published_on is None:
        raise Refused(_("Record the publication by the body first."))
    if not measure.action.is_restricted:
        raise Refused(_("All internal users can already see this action."))
    restrict_action(action=measure.action, is_restricted=False, by=by)
