from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from servanda.people.access import ROLES, Can, Role, requires
from servanda.people.deeds import PERMISSIONS
from servanda.people.forms import InstanceForm
from servanda.people.models import Instance
from servanda.people.services.instance import edit_instance as save_instance
from servanda.trail.models import Event
from servanda.trail.sentences import SENTENCES, action_label, sentence

EVENTS_ON_A_PAGE = 50


@require_safe
@requires(Can.EDIT_INSTANCE)
def instance(request: HttpRequest) -> HttpResponse:
    return render(request, "people/instance.html")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Can.EDIT_INSTANCE)
def edit_instance(request: HttpRequest) -> HttpResponse:
    form = InstanceForm(request.POST or None, instance=Instance.current())
    if request.method == "POST" and form.is_valid():
        save_instance(**form.cleaned_data, by=request.user)
        messages.success(request, _("Saved. Every page carries the new name."))
        return redirect("people:instance")
    return render(request, "people/edit_instance.html", {"form": form})


@require_safe
@requires(Can.EDIT_INSTANCE)
def roles(request: HttpRequest) -> HttpResponse:
    rows = [{"label": PERMISSIONS[one], "held": [(role.label, one in ROLES[role]) for role in Role]} for one in Can]
    return render(request, "people/roles.html", {"roles": [role.label for role in Role], "rows": rows})


def role_line(codes: str) -> str:
    """The words for the roles that the trail kept, as codes with commas between."""
    words = dict(Role.choices)
    return ", ".join(str(words.get(code, code)) for code in codes.split(",") if code)


@require_safe
@requires(Can.READ_TRAIL)
def trail(request: HttpRequest) -> HttpResponse:
    """The newest first; a page starts after the number that the page before ended with."""
    action = request.GET.get("action", "")
    events = Event.objects.select_related("actor")
    if action in SENTENCES:
        events = events.filter(action=action)
    before = request.GET.get("before", "")
    if before.isdecimal():
        events = events.filter(sequence__lt=int(before[:18]))
    shown = list(events[: EVENTS_ON_A_PAGE + 1])
    page = {
        "rows": [
            {"event": event, "sentence": sentence(event), "role": role_line(event.role)}
            for event in shown[:EVENTS_ON_A_PAGE]
        ],
        "before": shown[EVENTS_ON_A_PAGE - 1].sequence if len(shown) > EVENTS_ON_A_PAGE else None,
        "actions": [(code, action_label(code)) for code in SENTENCES],
        "action": action,
    }
    return render(request, "people/trail.html", page)
