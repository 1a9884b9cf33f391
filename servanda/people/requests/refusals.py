"""A deed tried on behalf of a person: done and said, or refused, said, and kept in the trail."""

from collections.abc import Callable

from django.contrib import messages
from django.core.management.base import CommandError
from django.forms import BaseForm
from django.http import HttpRequest

from servanda.kit.pages.addresses import page_name
from servanda.kit.refusal import Refused
from servanda.trail.models import Event
from servanda.trail.repeats import record_refused


def attempt(request: HttpRequest, deed: Callable[..., object], done: str, *, undo: str = "", **what: object) -> bool:
    """Do it and say so, or say why not. `undo` is where a button beside the words takes it back."""
    try:
        deed(**what, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, deed.__name__)
        return False
    messages.success(request, done, extra_tags=undo)
    return True


def refuse(request: HttpRequest, refusal: Refused, deed: str) -> None:
    """Tell the person why, and the trail that they tried. Called outside the transaction that the refusal undid."""
    messages.error(request, str(refusal))
    record_refusal(request, refusal, deed)


def refuse_in_form(request: HttpRequest, form: BaseForm, refusal: Refused, deed: str) -> None:
    """Say why beside the field that it is about, if the form has that field, and keep it in the trail."""
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, str(refusal))
    record_refusal(request, refusal, deed)


def record_refusal(request: HttpRequest, refusal: Refused, deed: str) -> None:
    page, reason = page_name(request), {"reason": ["", str(refusal)]}
    record_refused("refused", page=page, path=request.path, by=request.user, label=deed, difference=reason)


def refused_on_the_command_line(problem: object, deed: str) -> CommandError:
    """What a command ends with, once the trail has it too; nobody knows which person typed it."""
    Event.record("refused", label=deed, difference={"reason": ["", str(problem)]})
    return CommandError(str(problem))
