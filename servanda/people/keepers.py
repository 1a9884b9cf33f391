"""What the rooms above say of the personal data that they keep, each in its `personal_data.py`: how a person is told
of them, and how they are forgotten."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules

from servanda.people.models import User


@dataclass(frozen=True)
class Keeper:
    tell: Callable[[User], list[dict]]
    forget: Callable[[User, list[str]], None]  # the person, and the words by which texts may name them


KEEPERS: dict[str, Keeper] = {}


def keeps_personal_data(name: str, *, tell: Callable[[User], list[dict]], forget: Callable) -> None:
    KEEPERS[name] = Keeper(tell, forget)


def read_keepers() -> dict[str, Keeper]:
    autodiscover_modules("personal_data")
    return KEEPERS
