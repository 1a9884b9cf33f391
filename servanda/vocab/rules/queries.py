"""The list of rules, its file, and one rule as a page shows it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from servanda.kit.database.word_filters import has_word, has_word_in_some_language
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.vocab.models import Force, ObligationKind, ObligationRule

MOST_WORDS = 8
TRANSLATED = ("body__name", "instrument__name", "note")
APPLIED, UNVERIFIED, LOCAL, NEWER, RETIRED = "applied", "unverified", "local", "newer", "retired"
SHOWN = {
    APPLIED: _("Applied"),
    UNVERIFIED: capfirst(_("to be verified")),
    LOCAL: capfirst(_("added or changed locally")),
    NEWER: _("Newer version shipped"),
    RETIRED: capfirst(_("no longer applied")),
}
NUMBERS = ("offset", "every", "word_limit")
COLUMNS = ("code", "body", "instrument", "kind", "trigger", "offset", "unit", "every", "certainty", "force")
COLUMNS += ("word_limit", "is_limit_advisable", "counts", "clock", "note", "source", "verified_on", "is_to_verify")
LABELS = {name: capfirst(ObligationRule._meta.get_field(name).verbose_name) for name in COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFilter(ListFilter):
    words: str = ""
    body: str = ""
    kind: str = ""
    force: str = ""
    shown: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            body=words_in(params, "body"),
            kind=choice("kind", ObligationKind.values),
            force=choice("force", Force.values),
            shown=choice("shown", SHOWN),
            number=page_number(params),
        )


def find_rules(filters: RuleFilter) -> QuerySet[ObligationRule]:
    """The rules that match; a shipped rule with a local one in front of it is on the page of that one."""
    rules = ObligationRule.objects.all()
    hidden = rules.replacing().values("replaces")
    rules = rules.exclude(pk__in=hidden).select_related("body", "instrument", "replaces")
    exact = {"body__code": filters.body, "kind": filters.kind, "force": filters.force}
    rules = rules.filter(**{name: value for name, value in exact.items() if value})
    for word in filters.words.split()[:MOST_WORDS]:
        plain = [has_word(place, word) for place in ("code", "source", "body__code")]
        rules = rules.filter(any_of(plain + [has_word_in_some_language(place, word) for place in TRANSLATED]))
    return narrow(rules, filters.shown)


def any_of(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def narrow(rules: QuerySet[ObligationRule], shown: str) -> QuerySet[ObligationRule]:
    match shown:
        case "applied":
            return rules.filter(is_retired=False)
        case "unverified":
            return rules.filter(is_to_verify=True)
        case "local":
            return rules.filter(is_own=True)
        case "newer":
            return rules.filter(pk__in=[rule.pk for rule in rules.exclude(replaces=None) if rule.is_outdated])
        case "retired":
            return rules.filter(is_retired=True)
    return rules


def export_rows(rules: Iterable[ObligationRule]) -> Iterator[list[str | int]]:
    """Each rule with the words of the page, in the order of `COLUMNS`; numbers stay numbers."""
    for rule in rules:
        numbers = {name: value for name in NUMBERS if (value := getattr(rule, name)) is not None}
        yield [numbers.get(name) or in_words(rule, name) for name in COLUMNS]


def in_words(rule: ObligationRule, name: str) -> str:
    """A value as people read it."""
    if rule._meta.get_field(name).choices:
        return str(getattr(rule, f"get_{name}_display")())
    value = getattr(rule, name)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact in which the local rule, the shipped one it was made from, or the shipped one of today differ."""

    label: object
    local: str
    shipped: str
    is_new: bool


def compared(rule: ObligationRule) -> list[Compared]:
    """Where the local rule differs from what is shipped now, and what is new in that."""
    if rule.replaces is None:
        return []
    new = rule.changed_facts
    return [
        Compared(LABELS[name], in_words(rule, name), in_words(rule.replaces, name), name in new)
        for name in rule.FACTS
        if name in new or getattr(rule, name) != getattr(rule.replaces, name)
    ]
