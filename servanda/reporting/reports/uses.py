"""Which facts the sections of a report quote already."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from servanda.people.models import User
from servanda.reporting.facts.registry import Fact, FactSource
from servanda.reporting.models import Quotation, ReportSection
from servanda.reporting.reports.scope import context_of, end_of_facts

MOST_USED = 100
LONGEST_LABEL = 240
# The condition for quotations whose mark is still in the text.
IN_TEXT = Q(section__text__contains=Concat(Value("[^"), Cast("number", CharField()), Value("]")))


@dataclass(slots=True)
class Uses:
    """By source and key of a fact: those that the section has quoted, and the headings of other sections whose text
    quotes it, as far as the person reads them."""

    own: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    others: defaultdict[str, dict[int, list[str]]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that the section does not quote yet, and other sections do."""

    key: str
    fact: Fact
    headings: Sequence[str]

    def __str__(self) -> str:
        words = ": ".join(filter(None, [self.fact.lead or self.fact.title, " ".join(self.fact.text.split())]))
        named = {"fact": Truncator(words).chars(LONGEST_LABEL), "sections": in_quotes(self.headings)}
        return _("%(fact)s (used in %(sections)s)") % named


def in_quotes(headings: Sequence[str]) -> str:
    return ", ".join(f"“{heading}”" for heading in headings)


def uses_of(section: ReportSection, user: User) -> Uses:
    """A fact whose quotation was deleted in the section counts as quoted there, so that the next draft does not
    bring it back, unless no quotation is left in the text."""
    found = Uses(others=used_elsewhere(section, user))
    rows = Quotation.objects.filter(section=section.pk).annotate(is_left=IN_TEXT)
    quoted = list(rows.values_list("source", "object_id", "is_left"))
    is_any_left = any(is_left for _code, _key, is_left in quoted)
    for code, key, _is_left in quoted if is_any_left else []:
        if key.isdecimal():
            found.own[code].add(int(key))
    return found


def used_elsewhere(section: ReportSection, user: User) -> defaultdict[str, dict[int, list[str]]]:
    found: defaultdict[str, dict[int, list[str]]] = defaultdict(dict)
    others = quoted_in_text(ReportSection.objects.readable_by(user).filter(report=section.report_id))
    others = others.exclude(section=section.pk).order_by("section__place", "section", "number")
    for code, key, heading in others.values_list("source", "object_id", "section__heading"):
        headings = found[code].setdefault(int(key), []) if key.isdecimal() else []
        if heading not in headings:
            headings.append(heading)
    return found


def quoted_in_text(sections: QuerySet) -> QuerySet[Quotation]:
    """Those whose mark is still in the text."""
    return Quotation.objects.filter(IN_TEXT, section__in=sections.order_by().values("pk"))


def used_facts(section: ReportSection, sources: Sequence[FactSource], user: User) -> list[UsedFact]:
    """Those of these sources that only other sections quote, in the language of the report."""
    with translation.override(section.report.language):
        return list(find_used(section, sources, user))[:MOST_USED]


def find_used(section: ReportSection, sources: Sequence[FactSource], user: User) -> Iterator[UsedFact]:
    uses = uses_of(section, user)
    context = context_of(section, user, as_of=end_of_facts(section.report), is_of_section=True)
    for source in sources:
        headings = uses.others[source.code]
        keys = headings.keys() - uses.own[source.code]
        rows = source.rows(context).filter(pk__in=keys)[:MOST_USED] if keys else []
        for fact in source.facts(list(rows), context):
            if fact.withdrawn_on is None:
                yield UsedFact(f"{source.code}:{fact.key}", fact, headings[int(fact.key)])


def with_uses(section: ReportSection, source: FactSource, facts: Sequence[Fact], user: User) -> list[Fact]:
    """The facts, each with the other sections that quote it."""
    others = used_elsewhere(section, user)[source.code] if facts else {}
    return [replace(fact, used_in=in_quotes(others.get(int(fact.key), []))) for fact in facts]
