"""Invented updates over two years; most are published, some are in progress, and a few came by letter."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from servanda.demo.reading import coordinator, day, in_turn, read
from servanda.people.models import Appointment, Institution, Notification, User
from servanda.planning.models import Assignment
from servanda.progress.evidence.services import Described, add_file, add_link
from servanda.progress.models import Evidence, InputRequest, Update
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.progress.updates.letters import enter_on_behalf
from servanda.progress.updates.permissions import appointed_to
from servanda.progress.updates.services import (
    linked_to,
    publish_update,
    return_update,
    save_update,
    start_update,
    submit_update,
    validate_update,
)
from servanda.recommendations.models import Recommendation

Function = Appointment.Function
QUARTER = timedelta(days=91)
QUARTERS = 8  # two years
RECORDS = 3  # of each institution in each quarter
HANDLING = timedelta(days=12)
ADMINISTRATOR = "admin@example.org"
LETTERS = 5


class Reporter(NamedTuple):
    """An institution that reports, with the people who write and validate there."""

    institution: Institution
    writer: User
    authority: User
    records: list[Recommendation]
    reports: list[dict[str, str]]

    def report(self, number: int) -> dict[str, Any]:
        """The next of its texts, in turn."""
        return {"figures": "", **self.reports[number % len(self.reports)]}


@transaction.atomic
def load() -> None:
    """Idempotent."""
    if Update.objects.exists():
        return
    data, by, today = read("updates"), coordinator(), day(0)
    reporting = list(reporters())
    number = 0
    for quarter in range(QUARTERS):
        written_on = today - QUARTER * (QUARTERS - quarter) + timedelta(days=60)
        for reporter in reporting:
            for record in records_in_turn(reporter.records, quarter * RECORDS):
                number += 1
                update = write(reporter, record, number, data, on=written_on)
                advance(update, reporter, number, data, is_last=quarter == QUARTERS - 1, by=by)
                set_back(update, written_on)
    publisher = User.objects.get(email=ADMINISTRATOR)
    for reporter in reporting[:LETTERS]:
        enter_letter(reporter, today - QUARTER, by=by, publisher=publisher)
    read_notifications()


def reporters() -> Iterator[Reporter]:
    for code, reports in read("updates")["reports"].items():
        institution = Institution.objects.get(code=code)
        writers = appointed_to(institution, [Function.PRINCIPAL, Function.ALTERNATE])
        authorities = appointed_to(institution, [Function.AUTHORITY])
        assigned = Assignment.objects.current().filter(institution=institution).order_by("part", "recommendation")
        public = Recommendation.objects.public().filter(pk__in=assigned.values("recommendation"))
        records = list(public[: 3 * RECORDS])
        if writers and authorities and records:
            yield Reporter(institution, writers[0], authorities[0], records, reports)


def records_in_turn(records: list[Recommendation], first: int) -> list[Recommendation]:
    """The next few records, starting over at the end."""
    start = first % len(records)
    return list(islice(cycle(records), start, start + min(RECORDS, len(records))))


def write(reporter: Reporter, record: Recommendation, number: int, data: dict[str, Any], *, on: date) -> Update:
    report = reporter.report(number)
    report["text"] += f" {in_turn(data['changes'], number)}"
    obstacles = in_turn(data["obstacles"], number)
    draft = write_draft(reporter, record, report, obstacles=obstacles, start=on - QUARTER, end=on - timedelta(days=1))
    if number % 8 == 0:
        attach_evidence(draft, record, number, data, by=reporter.writer)
    return draft


def write_draft(
    reporter: Reporter,
    record: Recommendation | None,
    report: dict[str, Any],
    *,
    start: date | None,
    end: date | None,
    obstacles: str = "",
    request: InputRequest | None = None,
) -> Update:
    records = [record] if record else []
    draft = start_update(
        institution=reporter.institution,
        recommendations=records,
        request=request,
        by=reporter.writer,
    )
    return save_update(
        update=draft,
        seen=draft.version,
        **report,
        obstacles=obstacles,
        language="en",
        start=start,
        end=end,
        recommendations=records,
        actions=[],
        by=reporter.writer,
    )


def attach_evidence(draft: Update, record: Recommendation, number: int, data: dict[str, Any], *, by: User) -> None:
    links: dict[str, Any] = {"recommendations": [record], "institution": draft.institution, "update": draft, "by": by}
    if number % 16:
        table = ContentFile(f"Year,People\n{2024},{number * 7}\n{2025},{number * 9}\n".encode())
        described = Described(kind="statistic", title="People reached (invented)", shows="outcome", is_public=True)
        add_file(file=table, name=f"people-{number}.csv", described=described, **links)
        return
    title = f"{in_turn(data['evidence_titles'], number // 16)} (invented)"
    described = Described(kind=Evidence.Kind.REPORT, title=title, is_public=True)
    add_link(link=f"https://example.org/invented/{number}", described=described, **links)


def advance(draft: Update, reporter: Reporter, number: int, data: dict[str, Any], *, is_last: bool, by: User) -> None:
    """Publish older updates; of the last quarter, some stay drafts, wait, or are returned."""
    rest = number % 6 if is_last else None
    if rest == 0:
        return
    submit_update(update=draft, by=reporter.writer)
    if rest == 1:
        return
    if rest == 2:
        return_update(update=draft, reason=data["return_reason"], by=reporter.authority)
        return
    validate_update(update=draft, by=reporter.authority)
    if rest != 3:
        publish_update(update=draft, by=by)


def enter_letter(reporter: Reporter, on: date, *, by: User, publisher: User) -> None:
    entered = enter_on_behalf(
        institution=reporter.institution,
        recommendations=reporter.records[:1],
        letter=f"{on:%m}-{reporter.records[0].pk}/{on:%y} (invented)",
        letter_date=on,
        **reporter.report(0),
        obstacles="",
        language="en",
        start=None,
        end=on,
        by=by,
    )
    publish_update(update=entered, by=publisher)
    set_back(entered, on)


def report_on(record: Recommendation, institution: Institution, text: str, *, by: User) -> None:
    """An update on a single record, validated by the institution and published by the coordinator."""
    writers = appointed_to(institution, [Function.PRINCIPAL, Function.ALTERNATE])
    authorities = appointed_to(institution, [Function.AUTHORITY])
    if not (writers and authorities):
        return
    reporter = Reporter(institution, writers[0], authorities[0], [record], [])
    draft = write_draft(reporter, record, {"text": text, "figures": ""}, start=day(-90), end=day(-1))
    validate_update(update=submit_update(update=draft, by=reporter.writer), by=reporter.authority)
    publish_update(update=draft, by=by)


def read_notifications() -> None:
    """Mark the notifications on published updates as read."""
    published = [str(pk) for pk in Update.objects.published().values_list("pk", flat=True)]
    notifications = Notification.objects.filter(object_type=Update._meta.label_lower, object_id__in=published)
    notifications.update(read_at=timezone.now())


def set_back(update: Update, on: date) -> None:
    """Backdate the update: services always use the present day. Nothing is dated after today."""
    at = min(timezone.make_aware(datetime(on.year, on.month, on.day, 10)), timezone.now() - HANDLING)
    for number, step in enumerate(update.steps.all(), 1):
        type(step).objects.filter(pk=step.pk).update(at=at + HANDLING * number / 3)
    published = Update.objects.filter(pk=update.pk, published_at__isnull=False)
    published.update(published_at=at + HANDLING)
    Update.objects.filter(pk=update.pk).update(created_at=at, changed_at=at + HANDLING)
    keep_last_updates(linked_to(update))
