"""The State's answer to one review, as the addendum to the report of the Working Group tells it.

In the UPR a State supports a recommendation or notes it, and there is nothing between: what is supported in part
only is counted as noted, and says so. Human Rights Council resolution 5/1, annex, paragraph 32.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.facets import review_title
from servanda.recommendations.models import Position, Recommendation, Stand
from servanda.recommendations.register.exports import cover_of
from servanda.recommendations.register.matrix import (
    ADDENDUM,
    Layout,
    MatrixRow,
    docx_of,
    facts_of,
    line_of,
    refuse_too_long,
    with_parts,
    xlsx_of,
)
from servanda.sources.models import Review

ROWS_AT_ONCE = 500


def addendum_of(records: QuerySet, review: Review, audience: Audience) -> Layout:
    title = str(review_title(str(review.body.name), review.cycle, review.year))
    recommendations = records.filter(kind=Recommendation.Kind.RECOMMENDATION)
    return Layout(
        title=_("%(review)s: positions of the State") % {"review": title},
        sheet=_("Positions"),
        cover=[*cover_of(audience), *counted(recommendations)],
        columns=ADDENDUM,
        lines=list(lines(recommendations, audience)),
        facts=facts_of(recommendations, recommendations.count(), ()),
    )


def counted(records: QuerySet) -> list[str]:
    """How many are supported and how many noted, by decided positions; drafts do not count."""
    numbers = Counter(records.order_by().values_list("stand", flat=True))
    partly, open_ones = numbers[Stand.PARTLY], numbers[""] + numbers[Stand.PENDING]
    noted = numbers[Stand.NOTED] + partly
    supported = numbers[Stand.SUPPORTED]
    sentences = [
        ngettext("%(count)d recommendation is supported.", "%(count)d recommendations are supported.", supported)
        % {"count": supported},
        ngettext("%(count)d recommendation is noted.", "%(count)d recommendations are noted.", noted)
        % {"count": noted},
    ]
    if partly:
        sentence = ngettext(
            "Of the recommendations noted, %(count)d is supported in part; the comment states which part.",
            "Of the recommendations noted, %(count)d are supported in part; the comments state which part.",
            partly,
        )
        sentences.append(sentence % {"count": partly})
    if open_ones:
        sentence = ngettext("%(count)d is not decided yet.", "%(count)d are not decided yet.", open_ones)
        sentences.append(sentence % {"count": open_ones})
    return sentences


def lines(records: QuerySet, audience: Audience) -> Iterator[MatrixRow]:
    for record in with_parts(records, audience).order_by("order_key", "pk").iterator(ROWS_AT_ONCE):
        line = line_of(record, with_deadline=False)
        drafts = [position for position in record.positions.all() if position.is_draft]
        line.values["position"] = "\n".join(in_two_words(record.stand, drafts))
        yield line


def in_two_words(stand: str, drafts: Sequence[Position]) -> list[str]:
    """Supported or noted; then the draft, marked as such."""
    lines = [answered(stand)] if stand and stand != Stand.PENDING else []
    if drafts:
        lines.append(_("Draft, not decided: %(stand)s") % {"stand": answered(drafts[-1].stand)})
    return lines or [_("Not decided")]


def answered(stand: str) -> str:
    if stand == Stand.PARTLY:
        return _("Noted (supported in part, see the comment)")
    return str(Stand(stand).label)


def write_docx(records: QuerySet, review: Review, audience: Audience) -> IO[bytes]:
    refuse_too_long(records)
    return docx_of(addendum_of(records, review, audience))


def write_xlsx(records: QuerySet, review: Review, audience: Audience) -> IO[bytes]:
    return xlsx_of(addendum_of(records, review, audience))


WRITERS: dict[str, Callable[[QuerySet, Review, Audience], IO[bytes]]] = {"docx": write_docx, "xlsx": write_xlsx}
