"""Finding by meaning: records near to a sentence, or to another record.

Results by words and results by meaning are never mixed into one list: each list says what it is. Every result is
taken from the records that a person may see, so hidden records change nothing in it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat, StrIndex
from django.utils.translation import gettext as _

from servanda.language.vectors.encoder import Vectors
from servanda.recommendations.models import Recommendation
from servanda.recommendations.search import vector_index as vectors

if TYPE_CHECKING:
    from servanda.recommendations.filters.query import RegisterFilter

MOST_NEAR = 500  # records of a list by meaning
# Among 659 real texts, fewer than one pair in twenty is as near as NEAR_TO_A_RECORD. A sentence that is typed is
# further from every record than records are from each other.
NEAR_TO_A_RECORD = 0.45
NEAR_TO_A_SENTENCE = 0.3


def resolved(filters: "RegisterFilter", visible: QuerySet[Recommendation]) -> "RegisterFilter":
    """The filter with the records that are near in meaning; by words if there is no vector to compare with."""
    if not filters.by_meaning or filters.near is not None:
        return filters
    space = vectors.now()
    own, vector = about(filters.like, visible, space) if filters.like else (0, space.vector_of(filters.q))
    if vector is None:
        note = _("No similar records can be found for “%(code)s”.") % {"code": filters.like}
        notes = (*filters.notes, note) if filters.like else filters.notes
        return replace(filters, by_meaning=False, like="", notes=notes)
    enough = NEAR_TO_A_RECORD if filters.like else NEAR_TO_A_SENTENCE
    found = space.nearest(vector, among=visible.exclude(pk=own), top=MOST_NEAR, at_least=enough)
    return replace(filters, near=tuple(pk for pk, _likeness in found))


def about(code: str, visible: QuerySet[Recommendation], space: vectors.Space) -> tuple[int, Vectors | None]:
    """The id of a record that a person may see, 0 if there is none, and its vector if it has one."""
    pk = visible.filter(code__in={code, code.upper()}).order_by().values_list("pk", flat=True).first() or 0
    _pks, rows = space.vectors_of([pk])
    return pk, rows[0] if len(rows) else None


def place_in(near: Sequence[int]) -> StrIndex:
    """To order records as in a list of ids, on both engines."""
    comma = Value(",", CharField())
    row = Value(f",{','.join(map(str, near))},", CharField())
    return StrIndex(row, Concat(comma, Cast("pk", CharField()), comma, output_field=CharField()))
