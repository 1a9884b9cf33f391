"""Rules: add, change, retire, apply again, follow or decline a newer shipped version, restore an earlier one."""

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people import versioning
from servanda.people.models import User
from servanda.people.versioning import attribute, overwriting_conflict, refuse_if_changed
from servanda.trail.models import Event
from servanda.vocab.models import Body, Instrument, ObligationRule
from servanda.vocab.services.editing import filled
from servanda.vocab.services.loading import plain, value_of

LOCAL = "-local"
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleValues:
    """Everything about a rule that a person may set."""

    body: Body | None
    instrument: Instrument | None
    kind: str
    trigger: str
    offset: int | None
    unit: str
    every: int | None
    certainty: str
    force: str
    word_limit: int | None
    is_limit_advisable: bool
    counts: LazyI18nString
    clock: LazyI18nString
    note: LazyI18nString
    source: str
    verified_on: date | None
    is_to_verify: bool


VALUES = [field.name for field in fields(RuleValues)]
TEXTS = ("counts", "clock", "note")


@transaction.atomic
def add_rule(*, code: str, values: RuleValues, by: User) -> ObligationRule:
    """Add a rule of this instance. Raises `FieldRefused` if the code exists."""
    if ObligationRule.objects.filter(code=code).exists():
        raise FieldRefused("code", _("A rule with this code already exists. Enter another code."))
    rule = ObligationRule(code=code, is_own=True)
    difference = set_values(rule, values)
    attribute(rule, by=by, reason="rule-added")
    rule.save()
    Event.record("rule-added", rule, by=by, label=rule.code, difference=difference)
    return rule


@transaction.atomic
def edit_rule(*, rule: ObligationRule, values: RuleValues, seen: int, by: User) -> ObligationRule:
    """Change a rule of this instance. A shipped rule stays as it is: a local one with these values replaces it.

    Raises `ChangedMeanwhile` if another user saved the rule since the form was opened.
    """
    locked = lock(rule)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    if not locked.is_own:
        return replace_rule(locked, values, by=by)
    save_version(locked, "rule-edited", set_values(locked, values), by=by)
    return locked


def replace_rule(shipped: ObligationRule, values: RuleValues, *, by: User) -> ObligationRule:
    """Put a local rule in front of a shipped one, or use again the one that was retired.

    Raises `Refused` if another user has just put one there.
    """
    local = ObligationRule.objects.select_for_update().filter(replaces=shipped).first()
    if local is not None and not local.is_retired:
        sentence = _("A local rule already replaces this one. Change %(code)s instead.")
        raise Refused(sentence % {"code": local.code})
    if local is None:
        local = ObligationRule(code=local_code(shipped.code), is_own=True, replaces=shipped, order=shipped.order)
        for name in VALUES:
            setattr(local, name, getattr(shipped, name))
    local.is_retired, local.replaced_facts = False, shipped.facts
    difference = set_values(local, values)
    save_version(local, "rule-replaced", difference | {"replaces": ["", shipped.code]}, by=by)
    return local


@transaction.atomic
def retire_rule(*, rule: ObligationRule, by: User) -> None:
    """From now on the rule is not applied; what was computed from it stays. A shipped rule that it replaces applies
    again."""
    locked = turned(rule, is_retired=True)
    save_version(locked, "rule-retired", {}, by=by)


@transaction.atomic
def apply_rule_again(*, rule: ObligationRule, by: User) -> None:
    locked = turned(rule, is_retired=False)
    save_version(locked, "rule-applied-again", {}, by=by)


@transaction.atomic
def take_over_rule(*, rule: ObligationRule, by: User) -> None:
    """Set the local rule to what is shipped now."""
    locked = lock_outdated(rule)
    shipped = locked.replaces
    values = RuleValues(**{name: getattr(shipped, name) for name in VALUES})
    locked.replaced_facts = shipped.facts
    save_version(locked, "rule-taken-over", set_values(locked, values), by=by)


@transaction.atomic
def keep_rule(*, rule: ObligationRule, by: User) -> None:
    """Keep the local rule as it is, and stop showing this newer shipped version."""
    locked = lock_outdated(rule)
    locked.replaced_facts = locked.replaces.facts
    save_version(locked, "rule-kept", {}, by=by)


@transaction.atomic
def restore_rule_version(*, rule: ObligationRule, version: int, by: User) -> None:
    """Bring back the values of an earlier version, as a new one. Raises `Refused` if there is no such version."""
    locked = lock(rule)
    earlier = locked.history.filter(version=version).order_by("-history_id").first()
    if earlier is None or not locked.is_own:
        raise Refused(_("This version cannot be restored."))
    locked.replaced_facts, locked.is_retired = earlier.replaced_facts, earlier.is_retired
    values = RuleValues(**{name: getattr(earlier, name) for name in VALUES})
    save_version(locked, "rule-restored", set_values(locked, values), by=by)


def turned(rule: ObligationRule, *, is_retired: bool) -> ObligationRule:
    locked = lock(rule)
    if locked.is_retired == is_retired:
        raise Refused(_("Another user has just done this."))
    locked.is_retired = is_retired
    return locked


def lock(rule: ObligationRule) -> ObligationRule:
    return ObligationRule.objects.select_for_update(of=("self",)).select_related("replaces").get(pk=rule.pk)


def lock_outdated(rule: ObligationRule) -> ObligationRule:
    locked = lock(rule)
    if not locked.is_outdated:
        raise Refused(_("Another user has already decided on this version."))
    return locked


def set_values(rule: ObligationRule, values: RuleValues) -> dict[str, list]:
    """Write the values on the rule. Returns old and new value of each one that differs."""
    difference = {}
    for name in VALUES:
        value = getattr(values, name)
        value = filled(value) if name in TEXTS else value
        if value_of(rule, name) != plain(value):
            difference[name] = [in_trail(getattr(rule, name)), in_trail(value)]
            setattr(rule, name, value)
    return difference


def in_trail(value: object) -> str:
    return "" if value is None else str(value)


def save_version(rule: ObligationRule, action: str, difference: dict, *, by: User) -> None:
    versioning.save_version(rule, action, by=by)
    Event.record(action, rule, by=by, label=rule.code, difference=difference)


def local_code(code: str) -> str:
    return f"{code[: LONGEST_CODE - len(LOCAL)]}{LOCAL}"
