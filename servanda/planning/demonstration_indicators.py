"""Invented indicators for the demonstration: believable, and nobody's. No number here was ever measured."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from servanda.people.models import Institution, User
from servanda.planning.demonstration import under
from servanda.planning.indicators.measurements import Said, correct_measurement, measure
from servanda.planning.indicators.rules import Metadata, SaidDimension
from servanda.planning.indicators.services import add_indicator, edit_indicator, override_progress, set_dimensions
from servanda.planning.models import Indicator
from servanda.vocab.models import Term

Kind, Unit, Direction = Indicator.Kind, Indicator.Unit, Indicator.Direction
NOTE = "Invented for the demonstration."
REGISTER = "Invented register of the demonstration"
BROKEN, CORRECTED, JUDGED, DIVIDED = "DEMO-EDU-3", "DEMO-HEA-2", "DEMO-CRT-2", "DEMO-EDU-3"
WOMEN_BELOW = Decimal("1.7")


class Given(NamedTuple):
    """One indicator, its values of the years before this one, and how many years hence the target is."""

    code: str
    name: str
    kind: str
    theme: str
    keeper: str
    values: tuple[str, ...]
    unit: str = Unit.PERCENT
    words: str = ""
    target: str = ""
    direction: str = Direction.UP
    attribute: str = ""
    sdg: str = ""
    due_in: int = 60


GIVEN = [
    Given(
        "DEMO-EDU-1", "A law gives every child with a disability a place in the school nearest to home",
        Kind.STRUCTURE, "right-to-education", "demo-learning", ("0", "0", "0", "1", "1"),
        unit=Unit.YES_NO, target="1", attribute="Primary education for all", due_in=200,
    ),
    Given(
        "DEMO-EDU-2", "Teachers trained in inclusive education", Kind.PROCESS, "right-to-education", "demo-learning",
        ("1240", "1710", "2380", "3125", "4010"), unit=Unit.NUMBER, words="teachers", target="8000",
        attribute="Primary education for all", due_in=-9,
    ),
    Given(
        "DEMO-EDU-3", "Roma children who finish primary school", Kind.OUTCOME, "right-to-education", "demo-figures",
        ("58.4", "60.1", "63.9", "70.2", "72.8"), target="90", attribute="Primary education for all", sdg="4.1.2",
        due_in=24,
    ),
    Given(
        "DEMO-HEA-1", "Public money for mental health", Kind.PROCESS, "right-to-health", "demo-social",
        ("41.5", "44.2", "46", "52.8", "57.1"), unit=Unit.MONEY, words="million EUR", target="80",
        attribute="Accessible health services",
    ),
    Given(
        "DEMO-HEA-2", "People who went without a doctor because of the cost", Kind.OUTCOME, "right-to-health",
        "demo-figures", ("6.8", "6.1", "5.9", "4.7", "4.4"), target="2", direction=Direction.DOWN,
        attribute="Accessible health services", sdg="3.8.2", due_in=12,
    ),
    Given(
        "DEMO-DIS-1", "Buildings of the State that a wheelchair can enter", Kind.PROCESS,
        "persons-with-disabilities-independence-inclusion", "demo-social", ("34", "38.5", "41", "47.5", "53"),
        target="100", attribute="Accessibility",
    ),
    Given(
        "DEMO-DIS-2", "People with disabilities who live in an institution", Kind.OUTCOME,
        "persons-with-disabilities-independence-inclusion", "demo-social", ("118.2", "115", "", "109.6", "112.3"),
        unit=Unit.RATE, words="per 100,000 people", target="60", direction=Direction.DOWN,
        attribute="Living independently", due_in=-30,
    ),
    Given(
        "DEMO-CRT-1", "Free legal aid covers cases of discrimination", Kind.STRUCTURE,
        "administration-of-justice-fair-trial", "demo-courts", ("0", "1", "1", "1", "1"), unit=Unit.YES_NO,
        target="1", attribute="Access to courts", due_in=320,
    ),
    Given(
        "DEMO-CRT-2", "Months until the judgment of first instance", Kind.OUTCOME,
        "administration-of-justice-fair-trial", "demo-courts", ("16.4", "15.8", "15.9", "14.2", "13.6"),
        unit=Unit.RATE, words="months", target="9", direction=Direction.DOWN,
        attribute="Trial within a reasonable time", sdg="16.3.1",
    ),
    Given(
        "DEMO-WOM-1", "Places in shelters for victims of violence in the family", Kind.PROCESS,
        "discrimination-against-women", "demo-rights", ("212", "220", "231", "246", "260"), unit=Unit.NUMBER,
        words="places", target="400", attribute="Protection from violence",
    ),
    Given(
        "DEMO-WOM-2", "Gap between the pay of women and men", Kind.OUTCOME, "discrimination-against-women",
        "demo-figures", ("8.7", "8.2", "7.9", "8", "7.4"), target="3", direction=Direction.DOWN,
        attribute="Equal pay", sdg="8.5.1",
    ),
    Given(
        "DEMO-EQU-1", "People who say that they were discriminated against in the last year", Kind.OUTCOME,
        "equality-non-discrimination", "demo-rights", (), target="5", direction=Direction.DOWN,
        attribute="Equality before the law", sdg="16.b.1", due_in=150,
    ),
]  # fmt: skip
MOST_RECORDS, CYCLES = 3, (4, 3)


def measure_demonstration() -> None:
    """Called again, it changes nothing."""
    if Indicator.objects.exists():
        return
    by = User.objects.get(email="coordinator@example.org")
    made = {given.code: add(given, by=by) for given in GIVEN}
    divide(made[DIVIDED], by=by)
    correct(made[CORRECTED], by=by)
    reason = "The delay of the largest court is not in these figures yet (invented)."
    override_progress(indicator=made[JUDGED], percent=Decimal(15), reason=reason, by=by)


def add(given: Given, *, by: User) -> Indicator:
    today = timezone.localdate()
    first = today.year - len(given.values)
    told = {
        "code": given.code,
        "name": given.name,
        "kind": given.kind,
        "right": Term.objects.filter(taxonomy__code="uhri-theme", code=given.theme).first(),
        "attribute": given.attribute,
        "definition": NOTE,
        "unit": given.unit,
        "unit_words": given.words,
        "source": REGISTER,
        "custodian": Institution.objects.get(code=given.keeper),
        "direction": given.direction,
        "target": Decimal(given.target),
        "target_on": date(today.year + 4, 12, 31),
        "target_source": "National human-rights plan (invented)",
        "next_due_on": date.fromordinal(today.toordinal() + given.due_in),
        "sdg_indicator": given.sdg,
        "method_version": str(first),
        "is_published": given.code != "DEMO-EQU-1",
    }
    if given.values:
        told |= {"baseline": Decimal(given.values[0]), "baseline_on": date(first, 12, 31)}
    records = [one for cycle in CYCLES for one in under(given.theme, cycle).order_by("order_key")[:MOST_RECORDS]]
    made = add_indicator(said=Metadata(**told), recommendations=records, by=by)
    for year, number in enumerate(given.values, first):
        measure(indicator=made, said=said(given, year, number), by=by)
    made.refresh_from_db()
    return edit_indicator(
        indicator=made, said=Metadata(**told), seen=made.version, by=by
    )  # due on the day that is told


def said(given: Given, year: int, number: str) -> Said:
    is_break = given.code == BROKEN and number == given.values[3]
    return Said(
        start=date(year, 1, 1),
        end=date(year, 12, 31),
        value=Decimal(number) if number else None,
        missing="" if number else "not-collected",
        source=REGISTER,
        method_version="new count" if given.code == BROKEN and number in given.values[3:] else "",
        is_break=is_break,
        note="From this year on, children are counted by school and no longer by household." if is_break else "",
    )


def divide(indicator: Indicator, *, by: User) -> None:
    """The same indicator for girls and boys."""
    indicator.refresh_from_db()
    sex = SaidDimension("sex", "Sex", ("Girls", "Boys"))
    set_dimensions(indicator=indicator, dimensions=[sex], seen=indicator.version, by=by)
    for one in list(indicator.measurements.headline()):
        for category, change in (("Girls", -WOMEN_BELOW), ("Boys", WOMEN_BELOW)):
            value = (one.value or Decimal(0)) + change
            part = Said(one.start, one.end, value, breakdown=f"sex={category}", source=REGISTER)
            measure(indicator=indicator, said=part, by=by)


def correct(indicator: Indicator, *, by: User) -> None:
    last = indicator.measurements.headline().last()
    assert last is not None
    number = (last.value or Decimal(0)) + Decimal("0.3")
    new = Said(last.start, last.end, number, source=REGISTER, note="Final figure.")
    reason = "The first figure was an estimate; this is the final one (invented)."
    correct_measurement(measurement=last, said=new, reason=reason, by=by)
