"""Amounts of money and values of indicators as people write them in a spreadsheet."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import list_currencies

from servanda.intake.columns.dates import with_latin_digits
from servanda.intake.columns.kinds import folded

CURRENCIES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "dollars": "USD", "£": "GBP",
    "dh": "MAD", "dhs": "MAD", "درهم": "MAD", "fcfa": "XOF", "r$": "BRL", "reais": "BRL",
    "يورو": "EUR", "دولار": "USD", "دولار أمريكي": "USD", "أوقية": "MRU", "دينار تونسي": "TND", "ريال سعودي": "SAR",
}  # fmt: skip
CURRENCY_OF = {(folded(name) or name): code for name, code in CURRENCIES.items()}
FACTORS = {
    1_000: ("mille", "thousand", "mil", "ألف", "k"),
    1_000_000: ("million", "millions", "millon", "millones", "milhao", "milhoes", "mio", "مليون", "ملايين"),
    1_000_000_000: ("milliard", "milliards", "مليار", "مليارات"),
}
FACTOR_OF = {folded(name): factor for factor, names in FACTORS.items() for name in names}
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s'’٬](?=\d{3}(?!\d))")
MOST = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class Amount:
    number: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    number: Decimal
    is_percent: bool = False
    year: int | None = None

    def period(self, on: date) -> tuple[date, date]:
        """First and last day of the year of the value; without a year, the day of the import."""
        return (date(self.year, 1, 1), date(self.year, 12, 31)) if self.year else (on, on)


def read_amount(printed: str) -> Amount | None:
    """A number with the currency beside it; None unless there is exactly one number."""
    plain = BETWEEN_DIGITS.sub("", with_latin_digits(printed).replace("٫", "."))
    numbers = NUMBER.findall(plain)
    if len(numbers) != 1 or "-" in plain or (number := as_decimal(numbers[0])) is None:
        return None
    currency = ""
    for word in plain.replace(numbers[0], " ").split():
        key = word.strip(".,()").casefold()
        key = folded(key) or key
        if factor := FACTOR_OF.get(key):
            number *= factor
        elif code := read_currency(key):
            currency = code
        elif key not in {"", "de", "of"}:
            return None
    return Amount(number, currency) if number < MOST else None


def read_currency(printed: str) -> str:
    """The ISO code that a name or sign of a currency means, or ""."""
    key = printed.strip().casefold()
    if code := CURRENCY_OF.get(folded(key) or key):
        return code
    return key.upper() if key.upper() in list_currencies() else ""


def as_decimal(number: str) -> Decimal | None:
    """Read both conventions of separators: where there are two, the last is the decimal sign."""
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        decimal = "." if number.rfind(".") > number.rfind(",") else ","
    elif dots + commas == 1 and len(re.split(r"[.,]", number)[1]) != 3:
        decimal = "." if dots else ","
    else:
        decimal = ""
    whole, _sign, part = number.partition(decimal) if decimal and number.count(decimal) == 1 else (number, "", "")
    if decimal and not part:
        return None
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        return None
    return Decimal("".join(groups) + (f".{part}" if part else ""))


def read_indicator_value(printed: str) -> IndicatorValue | None:
    """A number, perhaps in per cent, perhaps with its year in brackets: “72,5 % (2023)”."""
    plain = with_latin_digits(printed).replace("٫", ".").replace("٪", "%").strip()
    year = None
    if match := re.search(r"\(\s*((?:19|20)\d\d)\s*\)\s*$", plain):
        year, plain = int(match[1]), plain[: match.start()].strip()
    is_percent = plain.endswith("%") or plain.startswith("%")
    plain = BETWEEN_DIGITS.sub("", plain.strip("% \u00a0\u202f"))
    is_negative = plain[:1] in {"-", "−"}
    if not NUMBER.fullmatch(plain.lstrip("-−")) or (number := decimal_of_value(plain.lstrip("-−"))) is None:
        return None
    return IndicatorValue(-number if is_negative else number, is_percent, year)


def decimal_of_value(number: str) -> Decimal | None:
    """A single separator before three digits is the decimal sign if the value is below one: 0,125."""
    if re.fullmatch(r"0[.,]\d+", number):
        return Decimal(number.replace(",", "."))
    return as_decimal(number)
