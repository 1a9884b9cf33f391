"""Pages of objects accepted from other mechanisms: lists, a directory, a search, a comparison, and each object."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.exchange.accepted import counting
from servanda.exchange.format.kinds import KINDS
from servanda.exchange.models import Peer, PeerCount, Received
from servanda.exchange.registers import comparing
from servanda.exchange.registers.directory import directory_rows, find_peers
from servanda.exchange.registers.places import foreign_states, places
from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import choice_in, page_number, page_of, pager, slice_of, words_in
from servanda.network.models import MechanismProfile, PeerAnswer
from servanda.network.peer_answers.queries import common_labels
from servanda.network.peer_answers.searching import AnswerFilter, find_answers
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.progress.models import Common
from servanda.recommendations.models import Stand

PARTLY_REAL = {"recommendation", "report", "profile"}  # kinds of which demonstrations have real texts
ON_A_PAGE, MOST_WORDS, LONGEST_ID, MOST_BODIES = 50, 8, 1_000, 500


class SignedIn(HttpRequest):
    """A request that has passed `requires`, so its user is logged in."""

    user: User


@require_safe
@requires(Can.READ_INTERNAL)
def accepted(request: HttpRequest) -> HttpResponse:
    """How others answered: what was accepted of all peers, with its origin and date."""
    words, origin = words_in(request.GET), request.GET.get("peer", "")[:40]
    rows = Received.objects.visible_to(request.user).accepted()
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(has_word("title", word) | has_word("code", word) | has_word("peer__name", word))
    senders = {str(sender.key): sender.name for sender in Peer.objects.all()}
    if origin in senders:
        rows = rows.filter(peer__key=origin)
    page = page_of(rows.count(), number=page_number(request.GET), size=ON_A_PAGE)
    shown = rows.select_related("peer", "parcel").order_by("kind", "code", "pk")[slice_of(page)]
    context = {
        "rows": [AcceptedRow(row) for row in shown],
        "words": words,
        "origin": origin,
        "senders": senders.items(),
        "places": places(),
        **pager(page, {"words": words, "peer": origin}),
    }
    return render(request, "exchange/registers/accepted.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def compare_peers(request: SignedIn) -> HttpResponse:
    """Numbers of accepted recommendations of several mechanisms, side by side."""
    by = choice_in(request.GET, "by", tuple(comparing.DIMENSIONS)) or "body"
    everybody = list(Peer.objects.all())
    wanted = set(request.GET.getlist("peer")[: comparing.MOST_PEERS])
    chosen = [peer for peer in everybody if str(peer.key) in wanted] or everybody[: comparing.MOST_PEERS]
    values, today = comparing.values_of(by, chosen), timezone.localdate()
    count = PeerCount.objects.filter(dimension=by).order_by().values("value").distinct().count()
    page = page_of(count, number=page_number(request.GET), size=ON_A_PAGE)
    lines = comparing.compared(by, list(values[slice_of(page)]))
    notes = [(note, note.reasons(by, on=today)) for note in comparing.notes(chosen)]
    context = {
        "by": by,
        "dimensions": [(code, dimension.name) for code, dimension in comparing.DIMENSIONS.items()],
        "heading": comparing.DIMENSIONS[by].name,
        "peers": everybody,
        "chosen": chosen,
        "heads": [(note.peer, bool(reasons)) for note, reasons in notes],
        "lines": [(line, list(zip(chosen, line.counts, strict=True))) for line in lines],
        "notes": notes,
        **pager(page, {"by": by, "peer": [str(peer.key) for peer in chosen]}),
    }
    return render(request, "exchange/registers/compare_peers.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def directory(request: SignedIn) -> HttpResponse:
    """All peers, with the numbers of what was received and accepted."""
    words = words_in(request.GET)
    found = find_peers(words)
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    rows = directory_rows(found[slice_of(page)], among=MechanismProfile.objects.visible_to(request.user))
    context = {"rows": rows, "words": words, **pager(page, {"words": words})}
    return render(request, "exchange/registers/directory.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def search_registers(request: SignedIn) -> HttpResponse:
    """Recommendations to other States, found by words, peer, body, position and status."""
    filters = AnswerFilter.read(request.GET)
    pks, is_cut = find_answers(request.user, filters) if filters.is_narrow else ([], False)
    page = page_of(len(pks), number=filters.number, size=ON_A_PAGE)
    shown = (
        PeerAnswer.objects.visible_to(request.user)
        .filter(pk__in=pks[slice_of(page)])
        .select_related("country")
        .defer("vector")
        .order_by("pk")
    )
    bodies = PeerCount.objects.filter(dimension=counting.BODY).order_by("value").values_list("value", flat=True)
    codes = list(bodies.distinct()[:MOST_BODIES])
    body_name = comparing.body_names({*codes})
    context = {
        "rows": [(row, body_name(row.body), common_labels(row.government), stand_of(row.stand)) for row in shown],
        "asked": filters,
        "is_cut": is_cut,
        "boxes": [
            filters.box("site", _("Peer"), Peer.objects.values_list("origin", "name")),
            filters.box("body", _("Body"), [(code, body_name(code)) for code in codes]),
            filters.box("stand", _("Position of the State"), Stand.choices),
            filters.box("status", _("Status according to the Government"), Common.choices),
        ],
        **pager(page, filters.query()),
    }
    return render(request, "exchange/registers/search_registers.html", context)


def stand_of(code: str) -> str:
    return str(Stand(code).label) if code in Stand.values else ""


@dataclass
class AcceptedRow:
    """One accepted object, with the parts of it that a list shows."""

    row: Received

    @property
    def kind(self) -> object:
        return KINDS[self.row.kind].name

    @cached_property
    def content(self) -> dict[str, Any]:
        return json.loads(self.row.content)

    @property
    def stand(self) -> str:
        """The position of the other State, in words; empty for other kinds and without one."""
        return stand_of(self.content.get("stand", "")) if self.row.kind == "recommendation" else ""

    @property
    def invented(self) -> str:
        """How much of it is invented, in words; empty where its sender did not mark it."""
        if not self.content.get("is_invented"):
            return ""
        is_partly = self.row.kind in PARTLY_REAL
        return _("From a demonstration, partly invented") if is_partly else _("Invented for demonstration")


@require_safe
@requires(Can.READ_INTERNAL)
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """One object as it arrived."""
    row = get_object_or_404(
        Received.objects.visible_to(request.user).select_related("peer__country", "parcel"), pk=pk
    )
    shown = AcceptedRow(row)
    context = {"row": row, "kind": shown.kind, "fields": fields_of(shown.content), "invented": shown.invented}
    context["foreign"] = foreign_states(row.peer, [row]).get(row.pk, "")
    return render(request, "exchange/registers/received.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def original(request: HttpRequest) -> HttpResponse:
    """The accepted object with this permanent address: what an entry of the network was made of."""
    identity = request.GET.get("id", "")[:LONGEST_ID]
    row = Received.objects.visible_to(request.user).accepted().filter(object_id=identity).first()
    if row is None:
        messages.error(request, _("No accepted object has this address."))
        return redirect("exchange:accepted")
    return redirect("exchange:received", row.pk)


def fields_of(value: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key, shown_value(part)) for key, part in value.items() if part not in ("", None, [], {})]


def shown_value(part: Any) -> str:
    """Texts are shown as texts, each with its language; what else is inside as JSON."""
    if isinstance(part, list) and all(isinstance(row, dict) and isinstance(row.get("text"), str) for row in part):
        return "\n".join(f"[{row.get('language', '')}] {row['text']}" for row in part)
    return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False, indent=1)
