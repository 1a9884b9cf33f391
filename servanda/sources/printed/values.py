"""Parsers for printed values: lists, dates, ordinals, kinds and positions, in the spellings found in real files."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from servanda.intake.columns.dates import in_order, read_due_date, read_first_day, with_latin_digits
from servanda.kit.database.sentences import gettext as _
from servanda.kit.patterns import lazy_pattern
from servanda.sources.candidates import Kind, Problem, Stand
from servanda.sources.printed.texts import clean_label

EARLIEST, LATEST = (
    date(1945, 10, 24),
    date(2100, 1, 1),
)  # the UN Charter entered into force on the first; later dates than the second are errors
_EXCEL_EPOCH = date(1899, 12, 30)
_NO_DATE = {date(1, 1, 1), date(1899, 12, 30), date(1900, 1, 1)}  # printed by databases and sheets for a missing date
_ISO_DATE = lazy_pattern(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_DAY_FIRST = lazy_pattern(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: .*)?$")
_YEAR = lazy_pattern(r"\d{4}$")
_SERIAL = lazy_pattern(r"\d{4,5}(?:\.\d+)?$")
_UUID = lazy_pattern(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_SPELT = ("first", "second", "third", "fourth", "fifth", "sixth")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi")


def listed(value: object, *, separator: str = "\n") -> list[str]:
    """The entries of a list, or of a text with one entry per line, without empty and repeated ones."""
    if value is None:
        return []
    entries: Iterable[object] = value if isinstance(value, list) else str(value).split(separator)
    labels = [clean_label(str(entry)) for entry in entries if entry is not None]
    return list(dict.fromkeys(entry for entry in labels if entry))


def single(value: object) -> str:
    """One value, also if it is in a list."""
    return " / ".join(listed(value))


def whole_date(value: object, field: str, problems: list[Problem]) -> date | None:
    """A date in ISO form, day first, as a serial number of a spreadsheet, or in words of five languages."""
    try:
        day = _date_of(value)
    except (ValueError, OverflowError):
        return _date_in_words(value, field, problems)
    if day is None or day in _NO_DATE:
        return None
    if not EARLIEST <= day < LATEST:
        message = _("The date %(value)s cannot be right; it was left out.") % {"value": day.isoformat()}
        problems.append(Problem(field, message, fatal=False))
        return None
    return day


def _date_in_words(value: object, field: str, problems: list[Problem]) -> date | None:
    printed = single(value)
    first_of_several = read_first_day(printed)
    day = first_of_several or read_due_date(printed)
    if day is None:
        message = _("“%(value)s” is not a date. Enter a date of the Gregorian calendar, for example 31/12/2026.")
        problems.append(Problem(field, message % {"value": printed}, fatal=False))
    elif first_of_several or not _A_DAY.search(with_latin_digits(printed)):
        message = _("“%(value)s” is read as %(day)s.") % {"value": printed, "day": day.isoformat()}
        problems.append(Problem(field, message, fatal=False))
    return day


_A_DAY = lazy_pattern(r"(?<!\d)\d{1,2}(?!\d)")


def _date_of(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return _EXCEL_EPOCH + timedelta(days=int(value))
    return _written_date(single(value))


def _written_date(text: str) -> date | None:
    if not text:
        return None
    if match := _ISO_DATE.match(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(text):
        day, month = in_order(int(match[1]), int(match[2]), match[0])
        return date(int(match[3]), month, day)
    if _YEAR.match(text) and EARLIEST.year <= int(text) < LATEST.year:
        return date(int(text), 1, 1)
    if _SERIAL.match(text):
        return _EXCEL_EPOCH + timedelta(days=int(float(text)))
    raise ValueError(text)


def ordinal(value: object, field: str, problems: list[Problem]) -> int | None:
    """The number in "36th Session", "Third cycle", 36 or ["36"]."""
    if isinstance(value, float):
        value = int(value)
    text = single(value)
    if not text:
        return None
    digits = re.search(r"\d+", text)
    number = int(digits[0]) if digits else _spelt_out(text)
    if number is None or not 1 <= number <= 199:
        problems.append(Problem(field, _("No number can be read in “%(value)s”.") % {"value": text}, fatal=False))
        return None
    return number


def _spelt_out(text: str) -> int | None:
    tokens = re.findall(r"[a-z]+", text.casefold())
    return next((names.index(word) + 1 for word in tokens for names in (_SPELT, _ROMAN) if word in names), None)


def whole_number(value: object, field: str, problems: list[Problem]) -> int | None:
    text = single(value)
    if text and not text.isdecimal():
        problems.append(Problem(field, _("“%(value)s” is not a number.") % {"value": text}, fatal=False))
    return int(text) if text.isdecimal() else None


_KINDS = {
    Kind.RECOMMENDATION: ("recom", "рекоменд", "توصي", "建议"),
    Kind.OBSERVATION: (
        *("concern", "observ", "préoccup", "preocup", "озабоч", "обеспоко", "замеч"),
        *("شواغل", "ملاحظ", "关切"),
    ),
    Kind.PLEDGE: ("pledge", "voluntary", "engagement", "compromis", "обязательств", "تعهد", "承诺"),
}


def is_id(text: str) -> bool:
    return bool(_UUID.match(text))


def kind_of(value: object, field: str, problems: list[Problem]) -> Kind:
    """The kind for a word in the file; "other" for ids, dashes and empty values."""
    printed = single(value)
    folded_words = printed.casefold()
    for kind, stems in _KINDS.items():
        if any(folded_words.startswith(stem) or f" {stem}" in folded_words for stem in stems):
            return kind
    if folded_words and not folded_words.startswith(("other", "autre", "otr", "outr")) and not is_id(folded_words):
        message = _("The kind “%(value)s” is not known; the record is imported as “other”.") % {"value": printed}
        problems.append(Problem(field, message, fatal=False))
    return Kind.OTHER


_PARTLY = lazy_pattern(
    r"in part|part(?:ly|ial)|en partie|partiel|parcial|en parte|em parte|частично|جزئي|部分", re.IGNORECASE
)
_PENDING = lazy_pattern(
    r"pending|consider|examin|examen|en suspens|pend[ie]{1,2}nte|awaiting|[ée]tude|en estudio"
    r"|em (?:an[áa]lise|estudo)"
    r"|قيد (?:الدراسة|النظر)",
    re.IGNORECASE,
)
_NOTED = lazy_pattern(
    r"noted|reject|refus|\bnot\b|not[ée]e|pris(?:e|es)? (?:en |bonne )?note|prend note|pris acte"
    r"|tom(?:a|ad[ao]|ó|ou) nota|anotad|rechaz|rejet|rejeit|отмечен|отклон|к сведению|علم|مرفوض|注意到",
    re.IGNORECASE,
)
_SUPPORT = (
    r"(?:support|accept|soutenu|appuy|adh[ée]sion|apoy|acept|aceit|apoiad"
    r"|поддерж|принят|ت?أييد|[أؤ]يد|مقبول|قبل|支持|接受)"
)
_SUPPORTED = lazy_pattern(_SUPPORT, re.IGNORECASE)
_REFUSED = lazy_pattern(
    rf"\b(?:not|non|no|não|nao|pas|sin|sem|не)\s+(?:\w+\s+){{0,3}}?{_SUPPORT}|\bun(?:supported|accepted)"
    rf"|\b(?:غير|لا|لم|لن|ليست?)\s+(?:\w+\s+)?\w{{0,3}}{_SUPPORT}|[不未][^。，；]{{0,4}}(?:支持|接受)",
    re.IGNORECASE,
)


def stand_of(printed: str) -> Stand | None:
    """The position for words in the file; "Supported/Noted" is a position that differs by part."""
    supported = bool(_SUPPORTED.search(_REFUSED.sub("", printed)))
    noted = bool(_NOTED.search(printed) or _REFUSED.search(printed))
    if _PARTLY.search(printed) or (supported and noted):
        return Stand.PARTLY
    if _PENDING.search(printed):
        return Stand.PENDING
    if noted:
        return Stand.NOTED
    return Stand.SUPPORTED if supported else None
