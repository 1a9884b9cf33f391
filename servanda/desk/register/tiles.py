"""Tiles of the register, with the same filters as its list."""

from datetime import date

from django.db.models import CharField, Count, Min, Q, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.kit.database.prepared import KEY, OnceInProcess
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.facets import assigned_labels, languages_of_records, without_text_in
from servanda.recommendations.filters.follow_up import DUE, due_now
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.models import Recommendation, SavedView, Stand
from servanda.recommendations.register.saved_views import views_of

MOST_SAVED = 8
VIEWS = OnceInProcess(lambda: views_of(KEY)[:MOST_SAVED])


def record_tiles(user: User) -> Supply:
    counts = yield Ask.many("records", lambda: Recommendation.objects.visible_to(user))
    none = _("You do not have access to any records yet.")
    yield Tile("records", _("Records that you may read"), counts["number"], reverse("desk:register"), none)


def editing_tiles(user: User) -> Supply:
    """Records that wait for a decision or are incomplete."""
    if not can(user, Can.EDIT_REGISTER):
        return
    today, languages, register = timezone.localdate(), languages_of_records(), reverse("desk:register")
    counts = counted(user, languages, on=today)
    yield Tile(
        "pending",
        _("Positions to decide"),
        counts["pending"],
        f"{register}?stand={Stand.PENDING}",
        _("No positions to decide."),
        note=by_when(counts["late"], counts["first_day"]),
    )
    none, due = _("No follow-up replies are due soon."), f"{register}?{FOLLOW_UP}={DUE}"
    yield Tile("follow_up_due", _("Follow-up due within 90 days or recently overdue"), counts["follow_up"], due, none)
    none = _("Every record has a theme.")
    yield Tile("without_theme", _("Without a theme"), counts["without_theme"], f"{register}?theme=-", none)
    missing = urlencode([("missing", code) for code in languages])
    none = _("Every record has its text in each language of the records.")
    yield Tile("untranslated", _("Without a translation"), counts["untranslated"], f"{register}?{missing}", none)
    none = _("Every record is published.")
    yield Tile("unpublished", _("Not published"), counts["unpublished"], f"{register}?published=no", none)


def counted(user: User, languages: list[str], *, on: date) -> dict:
    # One subquery for all records: with a correlated one, PostgreSQL reads all themes for each record.
    themes = assigned_labels().filter(term__taxonomy__code="uhri-theme", term__is_artefact=False).order_by()
    pending = Q(stand=Stand.PENDING)
    return (
        Recommendation.objects.visible_to(user)
        .order_by()
        .aggregate(
            pending=Count("pk", filter=pending),
            late=Count("pk", filter=pending & Q(decide_by__lt=on)),
            first_day=Min("decide_by", filter=pending),
            without_theme=Count("pk", filter=~Q(pk__in=themes.values("recommendation_id"))),
            untranslated=Count("pk", filter=without_text_in(languages)),
            follow_up=Count("pk", filter=due_now(on=on)),
            unpublished=Count("pk", filter=Q(is_published=False)),
        )
    )


def by_when(late: int, first_day: date | None) -> str:
    if late:
        return ngettext("%(number)d overdue", "%(number)d overdue", late) % {"number": late}
    return _("first deadline: %(day)s") % {"day": date_format(first_day, "SHORT_DATE_FORMAT")} if first_day else ""


def saved_tiles(user: User) -> list[Tile]:
    """The person's saved lists with their present numbers, in one query."""
    views = VIEWS.read(key=user.pk)
    numbers = numbers_of_views(views, user) if views else {}
    register, none = reverse("desk:register"), _("This list is empty.")
    return [
        Tile(f"saved-{view.pk}", view.name, numbers.get(view.pk, 0), register + view.query, none) for view in views
    ]


def numbers_of_views(views: list[SavedView], user: User) -> dict[int, int]:
    audience = audience_of(user)
    facets = facets_for(user, audience)
    parts = []
    for view in views:
        selected = narrow(audience, read_filter(QueryDict(view.query.removeprefix("?")), facets), facets).order_by()
        counts = selected.annotate(whose=Value(str(view.pk), CharField())).values("whose").annotate(n=Count("*"))
        parts.append(counts.values_list("whose", "n"))
    return {int(whose): number for whose, number in parts[0].union(*parts[1:], all=True).order_by()}
