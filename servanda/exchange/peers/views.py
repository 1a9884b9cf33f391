"""Other mechanisms: whom this instance trusts, what it shares with them, and what arrived from them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.exchange.decisions.views import SHOWN, State, decisions_of
from servanda.exchange.feeds import tasks
from servanda.exchange.format.kinds import KINDS
from servanda.exchange.models import Audience, Peer, PeerQuerySet, Received, SharedObject, SigningKey
from servanda.exchange.peers import services
from servanda.exchange.peers.forms import EVERY, EditPeerForm, PeerForm
from servanda.exchange.registers.places import are_foreign, foreign_states, places, unknown_states
from servanda.exchange.registers.views import SignedIn
from servanda.exchange.sharing import keys
from servanda.exchange.sharing.refreshing_tasks import refresh
from servanda.exchange.sharing.services import current_sharing
from servanda.jobs.services import is_pending
from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import choice_in, page_number, page_of, pager, slice_of
from servanda.kit.pages.translations import listed
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form

ON_A_PAGE = 50
PROBLEMS, REVIEW = "problems", "review"  # peers that the list is limited to


def find_peer(request: HttpRequest, key: UUID) -> Peer:
    return get_object_or_404(Peer.objects.visible_to(request.user), key=key)


@require_safe
@requires(Can.IMPORT)
def peer_progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """The progress bar of a decision as a fragment; nothing while the feed is fetched; then htmx loads the page."""
    shown = find_peer(request, key)
    if decision := shown.decisions.under_way().first():
        return render(request, "exchange/peers/peer.html#progress", {"peer": shown, "decision": decision})
    is_busy = is_pending(tasks.pull_feed, shown.pk)
    return HttpResponse(status=204) if is_busy else HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
@requires(Can.IMPORT)
def peers(request: SignedIn) -> HttpResponse:
    show = choice_in(request.GET, "show", (PROBLEMS, REVIEW))
    rows = shown_peers(request.user, show)
    page = page_of(rows.count(), number=page_number(request.GET), size=ON_A_PAGE)
    waiting = Received.objects.visible_to(request.user).waiting().order_by().values_list("peer").annotate(Count("pk"))
    numbers = dict(waiting)
    public = SharedObject.objects.filter(audience=Audience.EVERYONE)
    own, sharing = SigningKey.objects.current().first(), current_sharing()
    context = {
        "rows": [(peer, numbers.get(peer.pk, 0)) for peer in rows[slice_of(page)]],
        "show": show,
        "own": own,
        "fingerprint": keys.grouped(own.fingerprint) if own else "",
        "is_prepared_now": is_pending(refresh, origin_of(request)),
        "former": [(key, keys.grouped(key.fingerprint)) for key in SigningKey.objects.former()],
        "site": origin_of(request),
        "shared": public.exclude(activity="Delete").count(),
        "newest": public.order_by("-sequence").first(),
        "for_members": SharedObject.objects.filter(audience=Audience.MEMBERS).exclude(activity="Delete").count(),
        "member_kinds": named_kinds(sharing.member_kind_codes),
        "sharing": sharing,
        "shared_kinds": named_kinds(sharing.kind_codes),
        **pager(page, {"show": show}),
    }
    return render(request, "exchange/peers/peers.html", context)


def shown_peers(user: User, show: str) -> PeerQuerySet:
    rows = Peer.objects.visible_to(user)
    if show == REVIEW:
        return rows.filter(pk__in=Received.objects.visible_to(user).waiting().order_by().values("peer"))
    return rows.with_problem() if show == PROBLEMS else rows


@form_page
@requires(Can.IMPORT)
@makes_once
def add_peer(request: SignedIn) -> HttpResponse:
    form = PeerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_peer"):
            added = services.add_peer(values=form.values(), by=request.user)
            messages.success(request, _("Peer added. You can now receive its parcels."))
            return redirect(added)
    return render(request, "exchange/peers/add_peer.html", {"form": form}, status=422 if form.errors else 200)


@form_page
@requires(Can.IMPORT)
def edit_peer(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_peer(request, key)
    initial: dict[str, Any] = {
        "name": found.name,
        "origin": found.origin,
        "fingerprint": keys.grouped(found.fingerprint),
        "kinds": found.kind_codes,
        "rule_kinds": found.rule_kind_codes,
    }
    initial |= {
        name: getattr(found, name) for name in ("is_pulled", "every_hours", "is_member", "reads_members", "country")
    }
    form_of = EditPeerForm if found.has_sent else PeerForm
    form = form_of(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_peer"):
            services.edit_peer(peer=found, values=form.values(), by=request.user)
            messages.success(request, _("Changes saved."))
            return redirect(found)
    context = {"form": form, "peer": found}
    return render(request, "exchange/peers/edit_peer.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.IMPORT)
def delete_peer(request: HttpRequest, key: UUID) -> HttpResponse:
    """Only while nothing was received of it."""
    found = find_peer(request, key)
    if request.method == "POST":
        if attempt(request, services.delete_peer, _("Peer deleted."), peer=found):
            return redirect("exchange:peers")
        return redirect(found)
    return render(request, "exchange/peers/delete_peer.html", {"peer": found})


@require_safe
@requires(Can.IMPORT)
def peer(request: HttpRequest, key: UUID) -> HttpResponse:
    """What arrived from one mechanism, with what was decided."""
    shown = find_peer(request, key)
    state = choice_in(request.GET, "state", SHOWN) or State.WAITING.value
    received = Received.objects.filter(peer=shown)
    counts = dict(received.order_by().values_list("state").annotate(Count("pk")))
    page = page_of(counts.get(state, 0), number=page_number(request.GET), size=ON_A_PAGE)
    rows = list(received.filter(state=state).select_related("parcel")[slice_of(page)])
    unknown, foreign = unknown_states(rows), foreign_states(shown, rows)
    context = {
        "peer": shown,
        "has_sent": shown.has_sent,
        "decision": shown.decisions.under_way().first(),
        "is_fetched_now": is_pending(tasks.pull_feed, shown.pk),
        "decisions": decisions_of(shown),
        "is_shut_out": shown.is_member and shown.is_shut_out,
        "fingerprint": keys.grouped(shown.fingerprint),
        "every": dict(EVERY).get(shown.every_hours, ""),
        "kinds": named_kinds(shown.kind_codes),
        "rule_kinds": named_kinds(shown.rule_kind_codes),
        "state": state,
        "states": [(choice.value, choice.label, counts.get(choice, 0)) for choice in SHOWN],
        "count": counts.get(state, 0),
        "rows": [(row, KINDS[row.kind].name, unknown.get(row.pk, ""), foreign.get(row.pk, "")) for row in rows],
        "are_foreign": bool(foreign) or are_foreign(shown, received.waiting().unsigned()),
        "places": places(),
        "parcels": shown.parcels.select_related("received_by")[:10],
        **pager(page, {"state": state}),
    }
    return render(request, "exchange/peers/peer.html", context)


def named_kinds(codes: Iterable[str]) -> str:
    return listed(KINDS[code].name for code in codes if code in KINDS)


@require_POST
@requires(Can.IMPORT)
def stop_peer(request: HttpRequest, key: UUID) -> HttpResponse:
    shown = find_peer(request, key)
    attempt(request, services.stop_peer, _("No more parcels of this peer are received."), peer=shown)
    return redirect(shown)


@require_POST
@requires(Can.IMPORT)
def resume_peer(request: HttpRequest, key: UUID) -> HttpResponse:
    shown = find_peer(request, key)
    attempt(
        request, services.resume_peer, _("Peer resumed. Its next parcel is received, whatever its date."), peer=shown
    )
    return redirect(shown)
