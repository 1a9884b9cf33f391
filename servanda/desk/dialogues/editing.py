"""Dialogues: the delegation, the speaking points, and the kit for the head of delegation."""

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.dialogues.kit import paper_of
from servanda.desk.proceedings.finding import back, find_with
from servanda.desk.proceedings.replies import save_rows
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import Institution
from servanda.people.requests.refusals import attempt, refuse
from servanda.proceedings.dialogues import advance, services
from servanda.proceedings.dialogues.forms import DelegateRows, PointRows, delegates_of, points_of
from servanda.proceedings.life.detail import read_proceeding
from servanda.proceedings.models import Proceeding
from servanda.trail.models import Event


def find_dialogue(request: SignedIn, key: UUID) -> Proceeding:
    return find_with(request, key, "dialogue")


def named_on(dialogue: Proceeding) -> list[Institution]:
    return list(Institution.objects.filter(pk__in=dialogue.named.values("institution")))


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_delegation(request: SignedIn, key: UUID) -> HttpResponse:
    dialogue = find_dialogue(request, key)
    names = ("name", "role", "languages", "is_head")
    initial = [
        {name: getattr(row, name) for name in names} | {"institution": row.institution_id}
        for row in dialogue.delegates.all()
    ]
    rows = DelegateRows(
        request.POST or None, initial=initial, prefix="row", form_kwargs={"named": named_on(dialogue)}
    )
    lead = _("To remove a person, clear the name. Save to add more rows.")
    page = {"title": _("Delegation"), "lead": lead}
    return save_rows(request, dialogue, rows, services.set_delegation, {"delegates": delegates_of}, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_points(request: SignedIn, key: UUID) -> HttpResponse:
    dialogue = find_dialogue(request, key)
    initial = [
        {"pk": row.pk, "title": row.title, "text": row.text, "institution": row.institution_id}
        for row in dialogue.points.all()
    ]
    rows = PointRows(request.POST or None, initial=initial, prefix="row", form_kwargs={"named": named_on(dialogue)})
    lead = _("To remove a point, clear its subject and text. Save to add more rows.")
    page = {"title": _("Speaking points"), "lead": lead}
    return save_rows(request, dialogue, rows, services.set_points, {"points": points_of}, **page)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def add_points(request: SignedIn, key: UUID) -> HttpResponse:
    """Begin a point for each cluster with recommendations of the bodies."""
    dialogue = find_dialogue(request, key)
    try:
        number = services.add_points_from_register(proceeding=dialogue, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "add_points")
    else:
        message = ngettext("%(count)d speaking point added.", "%(count)d speaking points added.", number)
        messages.success(request, message % {"count": number})
    return back(dialogue)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def take_advance_questions(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    """Copy the advance questions of one document."""
    dialogue = find_dialogue(request, key)
    document = get_object_or_404(advance.documents_offered(dialogue), pk=pk)
    try:
        number = advance.take_advance_questions(proceeding=dialogue, document=document, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "take_advance_questions")
    else:
        message = ngettext("%(count)d question copied.", "%(count)d questions copied.", number)
        undo = resolve_url("desk:undo_advance_questions", key, pk)
        messages.success(request, message % {"count": number}, extra_tags=undo)
    return back(dialogue)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def undo_advance_questions(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    dialogue = find_dialogue(request, key)
    document = get_object_or_404(advance.documents_offered(dialogue), pk=pk)
    message = _("Undone. The questions were removed from the dialogue.")
    attempt(request, advance.undo_advance_questions, message, proceeding=dialogue, document=document)
    return back(dialogue)


@heavy(FILE)
@require_safe
@requires(Can.READ_EVERYTHING)
def dialogue_kit(request: SignedIn, key: UUID, format: str) -> HttpResponseBase:
    """Delegation, speaking points and questions in one document, for the head of delegation."""
    if format not in WRITERS:
        raise Http404
    dialogue, today = find_dialogue(request, key), timezone.localdate()
    shown = read_proceeding(dialogue, request.user, on=today)
    try:
        content = WRITERS[format](paper_of(shown, on=today))
    except Refused as refusal:
        refuse(request, refusal, "dialogue_kit")
        return back(dialogue)
    if request.method == "GET":
        Event.record("dialogue-kit-downloaded", dialogue, by=request.user, difference={"format": ["", format]})
    return send_file(BytesIO(content), file_name(_("dialogue-kit"), format, on=today, about=dialogue.reference))
