from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from servanda.recommendations.models import Recommendation
from servanda.recommendations.record import read_record, with_facts


@require_safe
def recommendation(request: HttpRequest, code: str) -> HttpResponse:
    public = Recommendation.objects.public()
    found = with_facts(public).filter(code=code).first()
    if found is None:
        return moved(code)
    record = read_record(found, seen=public, known=[public], with_drafts=False, is_inside=False)
    return render(request, "portal/recommendation.html", {"record": record})


def moved(code: str) -> HttpResponse:
    """A published record that was merged leads to the one that took it in; anything else was never here."""
    open_to_all = Recommendation.objects.live().filter(
        is_published=True, confidentiality=Recommendation.Confidentiality.PUBLIC, withdrawn_at=None
    )
    merged = open_to_all.filter(code=code).exclude(merged_into=None).select_related("merged_into").first()
    survivor = merged.merged_into if merged else None
    while survivor and survivor.merged_into_id:
        survivor = survivor.merged_into
    if survivor is None or not Recommendation.objects.public().filter(pk=survivor.pk).exists():
        raise Http404
    answer = redirect(survivor, permanent=True)
    answer["Cache-Control"] = "no-cache"  # a merge can be undone
    return answer
