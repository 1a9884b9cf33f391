"""Undo what an import wrote to the plan, and the reasons why it cannot be undone."""

from collections.abc import Container, Iterable

from django.db import models

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.people.models import Institution, User
from servanda.planning.models import (
    Action,
    ActionCluster,
    ActionInstitution,
    ActionRecommendation,
    Assignment,
    BroughtInstitution,
    BroughtPlan,
    Indicator,
    IndicatorRecommendation,
    Measurement,
    Plan,
    PositionProposal,
)
from servanda.planning.plans.services import mark
from servanda.recommendations.models import Recommendation

MOST_NAMED = 10


def why_not_undone(batch: Batch) -> list[str]:
    obstacles = [
        *changed_assignments(batch),
        *changed_plan(batch),
        *made_by_hand(batch),
        *answered_since(batch),
    ]
    return [sentence % {"names": in_one_line(names)} for sentence, names in obstacles if names]


def in_one_line(names: Iterable[str]) -> str:
    unique = sorted(set(names))
    more = _(" and others") if len(unique) > MOST_NAMED else ""
    return ", ".join(unique[:MOST_NAMED]) + more


def changed_assignments(batch: Batch) -> list[tuple[str, list[str]]]:
    assignments = Assignment.objects.filter(brought_by=batch)
    codes = "recommendation__code"
    return [
        (
            _("Institutions have refused what this import assigned to them: %(names)s."),
            [*assignments.filter(refused_at__isnull=False).values_list(codes, flat=True)],
        ),
        (
            _("Assignments of this import were ended or replaced on these records: %(names)s."),
            [*assignments.filter(ended_at__isnull=False, refused_at=None).values_list(codes, flat=True)],
        ),
        (
            _("Assignments of this import are used elsewhere: %(names)s."),
            [*assignments.filter(pk__in=used(assignments, Assignment, ())).values_list(codes, flat=True)],
        ),
    ]


def changed_plan(batch: Batch) -> list[tuple[str, list[str]]]:
    edited = models.Q(version__gt=1) | models.Q(is_published=True) | models.Q(withdrawn_at__isnull=False)
    actions, indicators = Action.objects.filter(brought_by=batch), Indicator.objects.filter(brought_by=batch)
    answers = ActionRecommendation.objects.filter(action__in=actions).exclude(brought_by=batch)
    abouts = IndicatorRecommendation.objects.filter(indicator__in=indicators).exclude(brought_by=batch)
    values = Measurement.objects.filter(indicator__in=indicators).exclude(brought_by=batch)
    own = {ActionInstitution, ActionRecommendation, IndicatorRecommendation, Measurement}
    actions_used = used(actions, Action, own) | set(answers.values_list("action_id", flat=True))
    indicators_used = (
        used(indicators, Indicator, own)
        | set(abouts.values_list("indicator_id", flat=True))
        | set(values.values_list("indicator_id", flat=True))
    )
    corrected = Measurement.objects.filter(brought_by=batch, superseded_at__isnull=False)
    return [
        (
            _("Actions of this import were edited or published: %(names)s."),
            [*actions.filter(edited).values_list("code", flat=True)],
        ),
        (
            _("Actions of this import are used elsewhere: %(names)s."),
            [*actions.filter(pk__in=actions_used).values_list("code", flat=True)],
        ),
        (
            _("Indicators of this import were edited or published: %(names)s."),
            [*indicators.filter(edited).values_list("code", flat=True)],
        ),
        (
            _("Indicators of this import are used elsewhere: %(names)s."),
            [*indicators.filter(pk__in=indicators_used).values_list("code", flat=True)],
        ),
        (
            _("Values of this import were corrected: %(names)s."),
            [*corrected.values_list("indicator__code", flat=True)],
        ),
        (_("Plans of this import were edited or published: %(names)s."), edited_plans(batch)),
    ]


def edited_plans(batch: Batch) -> list[str]:
    imported = BroughtPlan.objects.filter(batch=batch).select_related("plan")
    return [str(row.plan) for row in imported if mark(row.plan) != row.mark]


def made_by_hand(batch: Batch) -> list[tuple[str, list[str]]]:
    """Planning data entered by hand on records that undoing the import would delete."""
    of_records = {"recommendation__added_by": batch}
    codes = "recommendation__code"

    def others(model: type[models.Model]) -> list[str]:
        rows = model._default_manager.filter(**of_records)
        has_batch = any(field.name == "brought_by" for field in model._meta.fields)
        return [*(rows.exclude(brought_by=batch) if has_batch else rows).values_list(codes, flat=True)]

    return [
        (_("Institutions were assigned to records of this import: %(names)s."), others(Assignment)),
        (_("Actions were added to records of this import: %(names)s."), others(ActionRecommendation)),
        (_("Indicators were linked to records of this import: %(names)s."), others(IndicatorRecommendation)),
        (_("Positions were proposed on records of this import: %(names)s."), others(PositionProposal)),
    ]


def answered_since(batch: Batch) -> list[tuple[str, list[str]]]:
    """What assigned institutions have written on their records since, in whichever room: each such row names both."""
    imported = Assignment.objects.filter(brought_by=batch)
    pairs = set(imported.values_list("recommendation_id", "institution_id"))
    record_ids: set[int] = set()
    for model in models_of_both() if pairs else ():
        rows = model._default_manager.filter(recommendation__in={record for record, _place in pairs})
        if any(field.name == "created_at" for field in model._meta.fields) and batch.applied_at:
            rows = rows.filter(created_at__gte=batch.applied_at)
        record_ids |= {pair[0] for pair in rows.values_list("recommendation_id", "institution_id") if pair in pairs}
    codes = Recommendation.objects.filter(pk__in=record_ids).values_list("code", flat=True)
    return [(_("Assigned institutions have worked on these records since: %(names)s."), [*codes])]


def models_of_both() -> list[type[models.Model]]:
    """Tables of other rooms whose rows name a record and an institution."""
    pointing = []
    for relation in Recommendation._meta.related_objects:
        model = relation.related_model
        names = {field.name: field for field in model._meta.fields}
        is_about = relation.field.name == "recommendation" and "institution" in names
        if is_about and model._meta.app_label != "planning" and names["institution"].related_model is Institution:
            pointing.append(model)
    return pointing


def used(rows: models.QuerySet, model: type[models.Model], own: Container[type[models.Model]]) -> set[int]:
    """The ids of these rows that rows of any room refer to, except those of the tables in `own`."""
    used_ids: set[int] = set()
    pks = rows.order_by().values("pk")
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is models.DO_NOTHING:
            continue
        if relation.related_model in own:
            continue
        name = relation.field.name
        others = relation.related_model._base_manager.filter(**{f"{name}__in": pks})
        used_ids |= set(others.values_list(name, flat=True))
    return used_ids


def undo(batch: Batch, *, by: User | None) -> None:
    """Delete what the import wrote, and its institutions and plans unless something else refers to them by now."""
    of_batch = {"brought_by": batch}
    for model in (Measurement, IndicatorRecommendation, ActionRecommendation, ActionCluster, Assignment):
        model._default_manager.filter(**of_batch).delete()
    Indicator.objects.filter(**of_batch).delete()
    Action.objects.filter(**of_batch).delete()
    plans = Plan.objects.filter(pk__in=BroughtPlan.objects.filter(batch=batch).values("plan"))
    unused_plans = set(plans.values_list("pk", flat=True)) - used(plans, Plan, {BroughtPlan})
    BroughtPlan.objects.filter(batch=batch).delete()
    Plan.objects.filter(pk__in=unused_plans).delete()
    created = BroughtInstitution.objects.filter(batch=batch, is_listed=False)
    institutions = Institution.objects.filter(pk__in=created.values("institution"))
    unused = set(institutions.values_list("pk", flat=True)) - used(institutions, Institution, {BroughtInstitution})
    created.delete()
    Institution.objects.filter(pk__in=unused).delete()
