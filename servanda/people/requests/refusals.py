"""Call a service for a person: show a message on success; on refusal, show the reason and record it in the trail."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from django.contrib import messages
from django.core.management.base import CommandError
from django.forms import BaseForm
from django.http import HttpRequest

from servanda.kit.pages.addresses import page_name
from servanda.kit.pages.forms import replace_version
from servanda.kit.refusal import Refused
from servanda.people.versioning import ChangedMeanwhile
from servanda.trail.models import Event
from servanda.trail.repeats import record_refused


def attempt(
    request: HttpRequest, deed: Callable[..., object], message: str, *, undo: str = "", **what: object
) -> bool:
    """Call the service and show `message`, or the reason for the refusal. `undo` is the address of an undo button."""
    try:
        deed(**what, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, deed.__name__)
        return False
    messages.success(request, message, extra_tags=undo)
    return True


def refuse(request: HttpRequest, refusal: Refused, deed: str) -> None:
    """Show the reason and record the attempt. Call it outside of the transaction that was rolled back."""
    messages.error(request, str(refusal))
    record_refusal(request, refusal, deed)


def refuse_in_form(request: HttpRequest, form: BaseForm, refusal: Refused, deed: str) -> None:
    """Show the reason in the form, beside its field if there is one, and record it in the trail."""
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, str(refusal))
    record_refusal(request, refusal, deed)


class refusals_in_form:
    """Call services for what a form contains; a refusal is shown in the form, and the page goes on below the block.

        with refusals_in_form(request, form, "edit_course", edits=course):
            deeds.edit_course(course=course, values=form.values(), seen=seen, by=request.user)
            return redirect(course)
        return ask(request, form)

    With `edits`, the next save after a conflict replaces what the other person saved: it is the row that the form
    edits, or a function that returns the version that is saved now."""

    def __init__(self, request: HttpRequest, form: Any, deed: str, *, edits: Any = None) -> None:
        self.request, self.form, self.deed, self.edits = request, form, deed, edits

    def __enter__(self) -> None:
        """Nothing is prepared: whatever the block does is done by services, each in a transaction of its own."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> bool:
        if not isinstance(error, Refused):
            return False
        if self.edits is not None and isinstance(error, ChangedMeanwhile):
            replace_version(self.form, latest_version(self.edits))
        refuse_in_form(self.request, self.form, error, self.deed)
        return True


def latest_version(row: Any) -> int:
    """Of a row as it is saved now, or of what the function finds."""
    return row() if callable(row) else type(row)._default_manager.get(pk=row.pk).version


def record_refusal(request: HttpRequest, refusal: Refused, deed: str) -> None:
    page, reason = page_name(request), {"reason": ["", str(refusal)]}
    record_refused("refused", page=page, path=request.path, by=request.user, label=deed, difference=reason)


def refused_on_the_command_line(problem: object, deed: str) -> CommandError:
    """Record the refusal of a command, without a person, and return the error to raise."""
    Event.record("refused", label=deed, difference={"reason": ["", str(problem)]})
    return CommandError(str(problem))
