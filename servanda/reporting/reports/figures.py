"""Figures that a report states more than once: values of one indicator for one period in its texts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import translation

from servanda.kit.pages.markdown import reader
from servanda.people.models import User
from servanda.planning.models import Indicator, IndicatorRecommendation, Measurement
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports.counting import MARK, inline_text, plain_text
from servanda.reporting.reports.scope import records_of

SENTENCE = re.compile(r"(?<=[.!?؟。])\s+|\n+")
YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)")
ASIDE = re.compile(r"\([^()]*\)")
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")
VALUE = re.compile(r"[-–−+]?\s?\d[\d.,\u00a0\u202f ]*\s?(?:%|per\s+cent|\w{0,12})$")
PERIOD = re.compile(rf"{YEAR.pattern}(?:\s?[-–/]\s?{YEAR.pattern})?")
LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬٪", "01234567890123456789.,%")
MOST_INDICATORS = 2_000


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that states values of the indicator for the period."""

    section: ReportSection
    sentence: str
    values: tuple[str, ...]


@dataclass(slots=True)
class Figure:
    """An indicator, for one group if values of groups are known, and a period of which the texts state values more
    than once."""

    indicator: Indicator
    years: tuple[str, ...]
    mentions: list[Mention] = field(default_factory=list)

    @property
    def is_contradicting(self) -> bool:
        return len({mention.values for mention in self.mentions}) > 1

    @property
    def period(self) -> str:
        return "–".join(dict.fromkeys((self.years[0], self.years[-1])))


def figures_of(report: Report, user: User) -> list[Figure]:
    """Figures stated more than once in sections that this person may read, contradictory ones first."""
    sections = list(report.sections.readable_by(user))
    for section in sections:
        section.report = report
    with translation.override(report.language):
        named = [(str(row.name).strip().casefold(), row) for row in indicators_of(report, user)]
    names = {name.translate(LATIN): row for name, row in named if name}
    found: defaultdict[tuple[int, tuple[str, ...], tuple[str, ...]], list[Mention]] = defaultdict(list)
    indicators = {row.pk: row for row in names.values()}
    groups = groups_of(indicators)
    for section in sections:
        for sentence in sentences_of(section.text):
            for indicator, years, values in read_sentence(sentence, names):
                group = groups_in(sentence, groups[indicator])
                found[indicator, years, group].append(Mention(section, sentence, values))
    figures = [Figure(indicators[key], years, some) for (key, years, _group), some in found.items() if len(some) > 1]
    return sorted(figures, key=lambda figure: (not figure.is_contradicting, figure.indicator.code, figure.years))


def groups_of(indicators: Iterable[int]) -> defaultdict[int, set[str]]:
    """The populations, territories and breakdowns of the values of each indicator, as texts name them."""
    rows = Measurement.objects.current().filter(indicator__in=indicators).order_by()
    groups: defaultdict[int, set[str]] = defaultdict(set)
    for indicator, *named in rows.values_list("indicator", "population", "territory", "breakdown").distinct():
        groups[indicator] |= {name.casefold() for name in named if name}
    return groups


def groups_in(sentence: str, groups: Iterable[str]) -> tuple[str, ...]:
    """Those that the sentence names: the values of girls and of boys do not contradict each other."""
    folded = sentence.casefold()
    return tuple(sorted(group for group in groups if group in folded))


def indicators_of(report: Report, user: User) -> Iterable[Indicator]:
    """Those of the records in the scope of the report, and those that it quotes."""
    about = IndicatorRecommendation.objects.filter(
        recommendation__in=records_of(report, user).order_by().values("pk")
    )
    quoted = report.sections.filter(quotations__source="measurements").values_list("quotations__object_id", flat=True)
    keys = [int(key) for key in quoted if key and key.isdecimal()]
    rows = Indicator.objects.visible_to(user)
    rows = rows.filter(Q(pk__in=about.order_by().values("indicator")) | Q(measurements__in=keys)).distinct()
    return rows.order_by("code")[:MOST_INDICATORS]


def sentences_of(markdown: str) -> list[str]:
    sentences = [sentence.strip() for sentence in SENTENCE.split(plain_text(markdown)) if sentence.strip()]
    return [*sentences, *values_in_tables(markdown)]


def values_in_tables(markdown: str) -> Iterable[str]:
    """Each value of a table with the words of its row and the head of its column: "In school · 2024: 45%"."""
    heads: list[str] = []
    row: list[str] = []
    for token in reader().parse(MARK.sub("", markdown.replace("\0", ""))):
        match token.type:
            case "table_open":
                heads = []
            case "tr_open":
                row = []
            case "inline":
                row.append(inline_text(token).strip())
            case "tr_close" if heads:
                yield from values_in_row(heads, row)
            case "tr_close":
                heads = row


def values_in_row(heads: Sequence[str], row: Sequence[str]) -> Iterable[str]:
    """A number in the first column is that of the row."""
    words = " · ".join(cell for cell in row if not is_value(cell))
    for head, cell in list(zip(heads, row, strict=False))[1:]:
        if is_value(cell):
            yield f"{words} · {head}: {cell}"


def is_value(cell: str) -> bool:
    plain = cell.translate(LATIN)
    return bool(VALUE.match(plain)) and not YEAR.fullmatch(plain)


def read_sentence(
    sentence: str, names: dict[str, Indicator]
) -> Iterable[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """The indicators that the sentence names, with the years and the values in it. Of names that contain each other,
    only the longest is read."""
    folded = sentence.casefold().translate(LATIN)
    named = [name for name in names if name in folded]
    for name in named:
        if any(name != other and name in other for other in named):
            continue
        rest = ASIDE.sub(year_of_aside, folded.replace(name, " "))
        for years, values in values_by_period(rest):
            yield names[name].pk, years, values


def year_of_aside(aside: re.Match[str]) -> str:
    """The words in brackets if they only give the year; "(2023: 40%)" is about another value."""
    return " " if NUMBER.search(YEAR.sub(" ", aside[0])) else aside[0]


def values_by_period(text: str) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Periods, which are years or pairs of years, each with its values. One value is that of all periods; as many as
    periods are paired with them in their order; others belong to the period before them if a period comes first, and
    else to the one behind them."""
    periods = [(found.start(), years_in(found[0])) for found in PERIOD.finditer(text)]
    numbers = NUMBER.finditer(YEAR.sub(lambda year: " " * len(year[0]), text))
    values = [(found.start(), normal(found[0])) for found in numbers]
    pairs: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    if len(values) == 1 and periods:
        pairs[years_in(text)].append(values[0][1])
    elif len(values) == len(periods):
        for (_start, value), (_place, years) in zip(values, periods, strict=True):
            pairs[years].append(value)
    elif values and periods:
        is_first = periods[0][0] < values[0][0]
        for start, value in values:
            before = [years for place, years in periods if place < start]
            behind = [years for place, years in periods if place > start]
            pairs[before[-1] if is_first or not behind else behind[0]].append(value)
    yield from ((years, tuple(some)) for years, some in pairs.items())


def years_in(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(YEAR.findall(text))))


def normal(number: str) -> str:
    """The number without signs between thousands, and with a point before decimals: "1 234,5" is 1234.5."""
    plain = re.sub(r"[\u00a0\u202f ]", "", number)
    marks = [sign for sign in plain if sign in ".,"]
    if len(set(marks)) > 1:  # the last one is before decimals
        last = max(plain.rfind("."), plain.rfind(","))
        plain = re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :]
    elif len(marks) > 1 or (marks and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", plain)):
        plain = re.sub(r"[.,]", "", plain)
    plain = plain.replace(",", ".")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
