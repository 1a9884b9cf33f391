"""Facets of follow-up: the follow-up of records, and their assessments."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.people.models import User
from servanda.progress.assessments import disagreement
from servanda.progress.assessments.disagreement import Disagreement
from servanda.progress.models import Common, Voice
from servanda.progress.records.countable import CountableRows, Own, countable_rows, countable_to, own_scopes
from servanda.progress.updates.inactivity import LONG, named
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facets import WITHOUT, Facet, Option
from servanda.recommendations.filters.registry import FacetContext
from servanda.recommendations.records.id_sets import Ids, compiled
from servanda.recommendations.register.figures import Plan
from servanda.vocab.models import Body

NO_WHOLES: Mapping[str, QuerySet[Body]] = MappingProxyType({})
VOICES, UPDATE = "voices", "update"
ACTION, INDICATOR, EVIDENCE = "action", "indicator", "evidence"
KEYS = frozenset({*Voice.values, VOICES, UPDATE, ACTION, INDICATOR, EVIDENCE})
ASSESSED, APART, WITH = "assessed", "apart", "with"
MAY_ASSESS, ASSESSED_THERE = (
    "may-assess",
    "assessed-there",
)  # records of bodies that assess; those that they have assessed


def record_facets(context: FacetContext) -> list[ConditionFacet]:
    return progress_facets(context.audience, context.user, on=context.on)


def voice_facets(audience: Audience, user: User | None, *, on: date) -> list[ConditionFacet]:
    """One facet for each voice."""
    return [facet for facet in progress_facets(audience, user, on=on) if facet.key in Voice.values]


def progress_facets(
    audience: Audience, user: User | None, *, on: date, within: Ids | None = None
) -> list[ConditionFacet]:
    """Facets of the records in `within` only, if it is given; then only the rows of these records are read."""
    titles = {
        ACTION: (_("Action"), _("With an action"), _("Without an action")),
        INDICATOR: (_("Indicator"), _("With an indicator"), _("No indicator")),
        EVIDENCE: (_("Evidence"), _("With evidence"), _("Without evidence")),
    }
    sets = _sets_for(audience, user, on=on) if within is None else _sets_within(audience, user, within, on=on)
    present = [
        _facet(key, title, {WITH: label}, without, sets[key], {WITHOUT: ("", WITH)})
        for key, (title, label, without) in titles.items()
    ]
    voices = [_of_voice(Voice(voice), sets[voice]) for voice in Voice.values]
    return [*voices, _of_voices(sets[VOICES]), _of_updates(sets[UPDATE], on=on), *present]


type Sets = Mapping[str, Mapping[str, Q]]  # by facet and value: the condition on records


def _sets_for(audience: Audience, user: User | None, *, on: date) -> Sets:
    """As text for the database: to put the conditions together takes longer than to ask them. Only text is kept; what
    it finds is read anew for each page."""
    for_everybody = sets_for_everybody(on, timezone.get_current_timezone_name())
    return {**for_everybody, **sets_for_some(audience.bodies, own_scopes(user))}


def _sets_within(audience: Audience, user: User | None, within: Ids, *, on: date) -> Sets:
    rows = countable_rows(audience, user, within)
    return {**_sets_of(rows, on=on), **_presence_of(rows)}


@lru_cache(maxsize=8)
def sets_for_everybody(on: date, _zone: str) -> Sets:
    """The conditions on voices and updates, which are the same whoever reads."""
    return _as_text(_sets_of(countable_to(frozenset(), ()), on=on))


@lru_cache(maxsize=64)
def sets_for_some(bodies: frozenset[str] | None, own: Own) -> Sets:
    """The conditions on actions, indicators and evidence, which differ with what a person may read."""
    return _as_text(_presence_of(countable_to(bodies, own)))


def _as_text(sets: Sets) -> Sets:
    return {
        key: {value: compiled(condition) for value, condition in conditions.items()}
        for key, conditions in sets.items()
    }


def _presence_of(rows: CountableRows) -> Sets:
    sets = {
        ACTION: named(rows.actions, rows.actions_through),
        INDICATOR: named(rows.indicators),
        EVIDENCE: named(rows.evidence),
    }
    return {key: {WITH: present, WITHOUT: ~present} for key, present in sets.items()}


def _sets_of(countable: CountableRows, *, on: date) -> Sets:
    """The condition for each facet and value. Several independent authors can give a record several values."""
    sets: dict[str, dict[str, Q]] = {}
    for voice in Voice.values:
        assessments = countable.assessments.filter(voice=voice)
        sets[voice] = {str(common): named(assessments.filter(common=common)) for common in Common}
        sets[voice] |= {ASSESSED: named(assessments), WITHOUT: ~named(assessments)}
        if voice == Voice.MECHANISM:  # records of bodies that never assess are not "not assessed"
            assessing = Q(body__in=Body.objects.assessing().order_by().values("pk"))
            sets[voice] |= {WITHOUT: assessing & ~named(assessments), ASSESSED_THERE: assessing & named(assessments)}
    any_voice = named(countable.assessments)
    apart = disagreement.several_steps(countable.assessments)
    sets[VOICES] = {ASSESSED: any_voice, APART: apart, WITHOUT: ~any_voice}
    updated = countable.with_update()
    since = {days: countable.with_update(since=on - timedelta(days=days)) for days in LONG}
    sets[UPDATE] = {WITH: updated, WITHOUT: ~updated, **{f"since-{days}": lately for days, lately in since.items()}}
    sets[UPDATE] |= {f"older-{days}": updated & ~lately for days, lately in since.items()}
    return sets


def _of_voice(voice: Voice, sets: Mapping[str, Q]) -> ConditionFacet:
    titles = {
        Voice.GOVERNMENT: _("Government assessment"),
        Voice.MECHANISM: _("Mechanism assessment"),
        Voice.INDEPENDENT: _("Independent assessment"),
    }
    labels = {common.value: common.label for common in Common}
    rest, wholes = {WITHOUT: ("", ASSESSED)}, {}
    if voice == Voice.MECHANISM:
        rest, wholes = {WITHOUT: (MAY_ASSESS, ASSESSED_THERE)}, {MAY_ASSESS: Body.objects.assessing()}
    return _facet(voice.value, titles[voice], labels, _("Not assessed"), sets, rest, wholes=wholes)


def _of_voices(sets: Mapping[str, Q]) -> ConditionFacet:
    labels = {ASSESSED: _("At least one assessment"), APART: Disagreement.ANY.label}
    return _facet(VOICES, _("All assessments"), labels, _("No assessment"), sets, {WITHOUT: ("", ASSESSED)})


def _of_updates(sets: Mapping[str, Q], *, on: date) -> ConditionFacet:
    """Count the records with an update since a day; older updates are the remainder."""
    rest = {WITHOUT: ("", WITH), **{f"older-{days}": (WITH, f"since-{days}") for days in LONG}}
    labels = {WITH: _("With an update")}
    labels |= {f"older-{days}": _("More than %(days)d days ago") % {"days": days} for days in LONG}
    return _facet(UPDATE, _("Last update"), labels, _("No update yet"), sets, rest, day=on)


def _facet(
    key: str,
    title: str,
    labels: Mapping[str, object],
    without: str,
    sets: Mapping[str, Q],
    rest: Mapping[str, tuple[str, str]],
    day: date | None = None,
    wholes: Mapping[str, QuerySet[Body]] = NO_WHOLES,
) -> ConditionFacet:
    return ConditionFacet(
        key=key,
        title=title,
        options={value: Option(label, (value,)) for value, label in labels.items()},
        without=without,
        sets=sets,
        rest=rest,
        wholes=wholes,
        in_order=True,
        day=day.isoformat() if day else "",
    )


def voice_plans(voices: Sequence[Facet]) -> Mapping[str, Plan]:
    """One chart for each voice, in the order of the scale."""
    return {facet.key: Plan(facet.title, in_order=True, without_apart=True) for facet in voices}
