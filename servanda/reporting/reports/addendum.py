"""The first draft of an addendum, put together by rules from decided positions. Nothing is invented.

As Slovenia's addenda do: supported recommendations are listed; those on which the State explains what it has done are
grouped with that explanation; noted ones are grouped by their reason. One that is supported in part counts as noted.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.kit.pages.markdown import escaped
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.planning.models import Action, ActionRecommendation
from servanda.progress.models import Assessment, Common, Voice
from servanda.recommendations.models import Position, Recommendation, Stand
from servanda.recommendations.records.codes import order_key
from servanda.reporting.models import ReportSection
from servanda.reporting.reports.scope import records_of
from servanda.vocab.own_state import own_state

TEMPLATE = "upr-addendum"
NOTED = (Stand.NOTED, Stand.PARTLY)
STARTED = (Common.STARTED, Common.PARTIAL, Common.SUBSTANTIAL, Common.FULL)
STARTED_ACTIONS = (Action.Status.IN_PROGRESS, Action.Status.COMPLETED)
# In the heading of an addendum, such as "already implemented or in the process of implementation".
ALREADY = re.compile(
    r"\b(?:already|being implemented|in (?:the )?process|under ?way|ongoing|déjà|en cours|ya|en curso|en proceso|já"
    r"|em curso|em andamento)\b|بالفعل|قيد التنفيذ|يجري تنفيذ",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Positions:
    """The numbers of recommendations by what the State decided, in the order of the report."""

    supported: list[str] = field(default_factory=list)
    explained: dict[str, list[str]] = field(default_factory=dict)  # supported, by the explanation
    under_way: dict[str, list[str]] = field(default_factory=dict)  # by the explanation
    noted: dict[str, list[str]] = field(default_factory=dict)  # by the reason
    undecided: list[str] = field(default_factory=list)

    @property
    def supported_count(self) -> int:
        groups = [*self.explained.values(), *self.under_way.values()]
        return len(self.supported) + sum(map(len, groups))

    @property
    def noted_count(self) -> int:
        return sum(map(len, self.noted.values()))


def can_be_drafted(section: ReportSection) -> bool:
    template = section.report.template
    code = template.copied_from.code if template.copied_from else template.code
    return code == TEMPLATE and section.key in WRITERS


def draft_of(section: ReportSection, by: User) -> str:
    """The draft of the section in the language of the report, as Markdown.

    Raises `Refused` for records of several reviews: their numbers alone would not tell them apart.
    """
    records = records_of(section.report, by)
    if records.order_by().exclude(review=None).values("review").distinct().count() > 1:
        raise Refused(_("The records are of several reviews. Edit the report and choose its review first."))
    with translation.override(section.report.language):
        return WRITERS[section.key](positions_on(records, by))


def positions_on(records: QuerySet, by: User) -> Positions:
    """Only decided positions that are in force. An explanation alone does not make a recommendation one that is
    implemented or under way: it may be about the years to come."""
    found = Positions()
    rows = list(
        records.filter(kind=Recommendation.Kind.RECOMMENDATION)
        .order_by("order_key", "pk")
        .values_list("pk", "paragraph", "code", "stand")
    )
    remarks = remarks_on({pk: stand for pk, _paragraph, _code, stand in rows})
    started = started_among(records, by)
    for pk, paragraph, code, stand in rows:
        number, (words, comment) = paragraph or code, remarks.get(pk, ("", ""))
        if stand == Stand.SUPPORTED and (ALREADY.search(words) or (comment and pk in started)):
            found.under_way.setdefault(comment, []).append(number)
        elif stand == Stand.SUPPORTED and comment:
            found.explained.setdefault(comment, []).append(number)
        elif stand == Stand.SUPPORTED:
            found.supported.append(number)
        elif stand in NOTED:
            found.noted.setdefault(comment, []).append(number)
        else:
            found.undecided.append(number)
    return found


def remarks_on(stands: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """The words of the document and the comment of the State on the position in force, by record."""
    positions = Position.objects.decided().filter(recommendation__in=list(stands))
    remarks: dict[int, tuple[str, str]] = {}
    for pk, stand, words, comment in positions.values_list("recommendation", "stand", "words", "comment"):
        if stand == stands[pk]:
            remarks[pk] = words, comment.strip()
    return remarks


def started_among(records: QuerySet, by: User) -> set[int]:
    """The records of which an action or the latest published assessment of the Government shows a start."""
    actions = Action.objects.visible_to(by).filter(status__in=STARTED_ACTIONS).order_by().values("pk")
    links = ActionRecommendation.objects.filter(action__in=actions)
    assessed = Assessment.objects.latest().filter(voice=Voice.GOVERNMENT, common__in=STARTED)
    rows = [kind.order_by().values("recommendation") for kind in (links, assessed)]
    started = records.filter(Q(pk__in=rows[0]) | Q(pk__in=rows[1]))
    return set(started.order_by().values_list("pk", flat=True))


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
    parts = []
    if found.supported:
        parts.append(escaped(_("Supports: %(numbers)s.") % {"numbers": listed(found.supported)}))
    if found.explained:
        numbers = listed(number for group in found.explained.values() for number in group)
        parts.append(escaped(_("Supports, with explanation: %(numbers)s.") % {"numbers": numbers}))
        parts += [on_group(group, escaped(comment)) for comment, group in found.explained.items()]
    return "\n\n".join(parts) or escaped(_("None."))


def under_way(found: Positions) -> str:
    if not found.under_way:
        return escaped(_("None."))
    numbers = listed(number for group in found.under_way.values() for number in group)
    parts = [escaped(_("Supports, already implemented or under way: %(numbers)s.") % {"numbers": numbers})]
    parts += [on_group(group, escaped(comment)) for comment, group in found.under_way.items() if comment]
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
