"""Personal data in sources: steps that a person marked as done stay without the name, their calendar address goes."""

from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User
from servanda.sources.models import CalendarFeed, ObligationFile, ObligationStep


def steps(person: User) -> list[dict]:
    rows = ObligationStep.objects.filter(done_by=person).order_by("pk")
    return [dict(row) for row in rows.values("obligation__code", "title", "done_on")]


def keep_work(_person: User, _names: list[str]) -> None:
    """Kept. It is the work of an institution; whoever did it is shown as an erased person from then on."""


keeps_personal_data("steps_of_obligations", export=steps, erase=keep_work)


def files(person: User) -> list[dict]:
    rows = ObligationFile.objects.filter(added_by=person).order_by("pk")
    return [dict(row) for row in rows.values("obligation__code", "name", "added_at")]


keeps_personal_data("files of obligations", export=files, erase=keep_work)


def calendar_address(person: User) -> list[dict]:
    return [dict(row) for row in CalendarFeed.objects.filter(person=person).values("created_at", "read_at")]


def forget_calendar_address(person: User, _names: list[str]) -> None:
    CalendarFeed.objects.filter(person=person).delete()


keeps_personal_data("calendar_address", export=calendar_address, erase=forget_calendar_address)
