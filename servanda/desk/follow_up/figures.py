"""The figures of follow-up for the page and the workbook; each number links to its list."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from servanda.kit.charts import percents_of
from servanda.kit.files.tables import Sheet
from servanda.progress.dashboard.bars import WHOLE, Month, bar_of, columns_of, top_of
from servanda.progress.dashboard.figures import NAMES, Breakdown, Cell, Dashboard, FigureRow
from servanda.progress.models import Common, Voice
from servanda.progress.records.facets import UPDATE
from servanda.progress.updates.inactivity import HALF_A_YEAR, LastReport
from servanda.recommendations.filters.facets import WITHOUT

MOST = 10  # rows of a table on the page; the workbook has all
PRINTED = 4  # of these on paper, so that all tables fit on two pages
MONTHS = 12  # rows of the table on the page
# The filters of the list for each number, beside the institution.
ASKED = ("", "&due=past", f"&{UPDATE}={WITHOUT}", f"&{UPDATE}=older-{HALF_A_YEAR}")
type Show = Callable[[Cell], dict]


def shown_dashboard(dashboard: Dashboard, voice: Voice) -> dict:
    shown = partial(shown_cell, reverse("desk:register"))
    return {
        "statuses": statuses(),
        "total": shown(dashboard.total),
        "voices": [
            {
                "voice": line.voice,
                "cells": [
                    shown(cell) | {"percent": share}
                    for cell, share in zip(line.cells, shares_of(line.cells), strict=True)
                ],
                "bar": bar(line.cells),
            }
            for line in dashboard.voices
        ],
        "disagreements": shown(dashboard.disagreements),
        "shares": [
            {
                "label": share.label,
                "present": shown(share.present),
                "missing": shown(share.missing),
                "percent": share.percent,
            }
            for share in dashboard.shares
        ],
        "silences": [shown(cell) for cell in dashboard.silences],
        "voice": voice,
        "breakdowns": [
            shown_breakdown(breakdown, voice, shown)
            for breakdown in dashboard.breakdowns
            if any(line.speaks(voice) for line in breakdown.lines)
        ],
        "courses": courses(dashboard),
    }


def statuses() -> list[tuple[str, object]]:
    """The values of the common scale with their labels, then "not assessed"."""
    return list(NAMES.items())


def shown_cell(register: str, cell: Cell) -> dict:
    href = "" if cell.filters is None else register + (f"?{urlencode(cell.filters)}" if cell.filters else "")
    return {"label": cell.label, "count": cell.count, "href": href}


def bar(cells: Sequence[Cell]) -> dict:
    """The shares of what was assessed; "not assessed" is a number beside it."""
    return {"pieces": bar_of([(status, cell.count) for status, cell in statuses_in(cells)]), "whole": WHOLE}


def statuses_in(cells: Sequence[Cell]) -> list[tuple[str, Cell]]:
    """Without the last cell, which counts the records that are not assessed."""
    return list(zip(Common.values, cells[:-1], strict=True))


def shares_of(cells: Sequence[Cell]) -> list[int | None]:
    """The share of each status in per cent of what was assessed, which sum to 100, and none for "not assessed"."""
    counts = [cell.count for _status, cell in statuses_in(cells)]
    shares = zip(counts, percents_of(counts), strict=True)
    return [*(share if count else None for count, share in shares), None]


def shown_breakdown(breakdown: Breakdown, voice: Voice, shown: Show) -> dict:
    lines = [line for line in breakdown.lines if line.speaks(voice)]
    return {
        "key": breakdown.key,
        "title": breakdown.title,
        "heading": breakdown.heading,
        "lines": [shown_line(line, voice, shown) for line in lines[:MOST]],
        "left_out": max(0, len(lines) - MOST),
    }


def shown_line(line: FigureRow, voice: Voice, shown: Show) -> dict:
    cells = line.cells(voice)
    return {
        "label": line.label,
        "total": shown(line.total),
        "cells": [shown(cell) for cell in cells],
        "bar": bar(cells),
    }


def courses(dashboard: Dashboard) -> dict:
    """The statuses by month for each voice with assessments, all on one scale, and the statuses that occur."""
    by_voice = {
        voice: [(month.end, in_scale(month.numbers.get(voice, {}))) for month in dashboard.months]
        for voice in Voice
        if any(month.numbers.get(voice) for month in dashboard.months)
    }
    top = max(map(top_of, by_voice.values()), default=0)
    present = {status for rows in by_voice.values() for _end, numbers in rows for status, number in numbers if number}
    return {
        "legend": [(common.value, common.label) for common in Common if common in present],
        "lines": [shown_course(voice, rows, top) for voice, rows in by_voice.items()],
    }


def in_scale(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(value, numbers.get(value, 0)) for value in Common.values]


def shown_course(voice: Voice, rows: Sequence[Month], top: int) -> dict:
    labels = [common.label for common in Common]
    labelled = [
        (end, [{"label": label, "count": count} for label, (_status, count) in zip(labels, numbers, strict=True)])
        for end, numbers in rows[-MONTHS:][::-1]
    ]
    return {"voice": voice, "rows": labelled, "picture": columns_of(rows, top=top)}


def sheets_of(dashboard: Dashboard) -> Iterator[Sheet]:
    """All tables of the page, with all rows, for the workbook."""
    names = [str(label) for _value, label in statuses()]
    rows = [[str(line.voice.label), *(cell.count for cell in line.cells)] for line in dashboard.voices]
    yield Sheet(_("Implementation status"), [_("Assessment"), *names], rows)
    shares = [[share.label, share.present.count, share.missing.count, share.percent] for share in dashboard.shares]
    yield Sheet(_("Coverage"), [_("Records with"), _("With"), _("Without"), _("Per cent")], shares)
    silences = [[str(cell.label), cell.count] for cell in dashboard.silences]
    yield Sheet(_("Last update"), [_("Last update"), _("Records")], silences)
    yield Sheet(_("Institutions"), heard_columns(), list(heard_rows(dashboard.heard)))
    for breakdown in dashboard.breakdowns:
        header = [breakdown.heading, _("Name"), _("Assessment"), _("Records"), *names]
        yield Sheet(breakdown.title, header, list(breakdown_rows(breakdown)))
    yield Sheet(
        _("Over time"), [_("Until"), _("Assessment"), *(str(common.label) for common in Common)], months(dashboard)
    )


def heard_columns() -> list[str]:
    return [
        _("Abbreviation"),
        _("Institution"),
        _("As lead institution"),
        _("Overdue"),
        _("Days since the last update"),
        _("No update yet"),
        _("No update for six months"),
        _("Overdue answers"),
    ]


def shown_heard(heard: Iterable[LastReport]) -> list[dict]:
    """Each institution with its numbers and links."""
    register = reverse("desk:register")
    labels = [_("As lead institution"), _("Overdue"), _("No update yet"), _("No update for six months")]
    rows = []
    for institution in heard:
        led = f"{register}?{urlencode({'lead': institution.institution.code})}"
        numbers = zip(
            labels, (institution.led, institution.past, institution.never, institution.silent), ASKED, strict=True
        )
        rows.append(
            {
                "name": str(institution.institution),
                "href": reverse("desk:institution_follow_up", args=[institution.institution.pk]),
                "days": institution.days,
                "owed": institution.owed,
                "cells": [{"label": label, "count": number, "href": led + more} for label, number, more in numbers],
            }
        )
    return rows


def heard_rows(heard: Iterable[LastReport]) -> Iterator[list]:
    for row in heard:
        institution = row.institution
        yield [institution.code, str(institution), row.led, row.past, row.days, row.never, row.silent, row.owed]


def breakdown_rows(breakdown: Breakdown) -> Iterator[list]:
    for line in breakdown.lines:
        for voice in filter(line.speaks, Voice):
            cells = [cell.count for cell in line.cells(voice)]
            yield [line.key, str(line.label), str(voice.label), line.total.count, *cells]


def months(dashboard: Dashboard) -> list[list]:
    return [
        [month.end.isoformat(), str(voice.label), *(month.numbers[voice][common] for common in Common)]
        for month in dashboard.months
        for voice in Voice
        if month.numbers.get(voice)
    ]
