"""The first draft of a section from facts, by rules: those on the same recommendations together, in the order of the
recommendations, each fact as one sentence with its source, and what is missing. Positions with the same words are one
sentence. What the section quotes already is left out, and what other sections quote unless a person takes it again;
nothing is invented."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.pages.markdown import escaped
from servanda.kit.templatetags.pages import language_name
from servanda.people.models import User
from servanda.planning.models import Assignment
from servanda.reporting.facts.citing import without_numbers
from servanda.reporting.facts.record_numbers import MOST_NUMBERS, RecordNumber, in_words, numbers_of
from servanda.reporting.facts.record_texts import RecordText, texts_of
from servanda.reporting.facts.registry import Fact, FactContext, FactSource, fact_sources
from servanda.reporting.models import Report, ReportSection, TemplateSection
from servanda.reporting.reports.counting import words_of
from servanda.reporting.reports.quoting import add_quotations, as_gap, next_number, one_sentence
from servanda.reporting.reports.scope import context_of, end_of_facts
from servanda.reporting.reports.uses import uses_of
from servanda.vocab.models import ObligationKind

MOST_FACTS = 200  # facts of one source in one draft; the rest are offered beside the text
MOST_MERGED = 1_000  # of a source whose equal facts are one sentence
Drafted = tuple[FactSource, Fact]
Sentence = list[Drafted]  # the facts that say it; the first one has the mark
Groups = dict[tuple[RecordNumber, ...], list[Sentence]]


@dataclass(frozen=True, slots=True)
class DraftChoice:
    """The kinds of facts in a draft (no codes: all kinds), and whether it has only facts of the report’s period.
    `again` lists facts that other sections quote and this one should also include, each as code and key."""

    codes: tuple[str, ...] = ()
    is_of_period: bool = True
    again: tuple[str, ...] = ()


@dataclass(slots=True)
class FactDraft:
    """The facts of a draft in their order, its text as Markdown with the number of the first note, and its gaps."""

    facts: list[Drafted] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    text: str = ""
    left_out: int = 0  # facts beyond the limit of one draft

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(source.code for source, _fact in self.facts))

    @property
    def words(self) -> int:
        return words_of(self.text)


def has_facts_to_draft(section: ReportSection, user: User) -> bool:
    context = draft_context(section, user, DraftChoice())
    return any(rows.exists() for _source, rows in rows_to_draft(section, context, DraftChoice()))


def draft_context(section: ReportSection, user: User, choice: DraftChoice) -> FactContext:
    as_of = end_of_facts(section.report)
    return context_of(section, user, as_of=as_of, is_of_period=choice.is_of_period, is_of_section=True)


def draft_of_facts(section: ReportSection, by: User, choice: DraftChoice) -> FactDraft:
    """The draft with its quotations, which are kept with the locked section; without facts if there is none to
    quote."""
    draft = fact_draft(section, by, choice)
    add_quotations(section, [(source.code, fact) for source, fact in draft.facts], by=by)
    return draft


def fact_draft(section: ReportSection, user: User, choice: DraftChoice | None = None) -> FactDraft:
    """In the language of the report."""
    choice = choice or DraftChoice()
    context = draft_context(section, user, choice)
    whole = context_of(section, user, as_of=context.as_of)
    draft = FactDraft()
    with translation.override(section.report.language):
        found: list[Drafted] = []
        for source, rows in rows_to_draft(section, context, choice):
            most = MOST_MERGED if source.is_merged else MOST_FACTS
            facts = source.facts(list(rows[: most + 1]), whole)
            if len(facts) > most:
                draft.left_out += rows.count() - most
            found += [(source, fact) for fact in facts[:most] if fact.withdrawn_on is None]
        if not found:
            return draft
        groups = by_recommendation(merged(found))
        draft.facts = list(chain.from_iterable(chain.from_iterable(groups.values())))
        draft.gaps = list(gaps_of(section, context, choice))
        texts = texts_of_paragraphs(section, groups, context)
        draft.text = "\n\n".join([*paragraphs_of(section, groups, texts), *draft.gaps])
    return draft


def rows_to_draft(
    section: ReportSection, context: FactContext, choice: DraftChoice
) -> Iterator[tuple[FactSource, QuerySet]]:
    uses = uses_of(section, context.user)
    for source in drafted_sources(section):
        if not choice.codes or source.code in choice.codes:
            elsewhere = {key for key in uses.others[source.code] if f"{source.code}:{key}" not in choice.again}
            yield source, source.rows(context).exclude(pk__in=uses.own[source.code] | elsewhere)


def drafted_sources(section: ReportSection) -> list[FactSource]:
    """The kinds of which a draft of the section consists; none for a matrix, which has them in its columns."""
    if section.content == TemplateSection.Content.MATRIX:
        return []
    sources = [source for source in fact_sources(section.fact_codes) if source.is_drafted]
    return [source for source in sources if source.is_drafted_alone] or sources


def merged(found: Iterable[Drafted]) -> list[Sentence]:
    """The facts of each sentence: one, or those with the same words of a source whose equal facts are merged. The
    first of several is cited for all, so that its endnote names no recommendation."""
    sentences: dict[tuple, Sentence] = {}
    for place, (source, fact) in enumerate(found):
        key = (source.code, fact.lead, fact.text, fact.language) if source.is_merged else (place,)
        sentences.setdefault(key, []).append((source, fact))
    for rows in sentences.values():
        if len(rows) > 1:
            rows.sort(key=lambda row: row[1].about)
            source, first = rows[0]
            rows[0] = source, replace(first, citation=without_numbers(first.citation, first.about))
    return list(sentences.values())


def by_recommendation(sentences: Iterable[Sentence]) -> Groups:
    """Sentences grouped by their recommendations, in the order of the first one."""
    groups: defaultdict[tuple[RecordNumber, ...], list[Sentence]] = defaultdict(list)
    for rows in sentences:
        groups[tuple(sorted(set(chain.from_iterable(fact.about for _source, fact in rows))))].append(rows)
    return {about: groups[about] for about in sorted(groups)}


def texts_of_paragraphs(
    section: ReportSection, groups: Iterable[tuple[RecordNumber, ...]], context: FactContext
) -> dict[str, str]:
    """Of a follow-up report, which answers paragraph by paragraph: each recommendation that the text does not have
    yet, in Markdown, by its code."""
    report = section.report
    if ObligationKind.FOLLOW_UP not in report.template.kind_codes:
        return {}
    codes = {number.code for about in groups for number in about}
    texts = {code: verbatim(row, report.language) for code, row in texts_of(codes, context, report.language).items()}
    return {code: text for code, text in texts.items() if as_quoted(text) not in section.text}


def verbatim(row: RecordText, language: str) -> str:
    """A text in another language than the report names it."""
    if row.language == language:
        return escaped(row.text)
    words = _("In %(language)s: “%(text)s”")
    return words % {"language": language_name(row.language), "text": escaped(row.text)}


def as_quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines()).removeprefix("> ")


def quotations_of(about: Sequence[RecordNumber], texts: dict[str, str]) -> Iterator[str]:
    """Each recommendation once in a draft, with its number if the heading names several."""
    for row in about:
        if text := texts.pop(row.code, ""):
            number = f"**{escaped(row.number)}** " if len(about) > 1 else ""
            yield f"> {number}{as_quoted(text)}"


def paragraphs_of(section: ReportSection, groups: Groups, texts: dict[str, str]) -> Iterator[str]:
    number = next_number(section)
    for about, sentences in groups.items():
        if about:
            most = max([MOST_NUMBERS, *map(len, sentences)])
            yield f"**{escaped(in_words(about, most))}**"
        yield from quotations_of(about, texts)
        for rows in sentences:
            yield sentence_of(rows[0][1], section.report.language, f"[^{number}]")
            number += len(rows)


def sentence_of(fact: Fact, language: str, mark: str) -> str:
    """The author and date, the text, and the source. A text in another language than the report is quoted."""
    lead, words = escaped(fact.lead), one_sentence(fact.text)
    if fact.language and fact.language != language:
        named = {"lead": lead, "language": language_name(fact.language), "text": words}
        words = _("%(lead)s, in %(language)s: “%(text)s”") if lead else _("In %(language)s: “%(text)s”")
        return f"{words % named} {mark}"
    if lead:
        words = _("%(deed)s: %(what)s") % {"deed": lead, "what": words}
    return f"{words} {mark}"


# What is missing


def gaps_of(section: ReportSection, context: FactContext, choice: DraftChoice) -> Iterator[str]:
    """Each a paragraph in brackets: the recommendations in the scope on which there is nothing."""
    period = period_of(section.report) if choice.is_of_period else ""
    for source in drafted_sources(section):
        if source.covered is None or not source.gap or (choice.codes and source.code not in choice.codes):
            continue
        missing = numbers_of(context.records.exclude(pk__in=source.covered(context)))
        sentences = [*sentences_on_leads(missing, context)] if source.code == "updates" else []
        if missing:
            sentences.append(str(source.gap) % {"numbers": in_words(sorted(missing.values()))})
        for sentence in sentences:
            yield as_gap(" ".join(filter(None, [sentence, period])))


def sentences_on_leads(missing: dict[int, RecordNumber], context: FactContext) -> Iterator[str]:
    """Of each institution that leads on some of these records, which are taken out of `missing`."""
    rows = Assignment.objects.visible_to(context.user).current_at(context.as_of).leading()
    rows = rows.filter(recommendation__in=context.records.order_by().values("pk")).select_related("institution")
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows.order_by("institution__code", "pk"):
        if row.recommendation_id in missing:
            found[str(row.institution)].add(row.recommendation_id)
    for institution, keys in found.items():
        numbers = in_words(sorted(missing[key] for key in keys))
        sentence = _("No information received from %(institution)s on: %(numbers)s.")
        yield sentence % {"institution": institution, "numbers": numbers}
    for key in {key for keys in found.values() for key in keys}:
        del missing[key]


def period_of(report: Report) -> str:
    if not (report.start or report.end):
        return ""
    days = [date_format(day, "DATE_FORMAT") if day else "…" for day in (report.start, report.end)]
    return _("Period: %(start)s – %(end)s.") % dict(zip(("start", "end"), days, strict=True))
