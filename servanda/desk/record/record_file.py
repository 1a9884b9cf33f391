"""The file of a record that is not published, with what this person may see of it."""

from io import BytesIO

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn, known_to
from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS, Paper
from servanda.kit.pages.addresses import origin_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import User
from servanda.people.requests.refusals import refuse
from servanda.planning.actions.for_record import planned_for
from servanda.planning.assignments.for_record import with_lead
from servanda.progress.assessments.voices import voices_on
from servanda.progress.records.record_file import FollowUpRead, file_of
from servanda.progress.updates.queries import reported_on
from servanda.recommendations.models import Recommendation
from servanda.recommendations.pages.detail import read_record, with_facts
from servanda.trail.models import Event


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def record_file(request: SignedIn, code: str, format: str) -> HttpResponseBase:
    """As a PDF or Word file. A published record has a public one, which can be passed on."""
    if format not in WRITERS:
        raise Http404
    records = with_lead(with_facts(Recommendation.every_kind.opened_to(request.user)), request.user)
    recommendation = get_object_or_404(records, code=code)
    if recommendation.is_public:
        return redirect("portal:recommendation_file", code=code, format=format)
    address = origin_of(request) + reverse("desk:record", args=[code])
    try:
        content = WRITERS[format](paper_for(recommendation, request.user, address))
    except Refused as refusal:
        refuse(request, refusal, "record_file")
        return redirect("desk:record", code=code)
    if request.method == "GET":
        Event.record("record-downloaded", recommendation, by=request.user, difference={"format": ["", format]})
    name = file_name(_("recommendation"), format, on=timezone.localdate(), about=code)
    return send_file(BytesIO(content), name)


def paper_for(recommendation: Recommendation, user: User, address: str) -> Paper:
    record = read_record(
        recommendation,
        visible=Recommendation.every_kind.visible_to(user),
        known=known_to(user),
        with_drafts=can(user, Can.READ_DRAFT_POSITIONS),
        is_inside=True,
        with_machine=False,
    )
    lead_name, due_on = (vars(recommendation)[name] for name in ("lead_name", "lead_due"))
    actions = planned_for(recommendation, user, on=timezone.localdate())
    follow_up = FollowUpRead(
        planned=[action for action, _is_late in actions],
        updates=reported_on(recommendation, user).published,
        voices=voices_on(recommendation, user),
        lead=str(lead_name or ""),
        due_on=due_on,
    )
    return file_of(record, follow_up, address=address)
