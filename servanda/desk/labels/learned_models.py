"""Pages of learned models: training, accuracy, and how people decided on the suggestions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.jobs.services import enqueue_once
from servanda.people.access import Can, requires
from servanda.recommendations import tasks
from servanda.recommendations.labels.learning import learning_since, unfit
from servanda.recommendations.labels.queries import drift_of, months_of
from servanda.recommendations.models import LearnedModel


@require_safe
@requires(Can.EDIT_REGISTER)
def learned_models(request: SignedIn) -> HttpResponse:
    newest = list(LearnedModel.objects.newest().select_related("taxonomy"))
    page = {"models": newest, "unfit": unfit(newest), "since": learning_since()}
    return render(request, "desk/labels/learned_models.html", page)


@require_safe
@requires(Can.EDIT_REGISTER)
def learned_model(request: SignedIn, pk: int) -> HttpResponse:
    model = get_object_or_404(LearnedModel.objects.select_related("taxonomy"), pk=pk)
    page = {
        "model": model,
        "scores": model.scores.select_related("term"),
        "right_from": model.right_from.all(),
        "months": months_of(model.taxonomy),
        "drift": drift_of(model.taxonomy, now=timezone.now()),
        "is_unfit": bool(unfit([model])),
    }
    return render(request, "desk/labels/learned_model.html", page)


@require_POST
@requires(Can.EDIT_REGISTER)
def learn_labels(request: SignedIn) -> HttpResponse:
    """Learn now instead of waiting for the weekly task."""
    if learning_since():
        messages.warning(request, _("Learning is already under way. Check again in a few minutes."))
    else:
        enqueue_once(tasks.learn_labels)
        messages.success(request, _("Learning from all labels has started. Check again in a few minutes."))
    return redirect("desk:learned_models")
