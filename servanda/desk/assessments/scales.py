"""Pages of scales: their values on the common scale, and the country's own scales."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.progress.assessments import scales as services
from servanda.progress.assessments.scale_forms import AddGradeForm, AddScaleForm
from servanda.progress.models import Assessment, Contribution, Grade, Scale


@require_safe
@requires(Can.USE_DESK)
def scales(request: HttpRequest) -> HttpResponse:
    used = Exists(Assessment.objects.filter(grade=OuterRef("pk"))) | Exists(
        Contribution.objects.filter(grade=OuterRef("pk"))
    )
    grades = Prefetch("grades", Grade.objects.annotate(is_used=used))
    present = Scale.objects.prefetch_related(grades)
    page = {"scales": [(scale, scale.code not in services.shipped()) for scale in present]}
    return render(request, "desk/assessments/scales.html", page)


def ask(request: HttpRequest, form: ModelForm, **page: str) -> HttpResponse:
    return render(
        request, "desk/assessments/scale_form.html", {"form": form, **page}, status=422 if form.errors else 200
    )


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def add_scale(request: HttpRequest) -> HttpResponse:
    form = AddScaleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_scale"):
            services.add_scale(**form.cleaned_data, by=request.user)
            messages.success(request, _("Scale saved. Now add its values."))
            return redirect("desk:scales")
    return ask(request, form, title=_("Add a scale"))


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def add_grade(request: HttpRequest, code: str) -> HttpResponse:
    scale = get_object_or_404(Scale, code=code)
    form = AddGradeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_grade"):
            services.add_grade(scale=scale, **form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("desk:scales")
    return ask(request, form, title=_("Add a value"), eyebrow=str(scale))


@form_page
@requires(Can.EDIT_VOCABULARY)
def remove_grade(request: HttpRequest, pk: int) -> HttpResponse:
    grade = get_object_or_404(Grade.objects.select_related("scale"), pk=pk)
    if request.method == "POST":
        attempt(request, services.remove_grade, _("Removed."), grade=grade)
        return redirect("desk:scales")
    return render(request, "desk/assessments/remove_grade.html", {"grade": grade})


@require_POST
@requires(Can.EDIT_VOCABULARY)
def retire_grade(request: HttpRequest, pk: int) -> HttpResponse:
    grade = get_object_or_404(Grade, pk=pk)
    message = _("No longer in use. Existing assessments are kept.")
    attempt(request, services.retire_grade, message, grade=grade)
    return redirect("desk:scales")


@require_POST
@requires(Can.EDIT_VOCABULARY)
def reinstate_grade(request: HttpRequest, pk: int) -> HttpResponse:
    attempt(request, services.reinstate_grade, _("In use again."), grade=get_object_or_404(Grade, pk=pk))
    return redirect("desk:scales")


@require_POST
@requires(Can.EDIT_VOCABULARY)
def retire_scale(request: HttpRequest, code: str) -> HttpResponse:
    message = _("No longer in use. Existing assessments are kept.")
    attempt(request, services.retire_scale, message, scale=get_object_or_404(Scale, code=code))
    return redirect("desk:scales")


@require_POST
@requires(Can.EDIT_VOCABULARY)
def reinstate_scale(request: HttpRequest, code: str) -> HttpResponse:
    attempt(request, services.reinstate_scale, _("In use again."), scale=get_object_or_404(Scale, code=code))
    return redirect("desk:scales")
