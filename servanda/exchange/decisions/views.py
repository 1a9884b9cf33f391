"""Decide on received objects, and undo a decision."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.exchange.decisions import services, tasks
from servanda.exchange.models import Decision, Peer, Received
from servanda.exchange.registers.places import NEED_A_STATE, unknown_states
from servanda.exchange.registers.views import SignedIn
from servanda.jobs.services import enqueue
from servanda.kit.pages.listing import choice_in
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import refuse

State = Received.State
SHOWN = (State.WAITING, State.ACCEPTED, State.DECLINED)
LATEST = 5  # decisions that the page of a peer lists


@require_POST
@requires(Can.IMPORT)
def decide_received(request: SignedIn, key: UUID) -> HttpResponse:
    """Accept or decline the selected objects, or all in a state, or return them to review."""
    shown = get_object_or_404(Peer.objects.visible_to(request.user), key=key)
    state = choice_in(request.POST, "to", SHOWN)
    former = choice_in(request.POST, "state", SHOWN) or State.WAITING.value
    rows = Received.objects.filter(peer=shown, state=former)
    if "all" not in request.POST:
        rows = rows.filter(pk__in=[pk[:18] for pk in request.POST.getlist("object") if pk.isdecimal()])
    if state:
        try:
            decision = services.start_decision(peer=shown, rows=rows, former=former, state=state, by=request.user)
        except Refused as refusal:
            refuse(request, refusal, "decide_received")
        else:
            show(request, decision)
    return redirect(f"{shown.get_absolute_url()}?state={former}")


@require_POST
@requires(Can.IMPORT)
def undo_decision(request: SignedIn, pk: int) -> HttpResponse:
    decision = get_object_or_404(Decision.objects.visible_to(request.user).select_related("peer"), pk=pk)
    try:
        show(request, services.undo_decision(decision=decision, by=request.user))
    except Refused as refusal:
        refuse(request, refusal, "undo_decision")
    return redirect(decision.peer)


def show(request: HttpRequest, decision: Decision | None) -> None:
    if decision is None:
        messages.error(request, _("Select at least one object."))
    elif decision.finished_at:
        undo = reverse("exchange:undo_decision", args=[decision.pk]) if decision.can_be_undone else ""
        messages.success(request, decided(decision.state, decision.done), extra_tags=undo)
        warn_of_unknown_states(request, decision)
    else:
        enqueue(tasks.decide_in_background, decision.pk)
        messages.success(request, _("The objects are being decided on. You can leave this page."))


def warn_of_unknown_states(request: HttpRequest, decision: Decision) -> None:
    if decision.state != State.ACCEPTED:
        return
    left_out = unknown_states(decision.decided.filter(kind__in=NEED_A_STATE))
    if left_out:
        sentence = ngettext(
            "%(count)d accepted object is not shown in the network, because its State is not in the vocabulary: "
            "%(states)s.",
            "%(count)d accepted objects are not shown in the network, because their States are not in the "
            "vocabulary: %(states)s.",
            len(left_out),
        )
        states = ", ".join(sorted(set(left_out.values())))
        messages.warning(request, sentence % {"count": len(left_out), "states": states})


def decided(state: str, count: int) -> str:
    sentences = {
        State.ACCEPTED: ngettext("%(count)d object accepted.", "%(count)d objects accepted.", count),
        State.DECLINED: ngettext("%(count)d object declined.", "%(count)d objects declined.", count),
        State.WAITING: ngettext(
            "%(count)d object returned to review.", "%(count)d objects returned to review.", count
        ),
    }
    return sentences[State(state)] % {"count": count}


def decisions_of(peer: Peer) -> list[tuple[Decision, str]]:
    """The latest ones, each with its sentence."""
    rows = peer.decisions.exclude(finished_at=None).select_related("by", "undone_by")[:LATEST]
    return [(row, decided(row.state, row.done)) for row in rows]
