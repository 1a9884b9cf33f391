"""Pages of one recommendation: the record, its history, and what remains of a former one."""

from collections.abc import Sequence
from functools import partial

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn, find_known, former_for, head_of, known_to, with_head
from servanda.desk.record.forms import DayForm
from servanda.language.documents.deadlines import owed_by
from servanda.network.commitments.queries import commitment_of
from servanda.network.meetings.queries import decision_behind
from servanda.network.models import PeerAnswer, Practice
from servanda.people.access import Can, can, requires
from servanda.people.models import Opened
from servanda.people.naming import shown_names
from servanda.people.notifications.recently_opened import remember_opened
from servanda.planning.assignments.for_record import with_lead
from servanda.proceedings.cases.measure_list import cases_of
from servanda.proceedings.models import Proceeding
from servanda.progress.records.columns import BESIDE_PUBLIC, marks_of
from servanda.progress.records.lifecycle import steps_of, with_milestones
from servanda.recommendations.models import Note, Recommendation, RecordObligation
from servanda.recommendations.pages.detail import Record, name_speakers, read_record, with_facts
from servanda.recommendations.pages.history import history, names_only_known
from servanda.recommendations.pages.other_states import ON_THE_PAGE, in_other_states
from servanda.recommendations.pages.similar import similar_to


@require_safe
@requires(Can.USE_DESK)
def record(request: SignedIn, code: str) -> HttpResponse:
    visible = Recommendation.every_kind.visible_to(request.user)
    is_open = Exists(Recommendation.every_kind.opened_to(request.user).filter(pk=OuterRef("pk")))
    records = with_lead(with_milestones(with_facts(visible), reader=request.user), request.user)
    has_practices = Exists(Practice.objects.visible_to(request.user)) | Exists(
        PeerAnswer.objects.visible_to(request.user)
    )
    records = records.annotate(is_open=is_open, has_practices=has_practices, **BESIDE_PUBLIC)
    recommendation = records.filter(code=code).first()
    if recommendation is None:
        return gone(request, code)
    if not recommendation.is_open:
        return redirect(recommendation)
    known_records, drafts = known_to(request.user), can(request.user, Can.READ_DRAFT_POSITIONS)
    options = {"with_drafts": drafts, "is_inside": True, "with_machine": not request.user.hides_machine_labels}
    shown = read_record(recommendation, visible=visible, known=known_records, **options)
    name_speakers(shown.attributed(), to=request.user)
    page = {
        "record": shown,
        "steps": steps_of(recommendation),
        "heading_text": next(iter(shown.texts), None),
        "marks": marks_of(recommendation),
        "notes": notes_for(request.user, recommendation),
        "may_link": can(request.user, Can.EDIT_REGISTER),
        "similar": similar_to(recommendation, shown.texts, visible=visible),
        "elsewhere": in_other_states(recommendation, shown.texts, most=ON_THE_PAGE),
        "case": case_of(recommendation, request.user),
        "turned": turned_with(recommendation, request.user),
        "asks_for_report": can(request.user, Can.EDIT_REGISTER) and asks_for_report(shown),
        "commitment": commitment_of(recommendation),
        "decision": decision_behind(recommendation, request.user),
        "has_practices": recommendation.has_practices,
        "is_desk": True,
    }
    remember_opened(request, Opened.Kind.RECORD, recommendation.pk)
    return render(request, "desk/record/record.html", page)


def asks_for_report(shown: Record) -> bool:
    """Whether the record asks for a report, a reply or its dissemination, so that it may rather be an obligation."""
    if shown.recommendation.takes_position or shown.recommendation.is_apart:
        return False
    return bool(shown.follow_ups) or any(owed_by(text.text) for text in shown.texts if text.is_original)


def turned_with(recommendation: Recommendation, user) -> RecordObligation | None:
    """How it was turned into an obligation, or made from one, for those who see both."""
    rows = RecordObligation.objects.current().filter(recommendation=recommendation).visible_to(user)
    return rows.select_related("obligation").first()


def case_of(recommendation: Recommendation, user) -> Proceeding | None:
    """The case in which a measure was ordered, for those who see it."""
    is_measure = recommendation.kind == Recommendation.Kind.MEASURE
    return cases_of([recommendation], user).get(recommendation.pk) if is_measure else None


def notes_for(user, recommendation: Recommendation) -> list[dict]:
    """The notes, each with its author and whether this person may withdraw or restore it."""
    notes = Note.objects.visible_to(user).filter(recommendation=recommendation).select_related("author", "brought_by")
    names, is_editor = shown_names((note.author for note in notes), to=user), can(user, Can.EDIT_REGISTER)
    return [
        {"note": note, "author": names.get(note.author_id, ""), "is_mine": is_editor or note.author_id == user.pk}
        for note in notes
    ]


def gone(request: SignedIn, code: str) -> HttpResponse:
    """Redirect to the record into which it was merged, or show why it was withdrawn."""
    if renamed := Recommendation.every_kind.visible_to(request.user).with_code(code).first():
        return redirect("desk:record", code=renamed.code, permanent=True)
    former = get_object_or_404(former_for(request.user).select_related("merged_into"), code=code)
    if former.merged_into is None:
        page = {
            "recommendation": former,
            "reason": visible_reason(former, known_to(request.user)),
            "turned": turned_with(former, request.user),
        }
        return render(request, "desk/record/record_withdrawn.html", page, status=410)
    if not any(records.filter(pk=former.merged_into_id).exists() for records in known_to(request.user)):
        raise Http404
    return redirect("desk:record", code=former.merged_into.code, permanent=True)


def visible_reason(former: Recommendation, known_records: Sequence[QuerySet]) -> str:
    """The reason; empty if it names a record that is hidden from this reader, such as a part after a split."""
    return former.withdrawn_reason if names_only_known(former.withdrawn_reason, known_records) else ""


@require_safe
@requires(Can.READ_INTERNAL)
def record_history(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find_known(request, code, read=partial(with_head, user=request.user))
    page = head_of(recommendation) | {
        "recommendation": recommendation,
        "entries": history(recommendation, known_to(request.user), to=request.user),
        "form": DayForm(last=timezone.localdate()),
    }
    return render(request, "desk/record/record_history.html", page)
