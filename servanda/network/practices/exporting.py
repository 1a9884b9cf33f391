"""The list of practices as a table, each in the language of its reader, or else in that of the original."""

from collections.abc import Iterable, Iterator

from servanda.network.models import Practice
from servanda.network.practices.queries import PARTS, capacity_labels, language_for, text_in

COLUMNS = (
    *("title", "mechanism", "State", "status", "published", "language", "languages", *PARTS),
    *("cost", "currency", "year of the cost", "contact", "capacities", "themes", "bodies", "evidence"),
    *("endorsed or tried by", "origin", "invented"),
)


def export_rows(practices: Iterable[Practice]) -> Iterator[list[str]]:
    """`practices` come from `with_all`."""
    for row in practices:
        language = language_for(row)
        yield [
            text_in(row, "title", language)[0],
            row.owner,
            row.mechanism.country.code if row.mechanism else "",
            str(row.get_state_display()),
            row.published_at.date().isoformat() if row.published_at else "",
            language,
            row.languages,
            *(text_in(row, part, language)[0] for part in PARTS),
            *facts_of(row),
        ]


def facts_of(row: Practice) -> Iterator[str]:
    yield "" if row.cost is None else str(row.cost)
    yield row.currency
    yield str(row.cost_year or "")
    yield row.contact
    yield "; ".join(map(str, capacity_labels(row)))
    yield "; ".join(str(term) for term in row.themes.all())
    yield "; ".join(body.code for body in row.bodies.all())
    yield "; ".join(evidence.text for evidence in row.evidence.all())
    yield "; ".join(f"{entry.mechanism} ({entry.get_kind_display()})" for entry in row.current_endorsements)
    yield row.origin
    yield "yes" if row.is_invented else ""
