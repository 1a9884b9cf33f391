"""What the API publishes of a record, key by key. What is not named here does not leave the house."""

from collections.abc import Sequence

from ninja import Field, Schema

from servanda.api.faults import Faults
from servanda.api.words import ByLanguage


class Text(Schema):
    language: str = Field(description="Code of the language.")
    form: str = Field(description="`full` or `plain`: the full text, or a version in plain language.")
    text: str
    is_original: bool = Field(description="The language in which the text was adopted.")
    is_machine: bool = Field(description="Translated by a machine.")
    source: str = Field(description="Where the text comes from; empty when it was written here.")


class Position(Schema):
    stand: str = Field(description="`supported`, `partly`, `noted` or `pending`.")
    words: str = Field(description="The position in the words of the document.")
    date: str | None = Field(description="ISO 8601.")
    date_is_of_document: bool = Field(
        description="The position has no date of its own; `date` is that of the document that holds it."
    )
    document: str = Field(description="Symbol of the document it is from.")
    paragraph: str
    comment: str = Field(description="Comment of the State.")


class Label(Schema):
    taxonomy: str = Field(description="Key of the taxonomy, as in the filters and under `/vocabulary`.")
    code: str = Field(description="Code of the term.")
    label: ByLanguage = Field(description="Name of the term, by language.")
    origin: str = Field(description="`source` or `person`. Labels suggested by the software are not published.")
    source: str = Field(description="The source; empty if a person set it.")


class Status(Schema):
    """The assessments side by side, never merged; values of the common scale."""

    government: list[str] = Field(description="Values of the government assessment; empty without one.")
    mechanism: list[str] | None = Field(
        description="Values of the assessment by the recommending mechanism; null if it makes none, like the UPR."
    )
    independent: list[str] = Field(description="Values of independent assessments, each author once.")


class Reply(Schema):
    date: str = Field(description="ISO 8601.")
    text: str


class SignedAssessment(Schema):
    """What an accredited national human rights institution published on its own signature."""

    institution: ByLanguage = Field(description="Name of the institution, by language.")
    accreditation: str = Field(description="At the time: `a`, `b` or `under-review`.")
    date: str = Field(description="ISO 8601.")
    value: str = Field(description="Code of the value on its own scale.")
    common: str = Field(description="The value on the common scale.")
    reason: str
    replies: list[Reply] = Field(description="What the State replied, the oldest first. It changes nothing of it.")


class Source(Schema):
    scheme: str = Field(description="Kind of source: `uhri`, `thematic-list`, `working-group`, `addendum`, `sheet`.")
    id: str = Field(description="Under which id that source knows the record.")


class Link(Schema):
    relation: str = Field(description="`repeats`, `follows-up`, `split-from` or `merged-from`.")
    direction: str = Field(description="`to`: this record has the relation to the other; `from`: the other has it.")
    code: str = Field(description="Reference of the other record, which is published too.")


class Review(Schema):
    body: str
    cycle: int | None
    year: int | None
    session: int | None


class Document(Schema):
    symbol: str
    title: str
    date: str | None = Field(description="ISO 8601.")


class Measure(Schema):
    """What a court or committee has ordered."""

    type: str = Field(
        description="`payment`, `investigation`, `restitution`, `individual`, `satisfaction` or `general`."
    )
    due_on: str | None = Field(description="Deadline set by the body, ISO 8601.")


class InsideMeasure(Measure):
    amount: str | None = Field(description="Of a payment, with two decimals.")
    currency: str = Field(description="ISO 4217; empty for other measures.")
    interest: str | None = Field(description="Interest due, with two decimals.")
    paid_on: str | None = Field(description="ISO 8601.")
    body_status: str = Field(description="What the body itself says, in its own words; empty when it said nothing.")
    actions: list[str] = Field(description="References of the actions that the State plans.")


class Recommendation(Schema):
    code: str = Field(description="The permanent reference.")
    address: str = Field(description="The page for people.")
    kind: str = Field(description="`recommendation`, `observation`, `pledge`, `other` or `measure`.")
    country: str | None = Field(description="The State concerned, ISO 3166-1 alpha-3 where there is a code.")
    also_concerns: list[str] = Field(description="Other States concerned.")
    body: str = Field(description="Code of the body, as under `/bodies`.")
    review: Review | None
    document: Document | None
    paragraph: str
    date: str | None = Field(description="Date of the document, ISO 8601.")
    year: int | None
    language: str = Field(description="Language of the original; empty when not known.")
    stand: str = Field(
        description="Position of the State now; empty when it has taken none, and always for bodies on whose "
        "recommendations States take none (`takes_positions` under `/bodies`)."
    )
    national_code: str = Field(description="The code of the recommendation in the list of the State.")
    articles: str = Field(description="Articles of treaties, as the State names them.")
    territory: str = Field(description="The region or municipality concerned.")
    status: Status = Field(description="How far it is implemented, according to the published assessments.")
    signed_assessments: list[SignedAssessment] = Field(
        description="What accredited institutions published on their own signature, the newest first."
    )
    last_update: str | None = Field(description="The day of the newest published update, ISO 8601.")
    measure: Measure | None = Field(description="Of a record of the kind `measure`; null for all others.")
    follow_up_asked: bool = Field(description="The body asks to hear of it before the next report.")
    follow_up_due_on: str | None = Field(description="By when, the earliest day that is named, ISO 8601.")
    follow_up_replied_on: str | None = Field(description="When the State replied to all of it, ISO 8601.")
    dissemination_asked: bool = Field(description="The body asks that its text be made known.")
    dissemination_due_on: str | None = Field(description="By when, if a day is named, ISO 8601.")
    texts: list[Text]
    positions: Sequence[Position] = Field(description="All published positions, the oldest first.")
    recommending: list[str] = Field(description="The States that made the recommendation.")
    labels: list[Label]
    sources: list[Source]
    links: list[Link]


class InsidePosition(Position):
    is_draft: bool = Field(description="Not decided yet. Only for those who may see drafts.")


class InsideRecommendation(Recommendation):
    """What a key adds, for those who may see more than the public."""

    measure: InsideMeasure | None = Field(description="Of a record of the kind `measure`; null for all others.")
    positions: Sequence[InsidePosition] = Field(description="All positions that one may see, the oldest first.")
    decide_by: str | None = Field(description="The day by which the State is to take a position, ISO 8601.")
    priority: str = Field(description="`high`, `medium` or `low`; empty when none is set.")
    horizon: str = Field(description="The term: `short`, `medium` or `long`; empty when none is set.")
    confidentiality: str = Field(description="`public`, `internal` or `restricted`.")
    restricted_to: list[str] = Field(description="Codes of the institutions that may see it when it is restricted.")
    is_published: bool
    version: int = Field(description="Rises with each change. It is the `ETag` too, and what `If-Match` names.")


class Page(Schema):
    count: int = Field(description="How many records are found in all.")
    limit: int
    offset: int
    next: str | None = Field(description="Address of the next page.")
    previous: str | None = Field(description="Address of the page before.")
    recommendations: Sequence[Recommendation]


class InsidePage(Page):
    recommendations: Sequence[InsideRecommendation | Recommendation] = Field(
        description="Those whose internal side is closed to the owner of the key come as everybody sees them."
    )


class EditConflict(Faults):
    """Nothing was written; what is saved and what was sent, to compare them."""

    present: InsideRecommendation
    sent: dict[str, object] = Field(description="What came with the request, key by key.")
