"""The tiles of the desk in three groups, each with its worst items; tiles without a number fold away."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from servanda.desk.home.items import Item
from servanda.desk.parts.tiles import Tile

OVERDUE, DECIDE, QUALITY = "overdue", "decide", "quality"
GROUPS = {
    OVERDUE: [
        "proceedings_late",
        "proceedings_mine",
        "questions_owned",
        "late_answers",
        "late_records",
        "follow_up_due",
        "mine_due",
        "mine_follow_up",
        "obligations_late",
        "obligations_mine_late",
        "obligations_quarter",
        "actions_late",
        "actions_mine_late",
        "actions_mine_soon",
        "values_due",
        "ending",
    ],
    DECIDE: [
        "imports",
        "peers_troubled",
        "received",
        "pending",
        "position_waiting",
        "position_different",
        "position_to_propose",
        "asked",
        "updates-publish",
        "updates-validate",
        "updates-write",
        "contributions",
        "report_sections",
        "report_tasks",
        "reports_to_clear",
        "draft_comments",
        "open_drafts",
        "translations",
        "refused",
        "erasure",
        "file_erasure",
        "suggestions",
        "obligations_unknown",
        "obligations_former",
        "vacant",
        "invited",
    ],
    QUALITY: [
        "silent",
        "silent_records",
        "unpublished",
        "untranslated",
        "without_theme",
        "without_lead",
        "unnamed",
        "outcomes_without_value",
    ],
}
INFORMING = ["open_rounds", "mine", "contributed"]  # numbers that ask for nothing
MOST_GAPS = 5


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    items: Sequence[Item]
    tiles: list[Tile] = field(default_factory=list)  # those with a number

    @property
    def gaps(self) -> list[Tile]:
        """The largest numbers of the quality of data, which has no single items."""
        return self.tiles[:MOST_GAPS] if self.key == QUALITY else []

    @property
    def others(self) -> list[Tile]:
        return self.tiles[MOST_GAPS:] if self.key == QUALITY else self.tiles


def groups_of(
    tiles: Sequence[Tile], overdue: Sequence[Item], pending: Sequence[Item], *, decides: bool
) -> list[Group]:
    """The groups that have something; what belongs to no other group is about the quality of the data. Those who
    decide nothing have things to do instead."""
    group_of = {key: group for group, keys in GROUPS.items() for key in keys}
    by_group: dict[str, list[Tile]] = {OVERDUE: [], DECIDE: [], QUALITY: []}
    for tile in tiles:
        if tile.count and tile.key not in INFORMING:
            by_group[group_of.get(tile.key, QUALITY)].append(tile)
    by_group[QUALITY].sort(key=lambda tile: -(tile.count or 0))
    groups = [
        Group(OVERDUE, _("Overdue or due soon"), overdue, by_group[OVERDUE]),
        Group(DECIDE, _("To decide") if decides else _("Things to do"), pending, by_group[DECIDE]),
        Group(QUALITY, _("Data quality"), [], by_group[QUALITY]),
    ]
    return [group for group in groups if group.items or group.tiles]


def finished(tiles: Sequence[Tile]) -> list[Tile]:
    return [tile for tile in tiles if tile.count == 0 and tile.key not in INFORMING]


def informing(tiles: Sequence[Tile]) -> list[Tile]:
    return [tile for tile in tiles if tile.key in INFORMING]
