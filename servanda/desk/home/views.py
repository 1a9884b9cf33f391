"""The start page: open requests, what is due this week, overdue or to be decided, then the numbers and the latest
events."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from itertools import chain

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.assessments.tiles import disagreement_tiles
from servanda.desk.assignments.tiles import assignment_tiles
from servanda.desk.consultations.tiles import consultation_tiles
from servanda.desk.contributions.tiles import contribution_tiles
from servanda.desk.hand_over.pack import LOOKS_BACK
from servanda.desk.hand_over.tiles import ending_tiles, invited_tiles, vacancy_tiles
from servanda.desk.home.deadlines import by_day, deadlines_of
from servanda.desk.home.first_steps import first_steps
from servanda.desk.home.groups import DECIDE, finished, groups_of, informing
from servanda.desk.home.items import DRAFT, MOST, OVERDUE, WEEK, Item, Part, items_of, parts_of, read_lists
from servanda.desk.home.open_requests import first_asked
from servanda.desk.home.pending import PENDING, pending_of
from servanda.desk.home.system import old_backup, system_state
from servanda.desk.imports.tiles import import_tiles
from servanda.desk.indicators.tiles import indicator_tiles
from servanda.desk.labels.tiles import suggestion_tiles
from servanda.desk.news.tiles import news_tiles
from servanda.desk.obligations.tiles import obligation_tiles
from servanda.desk.parts.tiles import Ask, Supply, Tile, tiles_of
from servanda.desk.plans.tiles import action_tiles
from servanda.desk.positions.tiles import positions_tiles
from servanda.desk.proceedings.tiles import erasure_tiles, file_erasure_tiles, proceeding_tiles, room_tiles
from servanda.desk.register.tiles import editing_tiles, record_tiles, saved_tiles
from servanda.desk.reports.tiles import clearance_tiles, report_task_tiles, section_tiles, translation_tiles
from servanda.desk.rounds.tiles import asked_tiles, round_tiles, silence_tiles
from servanda.desk.search.opened import opened_by
from servanda.desk.updates.tiles import update_tiles
from servanda.kit.database.kept_texts import READING, Kept
from servanda.kit.database.prepared import Prepared, texts_in
from servanda.kit.pages.desk_numbers import DeskNumber, read_desk_numbers
from servanda.people.access import Can, can, requires
from servanda.people.models import HandOver, Notification, User
from servanda.people.reader_keys import all_of_reader
from servanda.people.trail_pages.presenter import event_lines
from servanda.progress.rounds.days import local_day
from servanda.progress.updates.queries import TO_VALIDATE
from servanda.trail.models import Event

EVENTS_SHOWN = 8
WORST = 5  # items of a group
FIRST_FILLED = {"records", "imports"}  # without any of these, an installation is new


def notice_tiles(user: User) -> Supply:
    counts = yield Ask.many("notices", lambda: Notification.objects.unread_by(user))
    label, none, href = _("Unread notifications"), _("No unread notifications."), reverse("people:notifications")
    yield Tile("notices", label, counts["number"], f"{href}?state=unread", none)


WAITING = (
    import_tiles,
    editing_tiles,
    suggestion_tiles,
    asked_tiles,
    round_tiles,
    assignment_tiles,
    update_tiles,
    indicator_tiles,
    obligation_tiles,
    action_tiles,
    positions_tiles,
    proceeding_tiles,
    room_tiles,
    section_tiles,
    report_task_tiles,
    clearance_tiles,
    consultation_tiles,
    translation_tiles,
    erasure_tiles,
    file_erasure_tiles,
    contribution_tiles,
    silence_tiles,
    vacancy_tiles,
    ending_tiles,
    invited_tiles,
)


def registered_tiles(number: DeskNumber, user: User) -> Supply:
    """Of a room that the desk does not import."""
    if number.concerns(user):
        counts = yield Ask.many(number.key, lambda: number.rows(user))
        yield Tile(number.key, str(number.label), counts["number"], number.address(), str(number.none))


def waiting_supplies() -> list[Callable[[User], Supply]]:
    return [*WAITING, *(partial(registered_tiles, number) for number in read_desk_numbers())]


PARTS = Kept[list[Part]](lambda parts: [part.text for part in parts])
PACKS = Kept[Prepared[HandOver]](texts_in)
KNOWN = (news_tiles, notice_tiles, record_tiles, disagreement_tiles)


@require_safe
@requires(Can.USE_DESK)
def home(request: HttpRequest) -> HttpResponse:
    user, steps = request.user, first_steps(request.user)
    supplies = waiting_supplies()
    tiles = tiles_of([*supplies, *KNOWN], user)
    waiting = list(chain.from_iterable(tiles[: len(supplies)]))
    known = list(chain.from_iterable(tiles[len(supplies) :]))
    page = {
        "first_steps": steps,
        "is_new": bool(steps) and not any(tile.count for tile in [*waiting, *known] if tile.key in FIRST_FILLED),
        "waiting": waiting,
        "known": known,
        # The bell in the header shows the number of the tile.
        "unread_notifications": next(tile.count for tile in known if tile.key == "notices"),
        "system": system_state(user, on=timezone.now()),
    }
    if page["is_new"]:
        return render(request, "desk/home/home.html", page | {"saved": []})
    page |= {"saved": saved_tiles(user), "hand_overs": packs_for(user), "opened": opened_by(user)}
    overdue = old_backup(page["system"], on=timezone.now())
    return render(request, "desk/home/home.html", page | work_to_do(user, waiting, overdue) | latest_events(user))


def work_to_do(user: User, tiles: list[Tile], overdue_first: list[Item]) -> dict:
    """The open requests of this person, what is due this week by day, and the groups."""
    today = timezone.localdate()
    found = read_lists(parts_for(user, on=today))
    decisions_first = sorted(found.get(PENDING, []), key=lambda row: row.kind == DRAFT)
    lists = [found.get(OVERDUE, [])[:WORST], decisions_first[:WORST], found.get(WEEK, [])[:MOST]]
    items = iter(items_of(chain.from_iterable(lists)))
    overdue, pending, week = ([next(items) for _row in rows] for rows in lists)
    decides = can(user, Can.PUBLISH_UPDATE) or can(user, Can.VALIDATE_UPDATE)
    groups = groups_of(tiles, [*overdue_first, *overdue], pending, decides=decides)
    approves = any(tile.key == f"updates-{TO_VALIDATE}" and tile.count for tile in tiles)
    return {
        # What others wait for comes before what one has to write.
        "first_groups": [group for group in groups if approves and group.key == DECIDE],
        "asked": first_asked(user, on=local_day(timezone.now())),
        "groups": [group for group in groups if not (approves and group.key == DECIDE)],
        "finished": finished(tiles),
        "informing": informing(tiles),
        "week": by_day(week, on=today),
    }


def parts_for(user: User, *, on: date) -> list[Part]:
    return PARTS.get(all_of_reader(user), lambda: parts_of([*deadlines_of(user, on=on), *pending_of(user)]))


def packs_for(user: User) -> list[HandOver]:
    """Recent hand-overs to this person."""
    packs = PACKS.get(all_of_reader(user), lambda: Prepared(packs_since(READING, user)))
    return packs.read(moment=timezone.now() - LOOKS_BACK)


def packs_since(moment: datetime, user: User) -> QuerySet[HandOver]:
    packs = HandOver.objects.visible_to(user).filter(to=user, created_at__gt=moment)
    return packs.select_related("appointment__person", "appointment__institution").order_by("-pk")


def latest_events(user) -> dict:
    if not can(user, Can.READ_TRAIL):
        return {}
    events = Event.objects.select_related("actor")[:EVENTS_SHOWN]
    return {"events": [{"at": line.event.at, "text": line.sentence} for line in event_lines(events, to=user)]}
