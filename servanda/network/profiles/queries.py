"""Profiles as pages and files show them: the directory, one profile, side by side, and gaps against guidance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Self

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from servanda.kit.database.word_filters import has_word, has_word_in_some_language
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.models import MechanismProfile, MechanismProfileQuerySet, ProfileFact
from servanda.network.profiles.fields import ChecklistItem, ProfileField, checklist, fields_by_code, groups
from servanda.people.models import Institution, User

MOST_WORDS = 8
MOST_SIDE_BY_SIDE = 4
OWN, RECEIVED, INVENTED, NO_SOURCE = "own", "received", "invented", "no-source"
WHICH = {
    OWN: _("Our own mechanism"),
    RECEIVED: _("Received from other systems"),
    INVENTED: _("Fictitious profiles"),
    NO_SOURCE: _("Source needed"),
}
BY_FIELD = ("type", "legal_level", "request_power", "system_public")  # choices that filter the directory


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFilter(ListFilter):
    words: str = ""
    type: str = ""
    legal_level: str = ""
    request_power: str = ""
    system_public: str = ""
    which: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        chosen = {code: choice(code, fields_by_code()[code].options) for code in BY_FIELD}
        return cls(words=words_in(params), which=choice("which", WHICH), number=page_number(params), **chosen)


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A field of a profile with what is known of it."""

    field: ProfileField
    lines: Sequence[object]  # the value as a person reads it; none if unknown
    fact: ProfileFact | None
    is_computed: bool = False
    link: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.lines)

    @property
    def lacks_source(self) -> bool:
        return self.is_known and not self.is_computed and not (self.fact and self.fact.source)

    @property
    def lacks_date(self) -> bool:
        return self.is_known and not self.is_computed and not (self.fact and self.fact.since)


@dataclass(frozen=True, slots=True)
class ShownGroup:
    code: str
    label: LazyI18nString
    facts: Sequence[ShownFact]
    is_editable: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    known: int
    fields: int
    without_source: int
    without_date: int

    @property
    def percent(self) -> int:
        return round(100 * self.known / self.fields)


@dataclass(frozen=True, slots=True)
class GapRow:
    """A line of guidance; `is_met` is None while the profile does not contain the value."""

    item: ChecklistItem
    is_met: bool | None


def find_profiles(user: User, filters: ProfileFilter) -> MechanismProfileQuerySet:
    found = MechanismProfile.objects.visible_to(user)
    for code in BY_FIELD:
        if value := getattr(filters, code):
            found = found.filter(Exists(current_fact().filter(field=code, value=value)))
    match filters.which:
        case "own":
            found = found.filter(is_own=True)
        case "received":
            found = found.exclude(origin="")
        case "invented":
            found = found.filter(is_invented=True)
        case "no-source":
            found = found.filter(Exists(current_fact().filter(source="")))
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(
            has_word("name", word) | Q(country__code__iexact=word) | has_word_in_some_language("country__name", word)
        )
    return with_facts(found)


def current_fact() -> QuerySet[ProfileFact]:
    return ProfileFact.objects.current().order_by().filter(profile=OuterRef("pk"))


def with_facts(found: MechanismProfileQuerySet) -> MechanismProfileQuerySet:
    """With the facts that apply now, as `current_facts`."""
    now = Prefetch("facts", ProfileFact.objects.current().order_by(), to_attr="current_facts")
    return found.select_related("country").prefetch_related(now)


def shown_groups(profile: MechanismProfile, computed: Mapping[str, str]) -> list[ShownGroup]:
    """All fields that apply to the profile, by groups; `computed` are the values of this system's own mechanism."""
    facts = {fact.field: fact for fact in profile.current_facts}
    names = institution_names(facts["members"].value) if "members" in facts else {}
    is_own = profile.is_own
    return [
        ShownGroup(
            group.code,
            group.label,
            [
                shown_fact(field, facts.get(field.code), computed if is_own else {}, names)
                for field in group.fields
                if field.applies(is_own=is_own)
            ],
            any(field.is_entered(is_own=is_own) for field in group.fields),
        )
        for group in groups().values()
    ]


def public_groups(profile: MechanismProfile, computed: Mapping[str, str]) -> list[ShownGroup]:
    """Groups and fields with a value, without those that name institutions of this system."""
    shown = [
        replace(group, facts=[fact for fact in group.facts if fact.is_known and not fact.field.is_own])
        for group in shown_groups(profile, computed)
    ]
    return [group for group in shown if group.facts]


def shown_fact(
    field: ProfileField, fact: ProfileFact | None, computed: Mapping[str, str], names: Mapping[str, object]
) -> ShownFact:
    value = fact.value if fact else ""
    if field.code in computed and field.is_computed_beside(value):
        return ShownFact(field, lines_of(field, computed[field.code], names), None, is_computed=True)
    return ShownFact(field, lines_of(field, value, names), fact, link=value if field.kind == "link" else "")


def lines_of(field: ProfileField, value: str, names: Mapping[str, object]) -> Sequence[object]:
    """What a person reads, a line each: labels of choices, names of institutions, numbers with their unit."""
    if not value:
        return []
    match field.kind:
        case "choice" | "checklist":
            return [field.options[code] for code in value.split() if code in field.options]
        case "institutions":
            return [names.get(code, code) for code in value.split()]
        case "date":
            return [date_format(date.fromisoformat(value), "DATE_FORMAT")]
        case "percent":
            return [_("%(percent)s%%") % {"percent": value}]
        case _:
            return value.splitlines()


def institution_names(value: str) -> dict[str, object]:
    return dict(Institution.objects.filter(code__in=value.split()).values_list("code", "name"))


def completeness_of(profile: MechanismProfile, computed: Mapping[str, str]) -> Completeness:
    known = {fact.field: fact for fact in profile.current_facts}
    fields = [field for field in fields_by_code().values() if field.applies(is_own=profile.is_own)]
    shown = shown_values({code: fact.value for code, fact in known.items()}, computed if profile.is_own else {})
    counted = [field for field in fields if field.code in shown]
    entered = [known[field.code] for field in fields if field.code in known and field not in counted]
    return Completeness(
        known=len(counted) + len(entered),
        fields=len(fields),
        without_source=sum(not fact.source for fact in entered),
        without_date=sum(not fact.since for fact in entered),
    )


def gaps_of(profile: MechanismProfile, computed: Mapping[str, str]) -> list[GapRow]:
    """The checklist compared with the profile."""
    entered = {fact.field: fact.value for fact in profile.current_facts}
    values = entered | shown_values(entered, computed if profile.is_own else {})
    return [
        GapRow(item, item.is_met_by(values[item.field]) if values.get(item.field) else None) for item in checklist()
    ]


def shown_values(entered: Mapping[str, str], computed: Mapping[str, str]) -> dict[str, str]:
    """The computed values that are shown, without those of fields that were entered instead."""
    fields = fields_by_code()
    return {code: value for code, value in computed.items() if fields[code].is_computed_beside(entered.get(code, ""))}


type FactsOfField = tuple[object, list[tuple[MechanismProfile, ShownFact]]]


def side_by_side(
    columns: Sequence[tuple[MechanismProfile, Sequence[ShownGroup]]],
) -> list[tuple[object, list[FactsOfField]]]:
    """Groups with a row for each field, and the facts of each profile in it, without fields of our own mechanism."""
    shown = [
        (profile, {fact.field.code: fact for group in parts for fact in group.facts}) for profile, parts in columns
    ]
    return [
        (
            group.label,
            [
                (field.label, [(profile, facts[field.code]) for profile, facts in shown])
                for field in group.fields
                if not field.is_own and any(facts[field.code].is_known for _profile, facts in shown)
            ],
        )
        for group in groups().values()
    ]


def gaps_side_by_side(
    profiles: Sequence[MechanismProfile], computed: Mapping[str, str]
) -> list[tuple[ChecklistItem, list[tuple[MechanismProfile, GapRow]]]]:
    """A row for each line of guidance, and the result of each profile in it."""
    by_profile = [(profile, gaps_of(profile, computed)) for profile in profiles]
    return [
        (item, [(profile, gaps[place]) for profile, gaps in by_profile]) for place, item in enumerate(checklist())
    ]


def former_facts(profile: MechanismProfile) -> list[tuple[ProfileField, ProfileFact, Sequence[object]]]:
    """Replaced facts, the newest first."""
    fields = fields_by_code()
    rows = profile.facts.filter(replaced_at__isnull=False, field__in=fields).order_by("-replaced_at", "-pk")
    return [(fields[fact.field], fact, lines_of(fields[fact.field], fact.value, {})) for fact in rows[:50]]


COLUMNS = ("state", "mechanism", "group", "field", "value", "since", "source", "origin")


def export_rows(profiles: Iterable[MechanismProfile], computed: Mapping[str, str]) -> Iterator[list[str]]:
    """A row for each known fact."""
    for profile in profiles:
        for group in shown_groups(profile, computed):
            for shown in group.facts:
                if shown.is_known:
                    yield export_row(profile, group, shown)


def export_row(profile: MechanismProfile, group: ShownGroup, shown: ShownFact) -> list[str]:
    value = "\n".join(str(line) for line in shown.lines)
    since = day_of(shown.fact.since) if shown.fact else ""
    source = shown.fact.source if shown.fact else str(_("Computed by this system"))
    place = [profile.country.code, profile.name, str(group.label), str(shown.field.label)]
    return [*place, value, since, source, profile.origin]


def day_of(day: date | None) -> str:
    return day.isoformat() if day else ""
