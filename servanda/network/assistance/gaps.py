"""Gaps of a self-assessment: each becomes a request for help or for training with one press, which can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.refusal import Refused
from servanda.network.assistance.services import AssistanceValues, add_assistance, withdraw_assistance
from servanda.network.models import Assistance, SelfAssessment
from servanda.network.self_assessments.queries import CapacityResult, RatedQuestion, results_of
from servanda.network.self_assessments.services import lock
from servanda.people.models import User

TITLES = {
    Assistance.Form.ADVICE: gettext_lazy("Advice: %(expectation)s"),
    Assistance.Form.TRAINING: gettext_lazy("Training: %(expectation)s"),
}
FORMS = tuple(TITLES)


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that is not in place or in preparation, and the open requests of our mechanism for it."""

    rated: RatedQuestion
    requests: tuple[Assistance, ...]

    def is_requested(self, form: str) -> bool:
        return any(form in request.forms.split() for request in self.requests)

    @property
    def needs_advice(self) -> bool:
        return not self.is_requested(Assistance.Form.ADVICE)

    @property
    def needs_training(self) -> bool:
        return not self.is_requested(Assistance.Form.TRAINING)


def gaps_in(results: Iterable[CapacityResult], user: User) -> list[Gap]:
    rated = [row for result in results for row in result.rows if row.is_gap]
    found = Assistance.objects.visible_to(user).open().of_this_system()
    requests = list(found.filter(kind=Assistance.Kind.REQUEST, mechanism__is_own=True).exclude(gap=""))
    return [Gap(row, tuple(one for one in requests if one.gap == row.question.code)) for row in rated]


@transaction.atomic
def request_for_gap(*, assessment: SelfAssessment, question: str, form: str, by: User) -> Assistance:
    """A request as its form would contain it. It is shared with no one until it is released.

    Raises `Refused` if the self-assessment is not completed or not of our mechanism, if the question is no gap in it,
    and while a request for it is open.
    """
    locked = lock(assessment)  # a second press waits here, and then finds the request of the first
    if not (locked.is_completed and locked.profile.is_own):
        raise Refused(_("Only gaps in a completed self-assessment of your own mechanism become requests."))
    gaps = {gap.rated.question.code: gap for gap in gaps_in(results_of(locked), by)}
    if question not in gaps:
        raise Refused(_("This question is not rated as a gap in this self-assessment."))
    if gaps[question].is_requested(form):
        raise Refused(_("A request for this gap is already open."))
    values = values_for(locked, gaps[question].rated, form, by)
    return add_assistance(kind=Assistance.Kind.REQUEST, values=values, by=by)


def values_for(assessment: SelfAssessment, rated: RatedQuestion, form: str, by: User) -> AssistanceValues:
    expectation = str(rated.question.label)
    level = {"day": date_format(assessment.date), "level": rated.level_label, "evidence": rated.evidence}
    return AssistanceValues(
        mechanism=assessment.profile,
        title=(str(TITLES[Assistance.Form(form)]) % {"expectation": expectation})[:200],
        text=_("Support so that: %(expectation)s") % {"expectation": expectation},
        background=_("Self-assessment of %(day)s: %(level)s. %(evidence)s") % level,
        forms=[form],
        languages=[by.language or "en"],
        capacity=rated.question.capacity,
        gap=rated.question.code,
    )


@transaction.atomic
def undo_request_for_gap(*, entry: Assistance, by: User) -> None:
    """Withdraw the request. Raises `Refused` for one that no gap led to, and once mechanisms cooperate on it."""
    if not entry.gap:
        raise Refused(_("This request was not made from a gap. Withdraw it instead."))
    withdraw_assistance(entry=entry, reason=_("The request was undone."), by=by)
