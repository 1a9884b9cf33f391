"""Nine core treaties of an invented State: the calendar, the timeline and the file for calendar programs show every
day with its source, and what is estimated or to be communicated as such."""

from datetime import date
from typing import NamedTuple

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from icalendar import Calendar
from lxml import html

from servanda.intake.sheets import services as sheets
from servanda.people.access import Role
from servanda.people.models import User
from servanda.sources.models import Obligation, TreatyStatus
from servanda.sources.obligations.by_rules import add_by_rules, rules_of, usual_starts
from servanda.sources.obligations.feeds import renew_feed
from servanda.sources.treaties.sheet import TreatySheets
from servanda.vocab.models import Body
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
IN_FORCE = {
    **dict.fromkeys(["ICCPR", "ICESCR", "ICERD", "CEDAW", "CAT", "CRC"], date(1995, 3, 1)),
    "CRPD": date(2010, 3, 1),
    "ICRMW": date(YEAR, 1, 6),
    "ICPPED": date(YEAR - 1, 10, 8),
}
# The deadline of the last report, where there was one; for the Human Rights Committee also its list of issues.
STARTS = {
    "CCPR": {"previous-deadline": date(YEAR - 6, 3, 1), "list-of-issues": date(YEAR, 2, 1)},
    "CESCR": {"previous-deadline": date(YEAR - 3, 4, 2)},
    "CERD": {"previous-deadline": date(YEAR - 1, 5, 3)},
    "CEDAW": {"previous-deadline": date(YEAR - 2, 6, 4)},
    "CAT": {"previous-deadline": date(YEAR - 2, 7, 5)},
    "CRPD": {"previous-deadline": date(YEAR - 3, 9, 7)},
    "CRC": {},
    "CMW": {},
    "CED": {},
}


class Due(NamedTuple):
    """What a rule makes due, counted by hand."""

    body: str
    rule: str
    day: date | None
    source: str  # in the words of the shipped rule
    is_estimate: bool = True


DUE = (
    Due("CCPR", "ccpr-periodic", date(YEAR + 2, 3, 1), "Human Rights Committee, predictable review cycle"),
    Due("CCPR", "ccpr-loipr", date(YEAR + 1, 2, 1), "Human Rights Committee, predictable review cycle"),
    Due("CESCR", "cescr-periodic", date(YEAR + 2, 4, 2), "Economic and Social Council resolution 1988/4"),
    Due("CERD", "cerd-periodic", date(YEAR + 1, 5, 3), "ICERD, article 9, paragraph 1"),
    Due("CEDAW", "cedaw-periodic", date(YEAR + 2, 6, 4), "CEDAW, article 18, paragraph 1 (b)"),
    Due("CAT", "cat-periodic", date(YEAR + 2, 7, 5), "CAT, article 19, paragraph 1"),
    Due("CRPD", "crpd-periodic", date(YEAR + 1, 9, 7), "CRPD, article 35, paragraph 2"),
    Due("CMW", "cmw-initial", date(YEAR + 1, 1, 6), "ICRMW, article 73, paragraph 1 (a)", is_estimate=False),
    Due("CED", "ced-initial", date(YEAR + 1, 10, 8), "ICPPED, article 29, paragraph 1", is_estimate=False),
    Due("CRC", "crc-periodic", None, "CRC, article 44"),
)
DATED = [due for due in DUE if due.day]


@built_once
def secretariat(loaded_once) -> User:
    return make.user(Role.COORDINATOR)


@built_once
def obligations(secretariat) -> dict[str, Obligation]:
    """By their rules: the treaties as a spreadsheet, then what the shipped rules make due."""
    rows = [f"{code},accession,{day},{day},Invented" for code, day in IN_FORCE.items()]
    content = "\n".join(["code,consent,deposited,in force,source", *rows])
    batch = sheets.send_sheet(
        kind=TreatySheets(), file=ContentFile(content.encode(), "t.csv"), name="t.csv", by=secretariat
    )
    sheets.preview_sheet(batch)
    sheets.start_sheet(batch=batch, options={})
    sheets.apply_sheet(batch=batch, by=secretariat)
    assert TreatyStatus.objects.exclude(in_force_on=None).count() == 9
    for code, own in STARTS.items():
        body = Body.objects.get(code=code)
        starts = usual_starts(body, rules_of(body)) | own
        add_by_rules(body=body, starts=starts, chosen=[due.rule for due in DUE if due.body == code], by=secretariat)
    return {row.rule.code: row for row in Obligation.objects.select_related("rule", "body")}


@pytest.fixture
def coordinator(client, secretariat) -> User:
    client.force_login(secretariat)
    return secretariat


def lines(client, url: str) -> list[str]:
    """What the page lists, each in one line."""
    tree = html.fromstring(client.get(url).content)
    return [" ".join(item.text_content().split()) for item in tree.xpath("//main//li")]


def shows(found: list[str], due: Due) -> bool:
    """Whether one line has the day, the source and, if it is one, that it is an estimate."""
    words = [date_format(due.day, "DATE_FORMAT"), f"Deadline from: Rule ({due.source}"]
    lines_of_it = [line for line in found if all(part in line for part in words)]
    return any(("Estimate" in line) == due.is_estimate for line in lines_of_it)


def test_the_days_are_those_counted_by_hand(obligations):
    assert {code: row.due_on for code, row in obligations.items()} == {due.rule: due.day for due in DUE}
    certainties = {code: str(row.certainty) for code, row in obligations.items()}
    assert certainties.pop("crc-periodic") == "to-be-communicated"
    assert certainties == {due.rule: "estimate" if due.is_estimate else "fixed" for due in DATED}


@pytest.mark.database
def test_the_calendar_and_the_timeline_show_every_day_with_its_source(client, coordinator, obligations):
    calendar, timeline = reverse("desk:obligation_calendar"), reverse("desk:obligation_timeline")
    years = {year: lines(client, f"{calendar}?year={year}") for year in {due.day.year for due in DATED}}
    assert [due.rule for due in DATED if not shows(years[due.day.year], due)] == []
    drawn = lines(client, timeline)
    assert [due.rule for due in DATED if not shows(drawn, due)] == []
    waiting = obligations["crc-periodic"]
    for url in (calendar, timeline):
        tree = html.fromstring(client.get(url).content)
        [section] = tree.xpath("//section[@aria-labelledby='undated-1']")
        assert "To be communicated" in section.text_content()
        assert "Deadline from: Rule (CRC, article 44" in section.text_content()
        assert section.xpath(f".//a[@href='{waiting.get_absolute_url()}']")


@pytest.mark.parametrize("is_public", [False, True])
def test_a_calendar_program_reads_every_day_with_its_source(client, coordinator, obligations, is_public):
    url = reverse("portal:calendar_feed", args=[renew_feed(by=coordinator)])
    if is_public:
        Obligation.objects.update(is_published=True)
        client.logout()
        url = reverse("portal:calendar_file")
    calendar = Calendar.from_ical(client.get(url).content)
    events = {event["dtstart"].dt: event for event in calendar.events}
    assert set(events) == {due.day for due in DATED}
    heading, undated = str(calendar["description"]).split("\n")  # what is to be communicated has no day yet
    assert heading == "To be communicated"
    assert undated.startswith("CRC: Periodic report. Deadline from: Rule (CRC, article 44")
    for due in DATED:
        event = events[due.day]
        assert f"Deadline from: Rule ({due.source}" in str(event["description"])
        assert str(event["status"]) == ("TENTATIVE" if due.is_estimate else "CONFIRMED")
        assert ("(Estimate)" in str(event["summary"])) == due.is_estimate


@pytest.mark.database
def test_the_public_calendar_shows_them_once_they_are_published(client, obligations):
    address = reverse("portal:calendar")
    assert not any("Deadline from" in line for line in lines(client, f"{address}?year={YEAR + 1}"))
    Obligation.objects.update(is_published=True)
    years = {year: lines(client, f"{address}?year={year}") for year in {due.day.year for due in DATED}}
    assert [due.rule for due in DATED if not shows(years[due.day.year], due)] == []
    page = client.get(address).content.decode()
    assert "To be communicated" in page
    assert "Deadline from: Rule (CRC, article 44" in page
