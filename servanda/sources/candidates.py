"""What a reader finds in a file: one candidate for each recommendation, in the words of the file.

A candidate knows nothing of the register and nothing of the vocabulary: names of States, bodies and
labels stand as printed. `sources.resolve` turns them into codes and says which it does not know.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from servanda.kit.refusal import Unreadable as Unreadable  # what a reader raises instead of giving candidates


class Kind(StrEnum):
    RECOMMENDATION = "recommendation"
    OBSERVATION = "observation"  # a concern or an observation of a body, not a demand
    PLEDGE = "pledge"  # a voluntary commitment of the State under review
    OTHER = "other"
    ANSWER = "answer"  # only a position on a recommendation printed elsewhere, as in a UPR addendum


class Stand(StrEnum):
    """Where the State stands, whatever the words of the file (`PrintedPosition.words` keeps those)."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOTED = "noted"
    PENDING = "pending"  # the State said that it would examine it and answer later


@dataclass(slots=True)
class PrintedPosition:
    stand: Stand
    words: str = ""  # the body's own words: "Supported", "do not enjoy the support of", "Accepted"
    symbol: str = ""  # the document that states it, for instance A/HRC/59/15/Add.1
    paragraph: str = ""  # where in that document, for instance "3"
    comment: str = ""  # what the State added, as in an addendum


class ProceduralKind(StrEnum):
    """What a body asks beside the substance."""

    FOLLOW_UP = "follow-up"  # a reply by a term of its own, before the next report
    DISSEMINATION = "dissemination"  # that its text be made known


@dataclass(frozen=True, slots=True)
class PrintedFollowUp:
    kind: ProceduralKind
    words: str = ""  # the term in the words of the document: "within two years"
    due: date | None = None  # the day that these words come to, where it can be told


@dataclass(slots=True)
class Label:
    """A label of a scheme, as printed. Schemes: uhri-theme, uhri-group, sdg, upr-theme, upr-info-issue,
    action-category, or the code of a national taxonomy."""

    scheme: str
    text: str


@dataclass(slots=True)
class Problem:
    """Something wrong with one field of one row; `fatal` means that the row cannot be imported."""

    field: str
    message: str
    fatal: bool = True
    name: str = ""  # as printed, where a name of a State or body is not known


@dataclass(slots=True)
class Candidate:
    where: str  # for messages: "record 17", "row 12", "page 14, paragraph 115.3"
    raw: str  # the record as the file has it (JSON text, tab-separated cells, lines of a page)
    kind: Kind = Kind.RECOMMENDATION
    countries: list[str] = field(default_factory=list)  # State or States concerned: names or ISO codes
    body: str = ""  # "UPR", "CRC", "Committee on the Rights of the Child", "SR Torture"
    other_bodies: list[str] = field(default_factory=list)  # where a file names the body in one of several columns
    symbol: str = ""  # of the document that contains the text
    document_id: str = ""  # of the sender, for instance UHRI's DocumentId
    paragraph: str = ""  # "140.10", "30", "127.179": ASCII digits, no closing dot
    order: int | None = None  # position in the document where the file says it
    texts: dict[str, str] = field(
        default_factory=dict
    )  # language -> clean text without its number; "" = unknown language
    original: str = ""  # language of the original, where known
    published: date | None = None
    listed: date | None = None  # when the sender put it on line
    cycle: int | None = None
    session: int | None = None
    recommending: list[str] = field(default_factory=list)  # States, as printed
    position: PrintedPosition | None = None
    labels: list[Label] = field(default_factory=list)
    external: dict[str, str] = field(default_factory=dict)  # "uhri" -> AnnotationId, "upr-info" -> rec_id
    comment: str = ""  # assessment or comment column of the file
    follow_up: list[PrintedFollowUp] = field(default_factory=list)
    code: str = ""  # the reference in this register, in a sheet that was taken from it
    cells: dict[str, str] = field(default_factory=dict)  # of a sheet, by column: what other rooms read
    supplement: str = ""  # name of the sheet, if the row has no text and adds to a recommendation that it names
    list_of: str = ""  # what the sheet lists, if its rows are no recommendations: institutions
    plain_id: str = ""  # the id as the sheet has it, where ids are known together with the name of their sheet
    problems: list[Problem] = field(default_factory=list)

    @property
    def makes_a_record(self) -> bool:
        """Rows that name a record by its reference, or only add to one, need no State and no body."""
        return not self.code and not self.supplement
