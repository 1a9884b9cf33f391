"""Other mechanisms: whom this instance trusts, what it shares with them, and what arrived from them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.exchange.format.kinds import KINDS
from servanda.exchange.models import Audience, Peer, PeerQuerySet, Received, SharedObject, SigningKey
from servanda.exchange.peers import pulling_tasks, services
from servanda.exchange.peers.deciding_pages import SHOWN, State, decisions_of
from servanda.exchange.peers.forms import EVERY, EditPeerForm, ParcelForm, PeerForm, RevokeForm
from servanda.exchange.peers.places import are_foreign, foreign_states, places, unknown_states
from servanda.exchange.peers.registers import SignedIn
from servanda.exchange.sharing import keys
from servanda.exchange.sharing.feed import is_current, write_parcel
from servanda.exchange.sharing.refreshing_tasks import refresh
from servanda.exchange.sharing.services import current_sharing, refuse_site
from servanda.jobs.services import enqueue, enqueue_once, is_pending
from servanda.kit.files.downloads import send_file
from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import choice_in, page_number, page_of, pager, slice_of
from servanda.kit.pages.translations import listed
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, holders, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse, refuse_in_form
from servanda.trail.models import Event

ON_A_PAGE = 50
PROBLEMS, REVIEW = "problems", "review"  # peers that the list is limited to


def find_peer(request: HttpRequest, key: UUID) -> Peer:
    return get_object_or_404(Peer.objects.visible_to(request.user), key=key)


@require_safe
@requires(Can.IMPORT)
def parcel_progress(request: HttpRequest) -> HttpResponse:
    """Nothing while the parcel is prepared; then htmx loads the whole page."""
    is_busy = is_pending(refresh, origin_of(request))
    return HttpResponse(status=204) if is_busy else HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
@requires(Can.IMPORT)
def peer_progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """The progress bar of a decision as a fragment; nothing while the feed is fetched; then htmx loads the page."""
    shown = find_peer(request, key)
    if decision := shown.decisions.under_way().first():
        return render(request, "exchange/peers/peer.html#progress", {"peer": shown, "decision": decision})
    is_busy = is_pending(pulling_tasks.pull_feed, shown.pk)
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
    return rows.troubled() if show == PROBLEMS else rows


@form_page
@requires(Can.IMPORT)
@makes_once
def add_peer(request: SignedIn) -> HttpResponse:
    form = PeerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_peer(values=form.values(), by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "add_peer")
        else:
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
        try:
            services.edit_peer(peer=found, values=form.values(), by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "edit_peer")
        else:
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
        "is_fetched_now": is_pending(pulling_tasks.pull_feed, shown.pk),
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


@require_POST
@requires(Can.IMPORT)
def pull_feed(request: HttpRequest, key: UUID) -> HttpResponse:
    """Fetch the feed of a peer now, in the background."""
    shown = find_peer(request, key)
    if shown.is_active and shown.is_pulled:
        enqueue_once(pulling_tasks.pull_feed, shown.pk)
        messages.success(request, _("The feed is being fetched."))
    else:
        messages.error(request, _("Resume this peer, or select that its feed is fetched, first."))
    return redirect(shown)


@body_limit(20, to=holders(Can.IMPORT))
@form_page
@requires(Can.IMPORT)
def receive_parcel(request: SignedIn) -> HttpResponse:
    form = ParcelForm(request.POST, request.FILES) if request.method == "POST" else ParcelForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            parcel = services.receive_parcel(file=file, name=file.name, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "receive_parcel")
        else:
            messages.success(request, _("Parcel received. Its signatures are valid."))
            return redirect(parcel.peer)
    return render(request, "exchange/peers/receive_parcel.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Can.IMPORT)
def prepare_parcel(request: HttpRequest) -> HttpResponse:
    """Compare what is published with what was shared, in the background."""
    site = origin_of(request)
    try:
        refuse_site(site)
    except Refused as refusal:
        refuse(request, refusal, "prepare_parcel")
    else:
        enqueue(refresh, site)
        messages.success(request, _("The parcel is being prepared. Download it when it is ready."))
    return redirect("exchange:peers")


@heavy(FILE)
@require_safe
@requires(Can.IMPORT)
def parcel_file(request: HttpRequest) -> HttpResponseBase:
    return parcel_answer(request, Audience.EVERYONE, "servanda-parcel")


@heavy(FILE)
@require_safe
@requires(Can.IMPORT)
def members_parcel_file(request: HttpRequest) -> HttpResponseBase:
    """The parcel for peers that are members."""
    return parcel_answer(request, Audience.MEMBERS, "servanda-parcel-for-members")


def parcel_answer(request: HttpRequest, audience: str, name: str) -> HttpResponseBase:
    """The ZIP, unless it has an object that was unpublished since it was prepared."""
    now, site = timezone.now(), origin_of(request)
    if not is_current(
        SharedObject.objects.filter(audience=audience).only("audience", "kind", "object_id", "content")
    ):
        enqueue(refresh, site)
        sentence = _("Something was unpublished since the parcel was prepared. Wait a minute, then try again.")
        messages.error(request, sentence)
        return redirect("exchange:peers")
    file = write_parcel(site=site, on=now, audience=audience)
    Event.record("parcel-downloaded", by=request.user)
    return send_file(file, file_name(name, "zip", on=timezone.localdate(now)))


@form_page
@requires(Can.IMPORT)
def replace_key(request: HttpRequest) -> HttpResponse:
    """Asks before it replaces the key."""
    if request.method == "POST":
        attempt(request, keys.replace_key, _("Key replaced. Peers follow with the next parcel."))
        return redirect("exchange:peers")
    own = SigningKey.objects.current().first()
    if own is None:
        messages.error(request, keys.no_key())
        return redirect("exchange:peers")
    return render(request, "exchange/peers/replace_key.html", {"fingerprint": keys.grouped(own.fingerprint)})


@form_page
@requires(Can.IMPORT)
def revoke_key(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Of the key that signs, or of a former one whose statement peers would still follow."""
    key = get_object_or_404(SigningKey.objects.trusted(), fingerprint=fingerprint)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(request, keys.revoke_key, revoked(key), key=key, reason=form.cleaned_data["reason"])
        return redirect("exchange:peers")
    context = {"form": form, "key": key, "fingerprint": keys.grouped(key.fingerprint)}
    return render(request, "exchange/peers/revoke_key.html", context, status=422 if form.errors else 200)


def revoked(key: SigningKey) -> str:
    if key.signs:
        return _("Key revoked. Read the fingerprint of the next key out to all peers.")
    return _("Key revoked. The present key has not changed.")
