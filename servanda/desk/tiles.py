"""A number on the desk: each part of it supplies its tiles, and `views.home` puts them together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name, and the list that has that many rows; without any, it says what that means."""

    key: str
    label: str
    count: int | None  # None: not to be said yet
    href: str
    none: str
    note: str = ""

    @property
    def leads(self) -> str:
        """An empty list is no place to go to."""
        return "" if self.count == 0 else self.href

    @property
    def said(self) -> str:
        return self.none if self.count == 0 else self.note
