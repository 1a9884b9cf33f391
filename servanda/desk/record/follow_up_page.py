"""The follow-up of one recommendation: assignments, actions, updates, evidence, assessments and contributions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn, head_of, with_head
from servanda.people.access import Can, can, requires
from servanda.planning.actions.for_record import planned_for
from servanda.planning.assignments.for_record import RecordAssignments, assignments_of
from servanda.planning.indicators.series import indicators_about
from servanda.planning.models import Assignment, Indicator
from servanda.planning.positions.queries import who_proposes
from servanda.progress.assessments.voices import voices_on
from servanda.progress.contributions.queries import contributions_on
from servanda.progress.records.lifecycle import Entry, steps_of, timeline_of, with_milestones
from servanda.progress.updates.queries import reported_on
from servanda.recommendations.models import Recommendation


@require_safe
@requires(Can.READ_INTERNAL)
def record_follow_up(request: SignedIn, code: str) -> HttpResponse:
    opened = with_milestones(Recommendation.every_kind.opened_to(request.user), reader=request.user)
    recommendation = get_object_or_404(with_head(opened, request.user), code=code)
    page = head_of(recommendation) | {
        "steps": steps_of(recommendation),
        "answering": assignments_of(recommendation, request.user),
        "planned": planned_for(recommendation, request.user, on=timezone.localdate()),
        "indicators": indicators_about(recommendation, Indicator.objects.visible_to(request.user)),
        "proposals": who_proposes([recommendation], request.user)[recommendation.pk]
        if recommendation.takes_position
        else None,
        "voices": voices_on(recommendation, request.user),
        "contributions": contributions_on(recommendation, request.user),
        "reported": reported_on(recommendation, request.user),
    }
    return render(
        request, "desk/record/record_follow_up.html", page | {"story": timeline(recommendation, page, request.user)}
    )


def timeline(recommendation: Recommendation, page: dict, user) -> list[Entry]:
    positions = recommendation.positions.current().with_days()
    return timeline_of(
        recommendation,
        positions=positions if can(user, Can.READ_DRAFT_POSITIONS) else positions.filter(is_draft=False),
        assignments=assigned(page["answering"]),
        actions=[action for action, _is_late in page["planned"]],
        updates=page["reported"].published,
        assessments=page["voices"].history,
        user=user,
    )


def assigned(answering: RecordAssignments) -> list[Assignment]:
    return [line.assignment for line in (*answering.current, *answering.former)]
