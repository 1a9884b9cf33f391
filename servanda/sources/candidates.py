"""The output of readers: one candidate for each recommendation in a file, in the words of the file.

Names of States, bodies and labels are as printed. `sources.resolve` turns them into codes and reports unknown ones.
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
    """The position of the State, independent of the words of the file, which are in `PrintedPosition.words`."""

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
    """A request of a body besides the substance."""

    FOLLOW_UP = "follow-up"  # a reply by a deadline before the next report
    DISSEMINATION = "dissemination"  # dissemination of the text


@dataclass(frozen=True, slots=True)
class PrintedFollowUp:
    kind: ProceduralKind
    words: str = ""  # the term in the words of the document: "within two years"
    due: date | None = None  # the day that these words mean, where it can be computed


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
    place: tuple[str, int] | None = None  # sheet and row of a workbook
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
    listed: date | None = None  # when the sender published it online
    cycle: int | None = None
    session: int | None = None
    recommending: list[str] = field(default_factory=list)  # States, as printed
    position: PrintedPosition | None = None
    printed_position: str = ""  # the cell of a sheet, whether or not its meaning is known
    labels: list[Label] = field(default_factory=list)
    external: dict[str, str] = field(default_factory=dict)  # "uhri" -> AnnotationId, "upr-info" -> rec_id
    comment: str = ""  # assessment or comment column of the file
    follow_up: list[PrintedFollowUp] = field(default_factory=list)
    code: str = ""  # the reference in this register, in a sheet that was exported from it
    cells: dict[str, str] = field(default_factory=dict)  # cells of a sheet that other rooms read, by column
    supplement: str = ""  # name of the sheet, if the row has no text and adds to a recommendation that it refers to
    list_of: str = ""  # what the sheet lists instead of recommendations, such as institutions
    plain_id: str = ""  # the id as in the sheet, where ids are stored with the name of their sheet
    problems: list[Problem] = field(default_factory=list)

    @property
    def makes_a_record(self) -> bool:
        """Whether the row may create a record, and so needs a State and a body; not if it has a reference or is a
        supplement."""
        return not self.code and not self.supplement
