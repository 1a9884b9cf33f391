"""Personal data in the register: saved lists are deleted with the person; notes belong to the mechanism and are kept
without a name."""

from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User
from servanda.recommendations.models import Note, SavedView


def saved_lists(person: User) -> list[dict]:
    return list(SavedView.objects.filter(owner=person).values("name", "query"))


def forget_saved_lists(person: User, _names: list[str]) -> None:
    SavedView.objects.filter(owner=person).delete()


def notes(person: User) -> list[dict]:
    return list(Note.objects.filter(author=person).values("recommendation__code", "text", "created_at"))


def keep_notes(_person: User, _names: list[str]) -> None:
    """Nothing to do: the author is shown as an erased person from then on."""


keeps_personal_data("saved_lists", export=saved_lists, erase=forget_saved_lists)
keeps_personal_data("notes", export=notes, erase=keep_notes)
