"""Indicators: add, edit, withdraw, restore, set dimensions, link to records and actions, override the progress."""

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import attribute, difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.planning.assignments.services import lock_record
from servanda.planning.indicators.rules import (
    DimensionValues,
    Metadata,
    refuse_impossible_dimensions,
    refuse_impossible_sheet,
    refuse_without_right,
)
from servanda.planning.models import Action, Dimension, Indicator, IndicatorRecommendation
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

TRAIL_FIELDS = [field.name for field in fields(Metadata) if field.name not in {"definition", "formula"}]


@transaction.atomic
def add_indicator(*, values: Metadata, recommendations: Sequence[Recommendation] = (), by: User) -> Indicator:
    """Add an indicator, and link it to these records.

    Raises `Refused` if this person may not edit the plan, and `FieldRefused` for invalid metadata.
    """
    refuse_without_right(by)
    refuse_impossible_sheet(values, None)
    indicator = Indicator(created_by=by)
    set_fields(indicator, values)
    attribute(indicator, by=by, reason="indicator-added")
    indicator.save()
    links = [
        IndicatorRecommendation(indicator=indicator, recommendation=lock_record(record)) for record in recommendations
    ]
    IndicatorRecommendation.objects.bulk_create(links)
    Event.record(
        "indicator-added", indicator, by=by, difference={"records": ["", [record.code for record in recommendations]]}
    )
    return indicator


@transaction.atomic
def edit_indicator(*, indicator: Indicator, values: Metadata, seen: int, by: User) -> Indicator:
    refuse_without_right(by)
    indicator = lock(indicator, seen=seen)
    refuse_impossible_sheet(values, indicator)
    before = trail_facts(indicator)
    set_fields(indicator, values)
    save_version(indicator, "indicator-edited", by=by, difference=difference_of(before, trail_facts(indicator)))
    return indicator


@transaction.atomic
def set_dimensions(*, indicator: Indicator, dimensions: Sequence[DimensionValues], seen: int, by: User) -> None:
    """Replace the dimensions; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `FieldRefused` if a dimension is invalid or values use one
    that would go.
    """
    refuse_without_right(by)
    indicator = lock(indicator, seen=seen)
    refuse_impossible_dimensions(indicator, dimensions)
    present = {dimension.code: dimension for dimension in indicator.dimensions.all()}
    indicator.dimensions.exclude(code__in=[dimension.code for dimension in dimensions]).delete()
    for dimension in dimensions:
        row = present.get(dimension.code) or Dimension(indicator=indicator, code=dimension.code)
        if str(row.name or "") != dimension.name:
            row.name = dimension.name
        row.categories = "\n".join(dimension.categories)
        row.save()
    difference = {dimension.code: ["", ", ".join(dimension.categories)] for dimension in dimensions}
    save_version(indicator, "dimensions-set", by=by, difference=difference)


@transaction.atomic
def withdraw_indicator(*, indicator: Indicator, reason: str, by: User) -> None:
    """Withdraw with a reason; its values stay, and it can be restored. Raises `Refused` without a reason."""
    refuse_without_right(by)
    indicator = lock(indicator)
    indicator.withdrawn_at, indicator.withdrawn_by, indicator.withdrawal_reason = (
        timezone.now(),
        by,
        required_reason(reason),
    )
    save_version(indicator, "indicator-withdrawn", by=by, difference={"reason": ["", indicator.withdrawal_reason]})


@transaction.atomic
def restore_indicator(*, indicator: Indicator, by: User) -> None:
    refuse_without_right(by)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if indicator.withdrawn_at is None:
        raise Refused(_("This indicator was not withdrawn."))
    indicator.withdrawn_at, indicator.withdrawn_by, indicator.withdrawal_reason = None, None, ""
    save_version(indicator, "indicator-restored", by=by, difference={})


@transaction.atomic
def link_indicator(*, indicator: Indicator, recommendation: Recommendation, weight: str, by: User) -> None:
    """Link the indicator to a record, or change the weight. Raises `Refused` if it is linked with this weight
    already."""
    refuse_without_right(by)
    record, indicator = lock_record(recommendation), lock(indicator)
    existing = IndicatorRecommendation.objects.filter(indicator=indicator, recommendation=record).first()
    if existing and existing.weight == weight:
        sentence = _("%(indicator)s is already linked to record %(code)s.")
        raise Refused(sentence % {"indicator": indicator.code, "code": record.code})
    IndicatorRecommendation.objects.update_or_create(
        indicator=indicator, recommendation=record, defaults={"weight": weight}
    )
    Event.record(
        "indicator-linked", indicator, by=by, difference={"record": ["", record.code], "weight": ["", weight]}
    )


@transaction.atomic
def unlink_indicator(*, link: IndicatorRecommendation, by: User) -> None:
    refuse_without_right(by)
    indicator, code = lock(link.indicator), link.recommendation.code
    IndicatorRecommendation.objects.filter(pk=link.pk).delete()
    Event.record("indicator-unlinked", indicator, by=by, difference={"record": [code, ""]})


@transaction.atomic
def link_actions(*, indicator: Indicator, actions: Sequence[Action], by: User) -> None:
    """Replace the actions of the indicator. Raises `Refused` without the right to change indicators."""
    refuse_without_right(by)
    indicator = lock(indicator)
    before = sorted(indicator.actions.values_list("code", flat=True))
    indicator.actions.set(actions)
    after = sorted(action.code for action in actions)
    if before != after:
        Event.record("indicator-actions-set", indicator, by=by, difference={"actions": [before, after]})


@transaction.atomic
def override_progress(*, indicator: Indicator, percent: Decimal, reason: str, by: User) -> None:
    """Enter the progress by hand, with a reason; the computed one is shown beside it.

    Raises `FieldRefused` for a number outside of 0 to 100, and `Refused` without a reason.
    """
    refuse_without_right(by)
    indicator = lock(indicator)
    if not 0 <= percent <= 100:
        raise FieldRefused("percent", _("Enter the progress as a number between 0 and 100."))
    before = indicator.progress_override
    indicator.progress_override, indicator.override_reason = percent, required_reason(reason)
    indicator.override_by, indicator.override_at = by, timezone.now()
    pairs = {"progress": [before, percent], "reason": ["", indicator.override_reason]}
    save_version(indicator, "progress-overridden", by=by, difference=pairs)


@transaction.atomic
def clear_override(*, indicator: Indicator, by: User) -> None:
    refuse_without_right(by)
    indicator = lock(indicator)
    if indicator.progress_override is None:
        raise Refused(_("No progress was entered manually."))
    before = [indicator.progress_override, ""]
    indicator.progress_override, indicator.override_reason, indicator.override_by, indicator.override_at = (
        None,
        "",
        None,
        None,
    )
    save_version(indicator, "override-cleared", by=by, difference={"progress": before})


def lock(indicator: Indicator, *, seen: int | None = None) -> Indicator:
    locked = Indicator.objects.kept().select_for_update().filter(pk=indicator.pk).first()
    if locked is None:
        raise Refused(_("This indicator was withdrawn while you were editing. No changes were saved."))
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.code))
    return locked


def set_fields(indicator: Indicator, values: Metadata) -> None:
    indicator.code, indicator.name, indicator.kind = values.code, clean_label(values.name), values.kind
    indicator.right, indicator.attribute = values.right, clean_label(values.attribute)
    indicator.definition, indicator.formula = clean(values.definition), clean(values.formula)
    indicator.unit, indicator.unit_words, indicator.source = (
        values.unit,
        clean_label(values.unit_words),
        clean_label(values.source),
    )
    indicator.custodian, indicator.direction = values.custodian, values.direction
    indicator.baseline, indicator.baseline_on = values.baseline, values.baseline_on
    indicator.target, indicator.target_on, indicator.target_source = (
        values.target,
        values.target_on,
        clean_label(values.target_source),
    )
    indicator.schedule, indicator.next_due_on = values.schedule, values.next_due_on
    indicator.sdg_indicator, indicator.method_version = values.sdg_indicator, clean_label(values.method_version)
    indicator.is_published = values.is_published


def trail_facts(indicator: Indicator) -> dict[str, object]:
    """The facts for the trail, without the long texts."""
    values = {name: getattr(indicator, name) for name in TRAIL_FIELDS}
    return {name: str(value) if value not in (None, "") else "" for name, value in values.items()}
