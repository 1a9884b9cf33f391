"""Pages of a list whose length the database knows."""

from dataclasses import dataclass

SIZES = (25, 50, 100)
USUAL = 25
LONGEST_NUMBER = 8  # digits


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list are shown: `start` to `stop`, counted from nothing as a slice is."""

    number: int
    size: int
    total: int

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        return min(self.start + self.size, self.total)

    @property
    def first(self) -> int:
        return self.start + 1 if self.total else 0

    @property
    def last_number(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.number < self.last_number else None


def page_number(text: str) -> int:
    """What stands as `page` in an address; whatever is no number asks for the first."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 1


def page_of(total: int, *, number: int = 1, size: int = USUAL) -> Page:
    """The page asked for, or the nearest there is."""
    return Page(min(max(1, number), Page(1, size, total).last_number), size, total)
