from io import BytesIO

from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.network.commitments.queries import commitment_of
from servanda.network.models import Practice
from servanda.network.practices.for_record import practices_for
from servanda.people.access import Can, can
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse
from servanda.planning.actions.for_record import publicly_planned_for
from servanda.planning.indicators.series import indicators_about
from servanda.planning.models import Indicator
from servanda.progress.assessments.signing import may_sign
from servanda.progress.assessments.voices import public_voices, signed_on
from servanda.progress.contributions.queries import public_contributions
from servanda.progress.records.columns import BESIDE_PUBLIC, marks_of
from servanda.progress.records.lifecycle import steps_of, timeline_of, with_milestones
from servanda.progress.records.record_file import FollowUpRead, file_of
from servanda.progress.updates.queries import published_on
from servanda.recommendations.editing.publicity import survivor_of
from servanda.recommendations.models import PublicReason, Recommendation, TextVersion, by_language
from servanda.recommendations.models.public_reasons import split_from_hidden
from servanda.recommendations.pages.detail import Record, read_record, with_facts
from servanda.recommendations.pages.other_states import ON_THEIR_OWN, in_other_states
from servanda.recommendations.pages.similar import similar_to


@require_safe
def recommendation(request: HttpRequest, code: str) -> HttpResponse:
    public = Recommendation.every_kind.public()
    records = with_milestones(with_facts(public), reader=None)
    has_practices = Exists(Practice.objects.public())
    records = records.annotate(split_from=split_from_hidden(), has_practices=has_practices, **BESIDE_PUBLIC)
    shown = records.filter(code=code).first()
    if shown is None:
        return no_longer_public(request, code) or moved(code)
    record = read_public(shown)
    reported = published_on(shown)
    page = {"record": record, "reported": reported, "planned": publicly_planned_for(shown)}
    page |= {"heading_text": next(iter(record.texts), None), "marks": marks_of(shown)}
    page["indicators"] = indicators_about(shown, Indicator.objects.public())
    page |= {"voices": public_voices(shown), "contributions": public_contributions(shown)}
    page["may_sign"] = can(request.user, Can.CONTRIBUTE) and may_sign(request.user)
    page |= {"steps": steps_of(shown), "commitment": commitment_of(shown)}
    page["story"] = timeline_of(
        shown,
        positions=record.positions,
        actions=page["planned"],
        updates=reported.published,
        assessments=page["voices"].history,
    )
    return render(request, "portal/recommendation.html", page)


def read_public(shown: Recommendation) -> Record:
    public = Recommendation.every_kind.public()
    return read_record(shown, visible=public, known=[public], with_drafts=False, is_inside=False, with_machine=False)


@heavy(FILE)
@require_safe
def recommendation_file(request: HttpRequest, code: str, format: str) -> HttpResponseBase:
    """The record as a PDF or Word file, with what its public page shows."""
    if format not in WRITERS:
        raise Http404
    shown = get_object_or_404(with_facts(Recommendation.every_kind.public()), code=code)
    follow_up = FollowUpRead(
        planned=publicly_planned_for(shown), updates=published_on(shown).published, voices=public_voices(shown)
    )
    address = request.build_absolute_uri(shown.get_absolute_url())
    paper = file_of(read_public(shown), follow_up, address=address)
    try:
        content = WRITERS[format](paper)
    except Refused as refusal:
        refuse(request, refusal, "recommendation_file")
        return redirect(shown)
    name = file_name(_("recommendation"), format, on=timezone.localdate(), about=shown.code)
    return send_file(BytesIO(content), name)


@require_safe
def similar_records(request: HttpRequest, code: str) -> HttpResponse:
    """A page of its own, as the page of the record is at its budget of queries."""
    public = Recommendation.every_kind.public()
    shown = get_object_or_404(public.select_related("body", "country"), code=code)
    texts = by_language(shown.texts.current().filter(form=TextVersion.Form.FULL))
    page = {
        "it": shown,
        "similar": similar_to(shown, texts, visible=public),
        "elsewhere": in_other_states(shown, texts, most=ON_THEIR_OWN),
        "fitting": practices_for(shown, among=Practice.objects.public()),
    }
    return render(request, "portal/similar_records.html", page)


@require_safe
def hidden_records(request: HttpRequest) -> HttpResponse:
    """Records with signed assessments that are no longer public, each with the reason."""
    reasons = PublicReason.objects.open().select_related("recommendation__body")
    reasons = reasons.prefetch_related("recommendation__signatures__institution")
    page = page_of(reasons.count(), number=page_number(request.GET))
    context = {
        "rows": reasons[slice_of(page)],
        **pager(page),
    }
    return render(request, "portal/hidden_records.html", context)


def no_longer_public(request: HttpRequest, code: str) -> HttpResponse | None:
    """For a record with signed assessments that is no longer public: when and why, and the assessments. None
    otherwise."""
    reason = PublicReason.objects.open().with_code(code).select_related("recommendation__body").first()
    if reason is None:
        return None
    page = {"hidden": reason, "it": reason.recommendation, "signed": signed_on(reason)}
    return render(request, "portal/recommendation_withdrawn.html", page, status=410)


def moved(code: str) -> HttpResponse:
    """Redirect former references, and those of merged records, to the present record, or to the reason why it is no
    longer public. Raises `Http404` for all others."""
    former = Recommendation.objects.marked_public().with_code(code).select_related("merged_into").first()
    if former is None:
        raise Http404
    survivor = survivor_of(former)
    is_explained = PublicReason.objects.open().filter(recommendation=survivor).exists()
    if not is_explained and not Recommendation.every_kind.public().filter(pk=survivor.pk).exists():
        raise Http404
    answer = redirect(survivor, permanent=True)
    answer["Cache-Control"] = "no-cache"  # a merge can be undone
    return answer
