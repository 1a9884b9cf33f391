"""What the report before said, and figures that this one states more than once."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_report, find_section
from servanda.people.access import Can, requires
from servanda.recommendations.labels.queries import texts_of
from servanda.recommendations.pages.history import word_difference
from servanda.reporting.reports.earlier import earlier_reports, pledges, promised_measures, promises_in, section_in
from servanda.reporting.reports.figures import figures_of


@require_safe
@requires(Can.READ_INTERNAL)
def earlier_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    """The section in the report before, what has changed since, and what was promised then in the last report of each
    kind to the body, in replies, and in pledges."""
    shown, user = find_section(request, key, section), request.user
    others, promised = earlier_reports(shown.report, user), promised_measures(shown.report, user)
    pledged = pledges(shown.report, user)
    if not (others or promised or pledged):
        raise Http404
    earlier, texts = next(iter(others), None), texts_of(row.pk for row in pledged)
    before = section_in(earlier, shown, user) if earlier else None
    context = {
        "section": shown,
        "earlier": earlier,
        "before": before,
        "difference": word_difference(before.text, shown.text) if before and before.text and shown.text else None,
        "promises": [(row, promise) for row in others for promise in promises_in(row, user)],
        "promised": promised,
        "pledges": [(row, texts.get(row.pk)) for row in pledged],
    }
    return render(request, "desk/reports/earlier_section.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def report_figures(request: SignedIn, key: object) -> HttpResponse:
    """Values of one indicator and period that the texts state more than once."""
    shown = find_report(request, key)
    writable = set(shown.sections.visible_to(request.user).values_list("pk", flat=True))
    context = {"report": shown, "figures": figures_of(shown, request.user), "writable": writable}
    return render(request, "desk/reports/report_figures.html", context)
