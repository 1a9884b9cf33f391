"""Indicators: what is counted and towards which target, and which records and actions they tell of."""

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import attribute, difference_of, refuse_if_changed, save_version
from servanda.planning.assignments.services import lock_record, required_reason
from servanda.planning.indicators.rules import (
    Metadata,
    SaidDimension,
    refuse_impossible_dimensions,
    refuse_impossible_sheet,
    refuse_without_right,
)
from servanda.planning.models import Action, Dimension, Indicator, IndicatorRecommendation
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

TOLD = [one.name for one in fields(Metadata) if one.name not in {"definition", "formula"}]


@transaction.atomic
def add_indicator(*, said: Metadata, recommendations: Sequence[Recommendation] = (), by: User) -> Indicator:
    """A new indicator, which may tell of records from the start."""
    refuse_without_right(by)
    refuse_impossible_sheet(said, None)
    made = Indicator(created_by=by)
    put(made, said)
    attribute(made, by=by, reason="indicator-added")
    made.save()
    links = [IndicatorRecommendation(indicator=made, recommendation=lock_record(one)) for one in recommendations]
    IndicatorRecommendation.objects.bulk_create(links)
    Event.record("indicator-added", made, by=by, difference={"records": ["", [one.code for one in recommendations]]})
    return made


@transaction.atomic
def edit_indicator(*, indicator: Indicator, said: Metadata, seen: int, by: User) -> Indicator:
    refuse_without_right(by)
    held = lock(indicator, seen=seen)
    refuse_impossible_sheet(said, held)
    before = told(held)
    put(held, said)
    save_version(held, "indicator-edited", by=by, difference=difference_of(before, told(held)))
    return held


@transaction.atomic
def set_dimensions(*, indicator: Indicator, dimensions: Sequence[SaidDimension], seen: int, by: User) -> None:
    """By what the values are broken down; what values use already stays."""
    refuse_without_right(by)
    held = lock(indicator, seen=seen)
    refuse_impossible_dimensions(held, dimensions)
    there = {one.code: one for one in held.dimensions.all()}
    held.dimensions.exclude(code__in=[one.code for one in dimensions]).delete()
    for one in dimensions:
        kept = there.get(one.code) or Dimension(indicator=held, code=one.code)
        if str(kept.name or "") != one.name:
            kept.name = one.name
        kept.categories = "\n".join(one.categories)
        kept.save()
    now = {one.code: ["", ", ".join(one.categories)] for one in dimensions}
    save_version(held, "dimensions-set", by=by, difference=now)


@transaction.atomic
def withdraw_indicator(*, indicator: Indicator, reason: str, by: User) -> None:
    """Out of every list; its values stay, and it can be put back."""
    refuse_without_right(by)
    held = lock(indicator)
    held.withdrawn_at, held.withdrawn_by, held.withdrawal_reason = timezone.now(), by, required_reason(reason)
    save_version(held, "indicator-withdrawn", by=by, difference={"reason": ["", held.withdrawal_reason]})


@transaction.atomic
def restore_indicator(*, indicator: Indicator, by: User) -> None:
    refuse_without_right(by)
    held = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if held.withdrawn_at is None:
        raise Refused(_("This indicator was not withdrawn."))
    held.withdrawn_at, held.withdrawn_by, held.withdrawal_reason = None, None, ""
    save_version(held, "indicator-restored", by=by, difference={})


@transaction.atomic
def link_indicator(*, indicator: Indicator, recommendation: Recommendation, weight: str, by: User) -> None:
    """Say that the indicator tells something of the record; said again, the weight is the newer one."""
    refuse_without_right(by)
    record, held = lock_record(recommendation), lock(indicator)
    there = IndicatorRecommendation.objects.filter(indicator=held, recommendation=record).first()
    if there and there.weight == weight:
        raise Refused(_("%(indicator)s tells of this record already.") % {"indicator": held.code})
    IndicatorRecommendation.objects.update_or_create(
        indicator=held, recommendation=record, defaults={"weight": weight}
    )
    Event.record("indicator-linked", held, by=by, difference={"record": ["", record.code], "weight": ["", weight]})


@transaction.atomic
def unlink_indicator(*, link: IndicatorRecommendation, by: User) -> None:
    refuse_without_right(by)
    held, code = lock(link.indicator), link.recommendation.code
    IndicatorRecommendation.objects.filter(pk=link.pk).delete()
    Event.record("indicator-unlinked", held, by=by, difference={"record": [code, ""]})


@transaction.atomic
def link_actions(*, indicator: Indicator, actions: Sequence[Action], by: User) -> None:
    """Which actions are seen by this indicator: all of them, in place of those said before."""
    refuse_without_right(by)
    held = lock(indicator)
    before = sorted(held.actions.values_list("code", flat=True))
    held.actions.set(actions)
    after = sorted(one.code for one in actions)
    if before != after:
        Event.record("indicator-actions-set", held, by=by, difference={"actions": [before, after]})


@transaction.atomic
def override_progress(*, indicator: Indicator, percent: Decimal, reason: str, by: User) -> None:
    """Say the progress by hand, with a reason; the computed one stays beside it."""
    refuse_without_right(by)
    held = lock(indicator)
    if not 0 <= percent <= 100:
        raise FieldRefused("percent", _("Progress is a share: say a number from 0 to 100."))
    before = held.progress_override
    held.progress_override, held.override_reason = percent, required_reason(reason)
    held.override_by, held.override_at = by, timezone.now()
    pairs = {"progress": [before, percent], "reason": ["", held.override_reason]}
    save_version(held, "progress-overridden", by=by, difference=pairs)


@transaction.atomic
def clear_override(*, indicator: Indicator, by: User) -> None:
    refuse_without_right(by)
    held = lock(indicator)
    if held.progress_override is None:
        raise Refused(_("No progress was said by hand."))
    before = [held.progress_override, ""]
    held.progress_override, held.override_reason, held.override_by, held.override_at = None, "", None, None
    save_version(held, "override-cleared", by=by, difference={"progress": before})


def lock(indicator: Indicator, *, seen: int | None = None) -> Indicator:
    held = Indicator.objects.kept().select_for_update().filter(pk=indicator.pk).first()
    if held is None:
        raise Refused(_("This indicator was withdrawn meanwhile. Nothing was saved."))
    sentence = _("%(code)s was saved by somebody else while you were writing. Compare, then save again.")
    refuse_if_changed(held.version, seen, sentence % {"code": held.code})
    return held


def put(held: Indicator, said: Metadata) -> None:
    held.code, held.name, held.kind = said.code, clean_label(said.name), said.kind
    held.right, held.attribute = said.right, clean_label(said.attribute)
    held.definition, held.formula = clean(said.definition), clean(said.formula)
    held.unit, held.unit_words, held.source = said.unit, clean_label(said.unit_words), clean_label(said.source)
    held.custodian, held.direction = said.custodian, said.direction
    held.baseline, held.baseline_on = said.baseline, said.baseline_on
    held.target, held.target_on, held.target_source = said.target, said.target_on, clean_label(said.target_source)
    held.schedule, held.next_due_on = said.schedule, said.next_due_on
    held.sdg_indicator, held.method_version = said.sdg_indicator, clean_label(said.method_version)
    held.is_published = said.is_published


def told(held: Indicator) -> dict[str, object]:
    """What the trail keeps of it: facts, not the long texts."""
    shown = {name: getattr(held, name) for name in TOLD}
    return {name: str(value) if value not in (None, "") else "" for name, value in shown.items()}
