"""What other mechanisms know about a record: practices that fit it, and decisions on them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn, find, find_open
from servanda.network.models import PeerAnswer, Practice
from servanda.network.peer_answers.queries import similar_answers, visible_texts
from servanda.network.practices import for_record as deeds
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.recommendations.models import by_language


@require_safe
@requires(Can.READ_INTERNAL)
def record_practices(request: SignedIn, code: str) -> HttpResponse:
    """A page of its own, as the page of the record is at its budget of queries."""
    record = find_open(request, code)
    context = {
        "it": record,
        "fitting": deeds.practices_for(record, among=Practice.objects.visible_to(request.user)),
        "answers": similar_answers(
            record, by_language(visible_texts(record)), among=PeerAnswer.objects.visible_to(request.user)
        ),
    }
    return render(request, "desk/practices/record_practices.html", context)


def decide(request: SignedIn, code: str, key: UUID, deed, done: str, *, undo: str) -> HttpResponse:
    record = find(request, code)
    practice = get_object_or_404(Practice.objects.visible_to(request.user), key=key)
    address = resolve_url(undo, record.code, key)
    attempt(request, deed, done, undo=address, record=record, practice=practice)
    return redirect("desk:record_practices", record.code)


@require_POST
@requires(Can.EDIT_NETWORK)
def link_practice(request: SignedIn, code: str, key: UUID) -> HttpResponse:
    done = _("The practice is linked to this record.")
    return decide(request, code, key, deeds.link_practice, done, undo="desk:reopen_practice")


@require_POST
@requires(Can.EDIT_NETWORK)
def dismiss_practice(request: SignedIn, code: str, key: UUID) -> HttpResponse:
    done = _("The practice is not shown for this record again.")
    return decide(request, code, key, deeds.dismiss_practice, done, undo="desk:reopen_practice")


@require_POST
@requires(Can.EDIT_NETWORK)
def reopen_practice(request: SignedIn, code: str, key: UUID) -> HttpResponse:
    return decide(request, code, key, deeds.reopen_practice, _("Undone."), undo="desk:link_practice")
