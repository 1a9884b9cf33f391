"""What the list can be narrowed by that tells what was done, and what the voices say of it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.people.models import User
from servanda.planning.assignments.facets import planning_facets
from servanda.progress.assessments import disagreement
from servanda.progress.assessments.disagreement import Disagreement
from servanda.progress.models import Common, Voice
from servanda.progress.records.countable import CountableRows, said_to
from servanda.progress.updates.inactivity import LONG, named
from servanda.recommendations.counting.counts import Audience, everybody
from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facets import WITHOUT, Facet, Option, public_facets
from servanda.recommendations.filters.follow_up import follow_up_facet
from servanda.recommendations.records.id_sets import Ids, compiled
from servanda.recommendations.register.figures import Plan
from servanda.vocab.models import Body

NO_WHOLES: Mapping[str, QuerySet[Body]] = MappingProxyType({})
VOICES, UPDATE = "voices", "update"
ASSESSED, APART, WITH = "assessed", "apart", "with"
MAY_ASSESS, ASSESSED_THERE = "may-assess", "assessed-there"  # records of bodies that assess; those they assessed


def follow_up_facets(user: User, audience: Audience) -> list[Facet]:
    """The facets of the desk with those of planning, and these."""
    today = timezone.localdate()
    return [
        *planning_facets(user, audience),
        follow_up_facet(on=today),
        *progress_facets(audience, user, on=today),
    ]


def public_follow_up_facets() -> list[Facet]:
    """What everybody may narrow the published register by: of follow-up what is public."""
    today = timezone.localdate()
    return [*public_facets(), follow_up_facet(on=today), *progress_facets(everybody(), None, on=today)]


def voice_facets(audience: Audience, user: User | None, *, on: date) -> list[ConditionFacet]:
    """What each of the voices says."""
    return [facet for facet in progress_facets(audience, user, on=on) if facet.key in Voice.values]


def progress_facets(
    audience: Audience, user: User | None, *, on: date, within: Ids | None = None
) -> list[ConditionFacet]:
    """Of some records only, where `within` says so: then their rows alone are read."""
    said = said_to(audience, user, within)
    sets = (
        _sets_of(said, on=on) if within is not None else sets_for_everybody(on, timezone.get_current_timezone_name())
    )
    titles = {
        "action": (_("Action"), _("With an action"), _("Without an action"), (said.actions, said.actions_through)),
        "indicator": (_("Indicator"), _("With an indicator"), _("Without an indicator"), (said.indicators,)),
        "evidence": (_("Evidence"), _("With evidence"), _("Without evidence"), (said.evidence,)),
    }
    there = [
        _facet(
            key, title, {WITH: present}, without, {WITH: named(*rows), WITHOUT: ~named(*rows)}, {WITHOUT: ("", WITH)}
        )
        for key, (title, present, without, rows) in titles.items()
    ]
    voices = [_of_voice(Voice(voice), sets[voice]) for voice in Voice.values]
    return [*voices, _of_voices(sets[VOICES]), _of_updates(sets[UPDATE], on=on), *there]


type Sets = Mapping[str, Mapping[str, Q]]  # by facet and value: the condition on records


@lru_cache(maxsize=8)
def sets_for_everybody(on: date, _zone: str) -> Sets:
    """What voices and updates say is asked in the same words whoever reads. They are kept as words for the database:
    to put the questions together takes longer than to answer them."""
    sets = _sets_of(said_to(everybody()), on=on)
    return {key: {name: compiled(one) for name, one in some.items()} for key, some in sets.items()}


def _sets_of(said: CountableRows, *, on: date) -> Sets:
    """A record counts once for each value of a voice; several independent authors may give several."""
    sets: dict[str, dict[str, Q]] = {}
    for voice in Voice.values:
        says = said.assessments.filter(voice=voice)
        sets[voice] = {str(common): named(says.filter(common=common)) for common in Common}
        sets[voice] |= {ASSESSED: named(says), WITHOUT: ~named(says)}
        if voice == Voice.MECHANISM:  # what a body does not assess at all is not "not assessed"
            assessing = Q(body__in=Body.objects.assessing().order_by().values("pk"))
            sets[voice] |= {WITHOUT: assessing & ~named(says), ASSESSED_THERE: assessing & named(says)}
    any_voice = named(said.assessments)
    apart = disagreement.several_steps(said.assessments)
    sets[VOICES] = {ASSESSED: any_voice, APART: apart, WITHOUT: ~any_voice}
    heard = said.heard()
    since = {days: said.heard(since=on - timedelta(days=days)) for days in LONG}
    sets[UPDATE] = {WITH: heard, WITHOUT: ~heard, **{f"since-{days}": lately for days, lately in since.items()}}
    sets[UPDATE] |= {f"older-{days}": heard & ~lately for days, lately in since.items()}
    return sets


def _of_voice(voice: Voice, sets: Mapping[str, Q]) -> ConditionFacet:
    titles = {
        Voice.GOVERNMENT: _("Status, as the government says"),
        Voice.MECHANISM: _("Status, as the mechanism says"),
        Voice.INDEPENDENT: _("Status, as independent voices say"),
    }
    labels = {common.value: common.label for common in Common}
    rest, wholes = {WITHOUT: ("", ASSESSED)}, {}
    if voice == Voice.MECHANISM:
        rest, wholes = {WITHOUT: (MAY_ASSESS, ASSESSED_THERE)}, {MAY_ASSESS: Body.objects.assessing()}
    return _facet(voice.value, titles[voice], labels, _("Not assessed"), sets, rest, wholes=wholes)


def _of_voices(sets: Mapping[str, Q]) -> ConditionFacet:
    labels = {ASSESSED: _("Assessed by at least one"), APART: Disagreement.ANY.label}
    return _facet(VOICES, _("All voices together"), labels, _("Assessed by none"), sets, {WITHOUT: ("", ASSESSED)})


def _of_updates(sets: Mapping[str, Q], *, on: date) -> ConditionFacet:
    """What was heard since a day is counted; what is older is the rest."""
    rest = {WITHOUT: ("", WITH), **{f"older-{days}": (WITH, f"since-{days}") for days in LONG}}
    labels = {WITH: _("With an update")}
    labels |= {f"older-{days}": _("More than %(days)d days ago") % {"days": days} for days in LONG}
    return _facet(UPDATE, _("Last update"), labels, _("Never"), sets, rest, day=on)


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
    """One figure for each voice, in the order of the scale: they are never merged."""
    return {facet.key: Plan(facet.title, in_order=True) for facet in voices}
