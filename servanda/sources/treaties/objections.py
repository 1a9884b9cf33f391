"""Objections of other States as lines of text, one for each State."""

from collections.abc import Sequence
from datetime import date

from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.sources.treaties.services import ObjectionValues
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Country

MOST_OBJECTIONS = 60


def objection_line(state: str, made_on: date | None, text: str) -> str:
    return " | ".join([state, made_on.isoformat() if made_on else "", " ".join(text.split())]).rstrip(" |")


def read_objections(text: str) -> list[ObjectionValues]:
    """The objections that the lines name. Raises `Refused` with the number of a line that cannot be read, or if there
    are too many."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_OBJECTIONS:
        raise Refused(_("Enter at most %(most)d objections.") % {"most": MOST_OBJECTIONS})
    lookup = Lookup() if lines else None
    return [read_objection(number, line, lookup) for number, line in enumerate(lines, 1) if lookup]


def read_objection(number: int, line: str, lookup: Lookup) -> ObjectionValues:
    name, day, text = [*(part.strip() for part in line.split("|", 2)), "", ""][:3]
    pk = lookup.country(name)
    if pk is None:
        sentence = _("Line %(number)d: “%(name)s” is not a known State.")
        raise Refused(sentence % {"number": number, "name": name[:80]})
    try:
        made_on = date.fromisoformat(day) if day else None
    except ValueError as problem:
        sentence = _("Line %(number)d: “%(day)s” is not a date. Enter it as YYYY-MM-DD, for example 2026-01-31.")
        raise Refused(sentence % {"number": number, "day": day[:80]}) from problem
    return ObjectionValues(country=Country.objects.get(pk=pk), made_on=made_on, text=text)


def same_objections(one: Sequence[ObjectionValues], other: Sequence[ObjectionValues]) -> bool:
    return sorted(map(in_line, one)) == sorted(map(in_line, other))


def in_line(row: ObjectionValues) -> str:
    return objection_line(row.country.code, row.made_on, row.text)
