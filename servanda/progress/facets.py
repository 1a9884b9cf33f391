"""What the list can be narrowed by that tells what was done, and what three voices say of it."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.planning.facets import planning_facets
from servanda.progress import disagreeing
from servanda.progress.disagreeing import Disagreement
from servanda.progress.models import Assessment, Common, Voice
from servanda.progress.silence import LONG, named, published_updates, said_to, silent_for
from servanda.recommendations.counts import Audience, everybody
from servanda.recommendations.facets import WITHOUT, Facet, Option, public_facets
from servanda.recommendations.facets_above import ConditionFacet

VOICES, UPDATE = "voices", "update"
ASSESSED, WITH = "assessed", "with"


def follow_up_facets(user, audience: Audience) -> list[Facet]:
    """The facets of the desk with those of planning, and these."""
    return [*planning_facets(user, audience), *progress_facets(audience, user, on=timezone.localdate())]


def public_follow_up_facets() -> list[Facet]:
    """What everybody may narrow the published register by: of follow-up what is public."""
    return [*public_facets(), *progress_facets(everybody(), None, on=timezone.localdate())]


def progress_facets(audience: Audience, user, *, on: date) -> list[ConditionFacet]:
    said = said_to(audience, user)
    titles = {
        "action": (_("Action"), _("With an action"), _("Without an action"), said.actions),
        "indicator": (_("Indicator"), _("With an indicator"), _("Without an indicator"), said.indicators),
        "evidence": (_("Evidence"), _("With evidence"), _("Without evidence"), said.evidence),
    }
    there = [
        _facet(key, title, {WITH: present}, without, {WITH: named(rows), WITHOUT: ~named(rows)})
        for key, (title, present, without, rows) in titles.items()
    ]
    return [*(_of_voice(Voice(voice)) for voice in Voice), _of_voices(), _of_updates(on=on), *there]


def _of_voice(voice: Voice) -> ConditionFacet:
    """A record counts once for each value; several independent authors may give several."""
    said = Assessment.objects.latest().filter(voice=voice)
    sets = {str(common): named(said.filter(common=common)) for common in Common}
    titles = {
        Voice.GOVERNMENT: _("Status, as the government says"),
        Voice.MECHANISM: _("Status, as the mechanism says"),
        Voice.INDEPENDENT: _("Status, as independent voices say"),
    }
    labels = {common.value: common.label for common in Common}
    return _facet(voice.value, titles[voice], labels, _("Not assessed"), {**sets, WITHOUT: ~named(said)})


def _of_voices() -> ConditionFacet:
    said = named(Assessment.objects.latest())
    labels = {ASSESSED: _("Assessed by at least one")} | {one.value: one.label for one in Disagreement}
    sets = {ASSESSED: said, WITHOUT: ~said} | {one.value: disagreeing.where(one) for one in Disagreement}
    return _facet(VOICES, _("The three voices"), labels, _("Assessed by none"), sets)


def _of_updates(*, on: date) -> ConditionFacet:
    heard = named(published_updates())
    sets = {WITH: heard, WITHOUT: ~heard} | {f"older-{days}": silent_for(days, on=on) for days in LONG}
    labels = {WITH: _("With an update")}
    labels |= {f"older-{days}": _("More than %(days)d days ago") % {"days": days} for days in LONG}
    return _facet(UPDATE, _("Last update"), labels, _("Never"), sets, day=on)


def _facet(
    key: str, title: str, labels: Mapping[str, object], without: str, sets: Mapping[str, Q], day: date | None = None
) -> ConditionFacet:
    return ConditionFacet(
        key=key,
        title=title,
        options={value: Option(label, (value,)) for value, label in labels.items()},
        without=without,
        sets=sets,
        in_order=True,
        day=day.isoformat() if day else "",
    )
