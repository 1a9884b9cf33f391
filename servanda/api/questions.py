"""The query parameters of the register. Pages ignore those that are not valid; the API refuses them with an error."""

from collections.abc import Iterator, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Schema

from servanda.api.faults import Fault
from servanda.recommendations.filters.facets import WITHOUT, Facet
from servanda.recommendations.filters.query import LONGEST_QUESTION, SORTS, RegisterFilter, read_filter

MOST = 100
USUAL = 50
FARTHEST = 10_000_000
OWN_KEYS = {"q", "sort", "limit", "offset"}
AGAIN = "May be given several times. `-` finds records without any."
WORDS = f'Words to search for: `"a phrase"`, `OR`, `-without`. At most {LONGEST_QUESTION} characters.'
NUMBERS = {
    "limit": gettext_lazy("Enter a whole number between 1 and 100."),
    "offset": gettext_lazy("Enter a whole number between 0 and 10,000,000."),
}
WRONG_VALUE = gettext_lazy("This value is not of the expected type.")
WRONG_KEYS = {
    "extra_forbidden": gettext_lazy("This field cannot be changed. Remove it from the request."),
    "missing": gettext_lazy("Required field."),
}
STEPS = "`not-started`, `started`, `partial`, `substantial`, `full`, `regressed` or `unknown`; `assessed` for any."
ASSIGNED = "Only with the key of somebody who answers for an institution, or who assigns."
INSIDE = "Only with the key of somebody who sees more than the public."


class Question(Schema):
    """The filters of the list; a national taxonomy that is offered as a filter is one more, under its own key."""

    q: str = Field("", description=WORDS)
    body: list[str] = Field([], description=f"Code of the body. {AGAIN}")
    review: list[str] = Field([], description=f"Body and cycle, or body and year: `UPR-4`, `CRC-2016`. {AGAIN}")
    year: list[str] = Field([], description=AGAIN)
    theme: list[str] = Field([], description=f"Code of a theme, as under `/vocabulary/theme`. {AGAIN}")
    group: list[str] = Field([], description=f"Code of affected persons, as under `/vocabulary/group`. {AGAIN}")
    sdg: list[str] = Field([], description=f"Goal or target: `16` finds `16.2` too. {AGAIN}")
    stand: list[str] = Field([], description=f"`supported`, `partly`, `noted`, `pending`. {AGAIN}")
    kind: list[str] = Field(
        [],
        description="`recommendation`, `observation`, `pledge`, `other`; `measure` for measures that courts and "
        "committees have ordered, and `commitment` for commitments of the network of mechanisms, which are listed "
        f"only when asked for. {AGAIN}",
    )
    language: list[str] = Field([], description=f"Language of the original. {AGAIN}")
    recommending: list[str] = Field([], description=f"Code of a recommending State. {AGAIN}")
    country: list[str] = Field([], description=f"State concerned, in a register of several States. {AGAIN}")
    published: list[str] = Field([], description=f"`yes` or `no`. {INSIDE}")
    confidentiality: list[str] = Field([], description=f"`public`, `internal` or `restricted`. {INSIDE}")
    missing: list[str] = Field([], description="Language without a text. Only with the key of somebody who edits.")
    territory: list[str] = Field([], description=f"A region or municipality that records name. {AGAIN}")
    priority: list[str] = Field([], description=f"`high`, `medium` or `low`. {INSIDE} {AGAIN}")
    term: list[str] = Field([], description=f"`short`, `medium` or `long`. {INSIDE} {AGAIN}")
    batch: list[str] = Field([], description="Key of the import. Only with the key of somebody who imports.")
    follow_up: list[str] = Field(
        [],
        alias="follow-up",
        description=(
            f"What a body asks to hear of: `asked`, `due`, `past`, `soon`, `replied` or `dissemination`. {AGAIN}"
        ),
    )
    suggested: list[str] = Field(
        [], description="`any`, or the key of a taxonomy of which a label waits. Only with the key of an editor."
    )
    government: list[str] = Field([], description=f"What the government says. {STEPS} {AGAIN}")
    mechanism: list[str] = Field([], description=f"What the mechanism that recommended says. {STEPS} {AGAIN}")
    independent: list[str] = Field([], description=f"What independent voices say. {STEPS} {AGAIN}")
    voices: list[str] = Field([], description=f"`assessed` by at least one of the three, or `apart`. {AGAIN}")
    update: list[str] = Field([], description=f"`with`, or `older-90`, `older-180`, `older-365` days. {AGAIN}")
    action: list[str] = Field([], description=f"`with`. {AGAIN}")
    indicator: list[str] = Field([], description=f"`with`. {AGAIN}")
    evidence: list[str] = Field([], description=f"`with`. {AGAIN}")
    lead: list[str] = Field([], description=f"Code of the institution that leads. {INSIDE} {AGAIN}")
    due: list[str] = Field([], description=f"When the lead is due: `past`, `soon` or `later`. {INSIDE} {AGAIN}")
    assigned: list[str] = Field([], description=f"`mine`, `mine-due` or `refused`. {ASSIGNED}")
    cluster: list[str] = Field([], description="Key of a cluster. Only with the key of somebody who sees clusters.")
    sort: str = Field("document", description=f"One of {', '.join(f'`{key}`' for key in SORTS)}.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="Records on a page.")
    offset: int = Field(0, ge=0, le=FARTHEST, description="Records to leave out before the page.")


class Unanswerable(Exception):
    """A request with invalid parameters; each fault names its parameter."""

    def __init__(self, faults: Sequence[Fault], status: int = 400):
        super().__init__(faults)
        self.faults = faults
        self.status = status


def read_question(params: QueryDict, facets: Sequence[Facet]) -> RegisterFilter:
    """The filter that the query parameters describe.

    Raises:
        Unanswerable: if a parameter or one of its values is not valid.
    """
    if faults := list(_faults(params, {facet.key: facet for facet in facets})):
        raise Unanswerable(faults)
    filters = params.copy()
    for key in ("limit", "offset"):
        filters.pop(key, None)
    query = read_filter(filters, facets)
    if params.get("q", "").strip() and not query.q:
        raise Unanswerable([Fault(parameter="q", message=_("Enter at least one word to search for."))])
    return query


def _faults(params: QueryDict, facets: dict[str, Facet]) -> Iterator[Fault]:
    for key in params:
        if key in facets:
            yield from _unknown_values(facets[key], params.getlist(key))
        elif key not in OWN_KEYS:
            yield Fault(parameter=key[:60], message=_("Unknown filter."))
    if len(params.get("q", "")) > LONGEST_QUESTION:
        yield Fault(
            parameter="q",
            message=_("Shorten the search: %(most)d characters at most.") % {"most": LONGEST_QUESTION},
        )
    if params.get("sort", "document") not in SORTS:
        yield Fault(parameter="sort", message=_("Enter one of: %(names)s.") % {"names": ", ".join(SORTS)})


def _unknown_values(facet: Facet, values: Sequence[str]) -> Iterator[Fault]:
    for value in values:
        if value and value not in facet.options and not (value == WITHOUT and facet.without):
            yield Fault(
                parameter=facet.key, message=_("“%(value)s” is not a value of this filter.") % {"value": value[:60]}
            )
