"""The events on a page of the trail: of an object, a person or an institution, filtered by a form."""

from datetime import date, datetime, time, timedelta
from operator import itemgetter

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.forms import DateInput
from servanda.people.access import Can, can
from servanda.people.accounts.personal_data import events_about
from servanda.people.models import Appointment, Institution, User
from servanda.people.trail_pages.presenter import about_hidden_from, contributors_hidden_from, kind_label, kinds
from servanda.trail.models import Event
from servanda.trail.sentences import SENTENCES, action_label

SCOPES = ("of_person", "of_institution", "of_kind", "of_key")


class TrailForm(forms.Form):
    """All fields are optional. Invalid ones are marked and ignored."""

    action = forms.ChoiceField(label=_("What happened"), required=False)
    kind = forms.ChoiceField(label=_("Object"), required=False)
    person = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=100)
    words = forms.CharField(label=_("Contains the words"), required=False, max_length=100)
    since = forms.DateField(label=_("From"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Until"), required=False, widget=DateInput)
    request = forms.CharField(label=_("Request ID"), required=False, max_length=64)

    def __init__(self, data: QueryDict):
        super().__init__(data, auto_id="trail-%s")
        present = present_values("action", "object_type")
        # The action of an old link is offered too, so that its page says that nothing was found.
        codes = [code for code in SENTENCES if code in present["action"] or code == data.get("action")]
        for name, labels in (
            ("action", [(code, action_label(code)) for code in codes]),
            ("kind", [(kind, kind_label(kind)) for kind in present["object_type"] if kind]),
        ):
            self.fields[name].choices = [("", _("Everything")), *sorted(labels, key=itemgetter(1))]
        for name in ("person", "words"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def filters(self) -> dict:
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


def present_values(*columns: str) -> dict[str, set[str]]:
    """The values of each column that occur in the trail, in one query."""
    parts = [Event.objects.order_by().values_list(Value(column), F(column)).distinct() for column in columns]
    present: dict[str, set[str]] = {column: set() for column in columns}
    for column, value in parts[0].union(*parts[1:], all=True).order_by():
        present[column].add(value)
    return present


def narrow(events: QuerySet[Event], filters: dict, *, to: User) -> QuerySet[Event]:
    """Apply the filters; names and labels that the reader may not see cannot be searched either."""
    for name, column in (("action", "action"), ("kind", "object_type"), ("request", "request_id")):
        if name in filters:
            events = events.filter(**{column: filters[name]})
    if "since" in filters:
        events = events.filter(at__gte=start_of(filters["since"]))
    if "until" in filters and filters["until"] < date.max:
        events = events.filter(at__lt=start_of(filters["until"] + timedelta(days=1)))
    if "person" in filters:
        events = by_or_on(events, filters["person"], to=to)
    if "words" in filters:
        events = events.filter(has_word("object_label", filters["words"]))
        events = events if can(to, Can.SEE_CONTRIBUTORS) else events.exclude(about_hidden_from(to))
    return events


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def by_or_on(events: QuerySet[Event], name: str, *, to: User) -> QuerySet[Event]:
    """Events by or about people whose name or address contains these words."""
    people = people_named_to(to).filter(has_word("name", name) | has_word("email", name))
    keys = [str(pk) for pk in people.order_by().values_list("pk", flat=True)]
    return events.filter(Q(actor__in=keys) | Q(object_type="people.user", object_id__in=keys))


def people_named_to(reader: User) -> QuerySet[User]:
    """All people except contributors whom this reader may not know."""
    if can(reader, Can.SEE_CONTRIBUTORS):
        return User.objects.all()
    return User.objects.exclude(pk__in=contributors_hidden_from(reader).values("pk"))


def events_of_object(kind: str, key: str) -> QuerySet[Event]:
    if kind not in kinds() or "\0" in key:
        raise Http404
    return Event.objects.filter(object_type=kind, object_id=key)


def events_of_person(person: User) -> QuerySet[Event]:
    """Events by or about the person."""
    return Event.objects.filter(Q(actor=person) | Q(pk__in=events_about(person).order_by().values("pk")))


def events_of_institution(institution: Institution, *, to: User) -> QuerySet[Event]:
    """Events about the institution and its appointments, and by its people while they were appointed."""
    appointments = Appointment.objects.visible_to(to).filter(institution=institution)
    keys = [str(pk) for pk in appointments.order_by().values_list("pk", flat=True)]
    appointed_then = appointments.filter(
        Q(end=None) | Q(end__gte=OuterRef("day")), person=OuterRef("actor"), start__lte=OuterRef("day")
    )
    return Event.objects.annotate(day=TruncDate("at")).filter(
        Q(object_type="people.institution", object_id=str(institution.pk))
        | Q(object_type="people.appointment", object_id__in=keys)
        | Q(Exists(appointed_then), actor__in=appointments.order_by().values("person"))
    )


def events_for_download(params: QueryDict, *, to: User) -> QuerySet[Event]:
    """The events of a download: those of the page on which it was requested."""
    events = Event.objects.all()
    if key := params.get("of_person"):
        events = events_of_person(get_object_or_404(people_named_to(to), pk=number(key)))
    elif key := params.get("of_institution"):
        institution = get_object_or_404(Institution.objects.visible_to(to), pk=number(key))
        events = events_of_institution(institution, to=to)
    elif kind := params.get("of_kind"):
        events = events_of_object(kind, params.get("of_key", ""))
    return narrow(events, TrailForm(params).filters(), to=to)


def number(key: str) -> int:
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return int(key)
