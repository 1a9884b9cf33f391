"""The first draft of an addendum, put together by rules from decided positions. Nothing is invented.

As Slovenia's addenda do: supported recommendations are listed; those on which the State explains what it has done are
grouped with that explanation; noted ones are grouped by their reason. One that is supported in part counts as noted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.kit.pages.markdown import escaped
from servanda.people.models import User
from servanda.recommendations.models import Position, Recommendation, Stand
from servanda.recommendations.records.codes import order_key
from servanda.reporting.models import ReportSection
from servanda.reporting.reports.scope import records_of
from servanda.vocab.own_state import own_state

TEMPLATE = "upr-addendum"
NOTED = (Stand.NOTED, Stand.PARTLY)


@dataclass(slots=True)
class Positions:
    """The numbers of recommendations by what the State decided, in the order of the report."""

    supported: list[str] = field(default_factory=list)
    under_way: dict[str, list[str]] = field(default_factory=dict)  # by the explanation
    noted: dict[str, list[str]] = field(default_factory=dict)  # by the reason
    undecided: list[str] = field(default_factory=list)

    @property
    def supported_count(self) -> int:
        return len(self.supported) + sum(map(len, self.under_way.values()))

    @property
    def noted_count(self) -> int:
        return sum(map(len, self.noted.values()))


def can_be_drafted(section: ReportSection) -> bool:
    template = section.report.template
    code = template.copied_from.code if template.copied_from else template.code
    return code == TEMPLATE and section.key in WRITERS


def draft_of(section: ReportSection, by: User) -> str:
    """The draft of the section in the language of the report, as Markdown."""
    with translation.override(section.report.language):
        return WRITERS[section.key](positions_on(records_of(section.report, by)))


def positions_on(records: QuerySet) -> Positions:
    """Only decided positions that are in force."""
    found = Positions()
    rows = list(
        records.filter(kind=Recommendation.Kind.RECOMMENDATION)
        .order_by("order_key", "pk")
        .values_list("pk", "paragraph", "code", "stand")
    )
    comments = comments_on({pk: stand for pk, _paragraph, _code, stand in rows})
    for pk, paragraph, code, stand in rows:
        number, comment = paragraph or code, comments.get(pk, "")
        if stand == Stand.SUPPORTED and comment:
            found.under_way.setdefault(comment, []).append(number)
        elif stand == Stand.SUPPORTED:
            found.supported.append(number)
        elif stand in NOTED:
            found.noted.setdefault(comment, []).append(number)
        else:
            found.undecided.append(number)
    return found


def comments_on(stands: Mapping[int, str]) -> dict[int, str]:
    """The comment of the State on the position in force, by record."""
    positions = Position.objects.decided().filter(recommendation__in=list(stands))
    comments: dict[int, str] = {}
    for pk, stand, comment in positions.values_list("recommendation", "stand", "comment"):
        if stand == stands[pk]:
            comments[pk] = comment.strip()
    return comments


def introduction(found: Positions) -> str:
    state = str(own_state() or _("The State"))
    total = found.supported_count + found.noted_count + len(found.undecided)
    sentences = [
        ngettext(
            "%(state)s received %(count)d recommendation.", "%(state)s received %(count)d recommendations.", total
        )
        % {"state": state, "count": total},
        ngettext(
            "%(count)d recommendation is supported.",
            "%(count)d recommendations are supported.",
            found.supported_count,
        )
        % {"count": found.supported_count},
        ngettext("%(count)d recommendation is noted.", "%(count)d recommendations are noted.", found.noted_count)
        % {"count": found.noted_count},
    ]
    text = escaped(" ".join(sentences))
    if found.undecided:
        gap = _("[Not decided yet: %(numbers)s]") % {"numbers": listed(found.undecided)}
        text += f"\n\n**{escaped(gap)}**"
    return text


def supported(found: Positions) -> str:
    if not found.supported:
        return escaped(_("None."))
    return escaped(_("Supports: %(numbers)s.") % {"numbers": listed(found.supported)})


def under_way(found: Positions) -> str:
    if not found.under_way:
        return escaped(_("None."))
    numbers = listed(number for group in found.under_way.values() for number in group)
    parts = [escaped(_("Supports, already implemented or under way: %(numbers)s.") % {"numbers": numbers})]
    parts += [on_group(group, escaped(comment)) for comment, group in found.under_way.items()]
    return "\n\n".join(parts)


def noted(found: Positions) -> str:
    if not found.noted:
        return escaped(_("None."))
    numbers = listed(number for group in found.noted.values() for number in group)
    parts = [escaped(_("Notes: %(numbers)s.") % {"numbers": numbers})]
    for reason, group in found.noted.items():
        because = escaped(reason) if reason else f"**{escaped(_('[The reason is missing.]'))}**"
        parts.append(on_group(group, because))
    return "\n\n".join(parts)


def on_group(numbers: Iterable[str], text: str) -> str:
    """One paragraph, which has one number in the printed report."""
    return f"**{escaped(listed(numbers))}:** {text}"


def listed(numbers: Iterable[str]) -> str:
    """140.99 before 140.120, in whatever order the groups are."""
    return ", ".join(sorted(numbers, key=lambda number: order_key("", number)))


WRITERS: Mapping[str, Callable[[Positions], str]] = {
    "introduction": introduction,
    "supported": supported,
    "under-way": under_way,
    "noted": noted,
}
