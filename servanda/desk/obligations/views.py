"""Pages of obligations: the list with its files, and one obligation."""

from collections.abc import Iterable
from datetime import date
from itertools import chain

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from servanda.desk.obligations.history import history, labels
from servanda.desk.obligations.past_deadlines import SettleForm
from servanda.desk.record.access import SignedIn
from servanda.desk.record.shared_deadlines import records_of
from servanda.kit.files.downloads import TABLES, send_json, send_table
from servanda.kit.pages.listing import page_of, pager, rows_on
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.institutions.directory import by_name
from servanda.people.models import Institution, User
from servanda.people.naming import shown_names
from servanda.proceedings.models import LegalHold, Proceeding
from servanda.recommendations.editing.turning import why_not_a_record
from servanda.recommendations.models import RecordObligation
from servanda.reporting.models import Report
from servanda.sources.models import Obligation, ObligationFile
from servanda.sources.obligations import listing
from servanda.sources.obligations.export import COLUMNS, FURTHER, export_rows
from servanda.sources.obligations.listing import ObligationFilter, body_and_kind, find_obligations
from servanda.sources.obligations.repeating import next_day, next_of
from servanda.sources.obligations.steps import steps_completed_by
from servanda.trail.models import Event
from servanda.vocab.models import Certainty, Force

ON_A_PAGE = 25
MOST_RECORDS = 50  # with this deadline
SHOWN_WITH_THEIRS = (Obligation.DayFrom.EXTENSION, Obligation.DayFrom.SUSPENSION)


@require_safe
@requires(Can.READ_INTERNAL)
def obligations(request: SignedIn) -> HttpResponse:
    filters, today = ObligationFilter.read(request.GET), timezone.localdate()
    found = find_obligations(request.user, filters, on=today)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    rows = rows_on(page, found).with_internal_side(request.user).with_former_persons(on=today)
    rows = rows.select_related("body", "owner", "responsible", "document")
    is_editor = can(request.user, Can.EDIT_OBLIGATIONS)
    visible, names = Obligation.objects.visible_to(request.user).order_by(), labels()
    owned = Obligation.objects.internal_to(request.user).order_by()
    owners = Institution.objects.filter(Exists(owned.filter(owner=OuterRef("pk"))))
    persons = User.objects.filter(Exists(owned.filter(responsible=OuterRef("pk")))).order_by("name", "pk")
    context = {
        "rows": [(row, row.is_late(on=today)) for row in rows],
        "labels": names,
        "asked": filters,
        **pager(page, filters.query()),
        "settle_form": SettleForm() if filters.when == listing.UNKNOWN and is_editor else None,
        "query": f"?{urlencode(filters.query())}" if filters.query() else "",
        "boxes": [
            *body_and_kind(filters, visible),
            filters.box("force", names["force"], Force.choices),
            filters.box("state", _("Status"), listing.STATES.items(), every=_("Still to be done")),
            filters.box("owner", names["owner"], by_name(owners), every=pgettext("institutions", "All")),
            filters.box("person", names["responsible"], named(persons, request.user)),
            filters.box("when", _("Due"), listing.WHEN.items(), every=_("Any time")),
            filters.box("certainty", names["certainty"], Certainty.choices),
        ],
    }
    return render(request, "desk/obligations/obligations.html", context)


def named(persons: Iterable[User], to: User) -> list[tuple[str, object]]:
    return [(str(pk), name) for pk, name in shown_names(persons, to=to).items()]


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def obligations_export(request: SignedIn, format: str) -> HttpResponseBase:
    """The filtered list as a file."""
    if format not in TABLES:
        raise Http404
    filters, today = ObligationFilter.read(request.GET), timezone.localdate()
    found = find_obligations(request.user, filters, on=today)
    if request.method == "GET":
        difference = {"format": format, "filter": urlencode(filters.query()), "rows": found.count()}
        Event.record("obligations-exported", by=request.user, difference=difference)
    name, rows = file_name(_("Obligations"), format, on=today), export_rows(found, on=today)
    if format == "json":
        return send_json(name, "obligations", rows)
    return send_table(name, "obligations", [*COLUMNS, *FURTHER], (list(row.values()) for row in rows))


@require_safe
@requires(Can.READ_INTERNAL)
def obligation(request: SignedIn, code: str) -> HttpResponse:
    """One obligation; of a published one, readers without a part in it see what the public sees. A withdrawn one is
    shown with the reason to those who may restore it. The deadline of a communication leads to its page."""
    linked = ("body", "instrument", "rule", "review", "document", "owner", "responsible", "submission")
    today = timezone.localdate()
    found = (Obligation.objects.visible_to(request.user), Obligation.objects.former_for(request.user))
    marked = (part.select_related(*linked).with_former_persons(on=today) for part in found)
    readable = chain.from_iterable(part.filter(code=code) for part in marked)
    if (shown := next(readable, None)) is None:
        raise Http404
    if shown.is_derived:
        found = Proceeding.objects.visible_to(request.user) | Proceeding.objects.former_for(request.user)
        return redirect(get_object_or_404(found.due_as(shown)))
    page = {"it": shown, "labels": labels(), "is_late": shown.is_late(on=today)}
    if shown.withdrawn_at or Obligation.objects.internal_to(request.user).filter(pk=shown.pk).exists():
        page |= internal_side(shown, request.user)
    page["reports"] = Report.objects.visible_to(request.user).filter(obligation=shown)
    return render(request, "desk/obligations/obligation.html", page)


def internal_side(shown: Obligation, user: User) -> dict[str, object]:
    """What the page shows to those who see more than the public does."""
    today = timezone.localdate()
    own = set(steps_completed_by(user).filter(obligation=shown).values_list("pk", flat=True))
    turned = RecordObligation.objects.current().filter(obligation=shown).visible_to(user)
    return {
        "is_internal": True,
        "former_day": former_day(shown),
        "is_owner_closed": shown.owner is not None and not shown.owner.is_active(on=today),
        "may_edit": can(user, Can.EDIT_OBLIGATIONS) and shown.withdrawn_at is None,
        "may_hold": can(user, Can.EDIT_OBLIGATIONS),
        "submission": getattr(shown, "submission", None),
        "next_day": next_day(shown) if hasattr(shown, "submission") and not next_of(shown) else None,
        "steps": [
            (step, step.pk in own, is_overdue(step, today)) for step in shown.steps.select_related("institution")
        ],
        "extensions": shown.extensions.all(),
        "suspensions": shown.suspensions.all() if shown.may_be_suspended else [],
        "letters": shown.letters.all(),
        "files": ObligationFile.objects.visible_to(user).filter(obligation=shown),
        "records": list(records_of(shown, user)[: MOST_RECORDS + 1]) if shown.has_records else [],
        "most_records": MOST_RECORDS,
        "turned_rows": list(turned.select_related("recommendation", "obligation")),
        "may_turn": can(user, Can.EDIT_REGISTER) and not why_not_a_record(shown),
        "hold": LegalHold.objects.visible_to(user).open().filter(obligation=shown).first(),
        "entries": history(shown, to=user),
    }


def former_day(obligation: Obligation) -> date | None:
    """The deadline before the present one; that before an extension or a suspension is shown with it."""
    if obligation.day_from in SHOWN_WITH_THEIRS or obligation.due_on is None:
        return None
    earlier = obligation.history.exclude(due_on=None).exclude(due_on=obligation.due_on)
    return earlier.order_by("-version", "-history_id").values_list("due_on", flat=True).first()


def is_overdue(step, today) -> bool:
    return step.done_on is None and step.due_on is not None and step.due_on < today
