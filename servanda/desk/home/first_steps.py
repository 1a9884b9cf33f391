"""The first steps of a coordinator in a new system; each is done as soon as its objects exist."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.imports.histories import HISTORIES
from servanda.desk.imports.queries import files_sent, first_step
from servanda.intake.models import Batch
from servanda.people.access import Can, can, requires
from servanda.people.accounts import services as accounts
from servanda.people.models import Appointment, Instance, Institution, User
from servanda.vocab.models import Country

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Card(NamedTuple):
    """One of several ways to take a step."""

    title: "StrOrPromise"
    text: "StrOrPromise"
    href: str


class Step(NamedTuple):
    title: str
    text: str
    is_done: bool
    href: str  # empty if another person has to do it, or if there are cards
    states: Sequence[tuple[str, str]] = ()  # code and name, where the step begins with a State
    cards: Sequence[Card] = ()
    begun: Card | None = None  # where to continue


def first_steps(user: User) -> list[Step]:
    """The steps; empty if all are done, or the person has hidden them."""
    if user.hides_first_steps or not can(user, Can.MANAGE_PEOPLE):
        return []
    all_steps = list(steps(user))
    return [] if all(step.is_done for step in all_steps) else all_steps


def steps(user: User) -> Iterator[Step]:
    instance, present = Instance.current(), what_exists(user)
    is_saved, edit = not instance._state.adding, reverse("people:edit_instance")
    may_edit = can(user, Can.EDIT_INSTANCE)
    yield Step(
        _("Enter the State and the mechanism"),
        _("Select the State: it proposes the name, the languages, the regional bodies and the time zone.")
        if may_edit
        else _("An administrator does this. The name is shown on every page and in every e-mail."),
        bool(instance.name and instance.state_code),
        edit if may_edit else "",
        states() if may_edit and not instance.state_code else (),
    )
    yield Step(
        _("Choose the languages of the records"),
        _("Each record should have a text in these languages.")
        if may_edit
        else _("An administrator does this. Each record should have a text in these languages."),
        is_saved and bool(instance.language_codes()),
        edit if may_edit else "",
    )
    yield history(user, is_done=present["any_applied"], waiting=present["waiting"])
    yield Step(
        _("Add the institutions"),
        _("One by one, or all at once from a spreadsheet, which can also include their people."),
        present["any_institutions"],
        reverse("desk:send_sheet", args=["people"]),
    )
    yield Step(
        _("Invite the focal points"),
        _("The person receives a link by e-mail and is appointed to an institution from the date you choose."),
        present["any_appointments"],
        reverse("people:invite_person"),
    )


def history(user: User, *, is_done: bool, waiting: int | None) -> Step:
    """What the register begins with: done when a file has been applied, whatever its kind."""
    imports = reverse("desk:imports")
    return Step(
        _("Bring your history"),
        _("Begin with one of these files. You see a preview before anything changes, and can undo each import."),
        is_done,
        "",
        cards=[Card(kind.title, kind.text, f"{imports}?history={kind.key}") for kind in HISTORIES.values()],
        begun=None if is_done or waiting is None else begun(files_sent(user).get(pk=waiting)),
    )


def begun(batch: Batch) -> Card:
    title = _("Continue with “%(file)s”") % {"file": batch.name}
    return Card(title, batch.get_state_display(), reverse(first_step(batch), args=[batch.key]))


def states() -> list[tuple[str, str]]:
    """The States in the order of their names in the language of the page."""
    named = [(country.code, str(country)) for country in Country.objects.filter(is_state=True)]
    return sorted(named, key=lambda state: unicodedata.normalize("NFKD", state[1]))


def what_exists(user: User) -> dict:
    """Which kinds of objects exist, and the newest file that waits to be mapped, checked or applied; one query."""
    visible = {
        "any_institutions": Institution.objects.visible_to(user),
        "any_applied": files_sent(user).filter(state=Batch.State.APPLIED),
        "any_appointments": Appointment.objects.visible_to(user),
    }
    conditions = {name: Exists(rows.order_by()) for name, rows in visible.items()}
    waiting = files_sent(user).filter(state__in=[Batch.State.UPLOADED, Batch.State.PREVIEWED]).order_by("-pk")
    return User.objects.filter(pk=user.pk).values(**conditions, waiting=waiting.values("pk")[:1]).get()


@require_POST
@requires(Can.MANAGE_PEOPLE)
def fold_first_steps(request: HttpRequest) -> HttpResponse:
    accounts.fold_first_steps(by=request.user, is_folded="show" not in request.POST)
    return redirect("desk:home")
