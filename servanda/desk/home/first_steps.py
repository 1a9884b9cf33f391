"""The first steps of a coordinator in a new system; each is ticked by what is there, not by a person."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.people.access import Can, can, requires
from servanda.people.accounts import services as accounts
from servanda.people.models import Appointment, Instance, Institution, User
from servanda.recommendations.models import Recommendation


class Step(NamedTuple):
    title: str
    text: str
    is_done: bool
    href: str  # empty: somebody else does it


def first_steps(user: User) -> list[Step]:
    """Nothing once all are done, or when the person does not want to see them."""
    if user.hides_first_steps or not can(user, Can.MANAGE_PEOPLE):
        return []
    found = list(steps(user))
    return [] if all(step.is_done for step in found) else found


def steps(user: User) -> Iterator[Step]:
    instance, there = Instance.current(), what_is_there(user)
    is_saved, edit = not instance._state.adding, reverse("people:edit_instance")
    may_edit = can(user, Can.EDIT_INSTANCE)
    yield Step(
        _("Name the State and the mechanism"),
        _("The name stands at the head of every page and in every mail.")
        if may_edit
        else _("An administrator does this. The name stands at the head of every page and in every mail."),
        bool(instance.name and instance.state_code),
        edit if may_edit else "",
    )
    yield Step(
        _("Choose the languages of the records"),
        _("In these languages every record should have its text.")
        if may_edit
        else _("An administrator does this. In these languages every record should have its text."),
        is_saved and bool(instance.language_codes()),
        edit if may_edit else "",
    )
    yield Step(
        _("Add the institutions"),
        _("One by one, or all at once with a spreadsheet, which can bring the people too."),
        there["any_institutions"],
        reverse("desk:send_sheet", args=["people"]),
    )
    yield Step(
        _("Bring in the recommendations"),
        _("Send the list of the United Nations, a document or a spreadsheet. You see what would change first."),
        there["any_records"],
        reverse("desk:imports"),
    )
    yield Step(
        _("Invite the focal points"),
        _("The person gets a link by mail, and answers for an institution from the day that you choose."),
        there["any_appointments"],
        reverse("people:invite_person"),
    )


def what_is_there(user: User) -> dict[str, bool]:
    """One question for all of them."""
    things = {
        "any_institutions": Institution.objects.visible_to(user),
        "any_records": Recommendation.objects.visible_to(user),
        "any_appointments": Appointment.objects.visible_to(user),
    }
    asked = {name: Exists(rows.order_by()) for name, rows in things.items()}
    return User.objects.filter(pk=user.pk).values(**asked).get()


@require_POST
@requires(Can.MANAGE_PEOPLE)
def fold_first_steps(request: HttpRequest) -> HttpResponse:
    accounts.fold_first_steps(by=request.user, is_folded="show" not in request.POST)
    return redirect("desk:home")
