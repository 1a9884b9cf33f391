"""The search and the palette, over everything that the person may see."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.search.commands import COMMANDS, offered, pages_for
from servanda.desk.search.opened import opened_by
from servanda.kit.database.word_filters import has_word
from servanda.people.access import Can, can, requires
from servanda.people.institutions.directory import has_word_in_name
from servanda.people.models import Appointment, Institution, User
from servanda.planning.models import Action
from servanda.planning.picking import find_actions as actions_among
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import LONGEST_NAME
from servanda.recommendations.picking.queries import find_records as find_among
from servanda.recommendations.register.global_search import (
    MOST_HITS,
    Group,
    Hit,
    find_in_register,
    question,
    words_of,
)
from servanda.recommendations.register.related_results import better_spelt
from servanda.recommendations.register.saved_views import views_of

LEADING = ("exact", "records")


@require_safe
@requires(Can.USE_DESK)
def search(request: HttpRequest) -> HttpResponse:
    query = question(request.GET.get("q", ""))
    page = {"searched": query, "groups": find(query, request.user) if query else before_words(request.user)}
    if query and not any(group.key == "records" for group in page["groups"]):
        page["better"] = better_spelt(query, audience_of(request.user))
    template = "parts/palette_options.html" if "HX-Request" in request.headers else "desk/search/search.html"
    response = render(request, template, page)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@requires(Can.USE_DESK)
def palette(request: HttpRequest) -> HttpResponse:
    """The dialog of the palette, loaded by the script when it is first opened."""
    page = {"groups": before_words(request.user), "search": reverse("desk:search")}
    return render(request, "desk/search/palette.html", page)


def before_words(user: User) -> list[Group]:
    """What is offered before anything is typed."""
    groups = [
        Group("opened", _("Recently opened"), opened_by(user)),
        Group("commands", _("Commands"), offered(COMMANDS, user)),
        Group("pages", _("Pages"), offered(pages_for(user), user)),
    ]
    return [group for group in groups if group.hits]


@require_safe
@requires(Can.READ_INTERNAL)
def find_records(request: HttpRequest) -> HttpResponse:
    """What the picker of records found, while words are typed."""
    name = request.GET.get("field", "")[:LONGEST_NAME]
    found = find_among(request.GET.get(f"{name}_words", ""), Recommendation.every_kind.opened_to(request.user))
    return render(request, "recommendations/picking/_found.html", {"name": name, "found": found})


@require_safe
@requires(Can.READ_INTERNAL)
def find_actions(request: HttpRequest) -> HttpResponse:
    """What the picker of actions found, while words are typed."""
    name = request.GET.get("field", "")[:LONGEST_NAME]
    found = actions_among(request.GET.get(f"{name}_words", ""), Action.objects.visible_to(request.user))
    return render(request, "recommendations/picking/_found.html", {"name": name, "found": found})


def find(query: str, user: User) -> list[Group]:
    words, today = words_of(query), timezone.localdate()
    in_register = find_in_register(query, audience=audience_of(user), base=reverse("desk:register"))
    groups = [
        Group("commands", _("Commands"), offered(COMMANDS, user, words)[:MOST_HITS]),
        *(group for group in in_register if group.key in LEADING),
        Group("pages", _("Pages"), offered(pages_for(user), user, words)[:MOST_HITS]),
        Group("saved", _("Saved lists"), saved_lists_with(words, user)),
        Group("institutions", _("Institutions"), institutions_with(words, user)),
        Group("people", _("People"), people_with(words, user, on=today)),
        *(group for group in in_register if group.key not in LEADING),
    ]
    return [group for group in groups if group.hits]


def saved_lists_with(words: list[str], user: User) -> list[Hit]:
    own = views_of(user)
    for word in words:
        own = own.filter(has_word("name", word))
    return [Hit(view.name, reverse("desk:register") + view.query) for view in own[:MOST_HITS]]


def institutions_with(words: list[str], user: User) -> list[Hit]:
    visible = Institution.objects.visible_to(user)
    for word in words:
        visible = visible.filter(has_word_in_name(word))
    return [
        Hit(institution.name, reverse("people:institution", args=[institution.pk]), institution.code)
        for institution in visible[:MOST_HITS]
    ]


def people_with(words: list[str], user: User, *, on: date) -> list[Hit]:
    """For those who manage people, links to their pages; for others, appointed people, with links to the
    institutions."""
    if can(user, Can.MANAGE_PEOPLE):
        return pages_of_people(words, user)
    if not can(user, Can.READ_DIRECTORY):
        return []
    visible = Appointment.objects.visible_to(user).current(on=on).select_related("person", "institution")
    for word in words:
        visible = visible.filter(has_word("person__name", word))
    return [
        Hit(
            appointment.person,
            reverse("people:institution", args=[appointment.institution_id]),
            f"{appointment.get_function_display()}, {appointment.institution}",
        )
        for appointment in visible.order_by("person__name", "pk")[:MOST_HITS]
    ]


def pages_of_people(words: list[str], user: User) -> list[Hit]:
    people = User.objects.visible_to(user).filter(erased_at=None)
    for word in words:
        people = people.filter(has_word("name", word) | has_word("email", word))
    return [Hit(person, reverse("people:person", args=[person.pk]), person.email) for person in people[:MOST_HITS]]
