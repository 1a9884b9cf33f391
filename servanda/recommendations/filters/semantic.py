"""Finding by meaning: what a sentence says, what a record is about, and what few words have beside them elsewhere.

Lists of words and lists of meaning are never mixed into one: each says what it is. Every answer is taken from the
records that somebody may see, so what they may not see changes nothing of it.
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
# Of all pairs among 659 real texts fewer than one in twenty are as near as NEAR_TO_A_RECORD. A sentence that somebody
# types is further from every record than records are from each other.
NEAR_TO_A_RECORD = 0.45
NEAR_TO_A_SENTENCE = 0.3


def resolved(asked: "RegisterFilter", visible: QuerySet[Recommendation]) -> "RegisterFilter":
    """With what is near in meaning; where nothing tells that, a sentence is looked for by its words."""
    if not asked.by_meaning or asked.near is not None:
        return asked
    space = vectors.now()
    own, vector = about(asked.like, visible, space) if asked.like else (0, space.vector_of(asked.q))
    if vector is None:
        note = _("Nothing can be compared with “%(code)s”.") % {"code": asked.like}
        return replace(asked, by_meaning=False, like="", notes=(*asked.notes, note) if asked.like else asked.notes)
    enough = NEAR_TO_A_RECORD if asked.like else NEAR_TO_A_SENTENCE
    found = space.nearest(vector, among=visible.exclude(pk=own), top=MOST_NEAR, at_least=enough)
    return replace(asked, near=tuple(pk for pk, _likeness in found))


def about(code: str, visible: QuerySet[Recommendation], space: vectors.Space) -> tuple[int, Vectors | None]:
    """A record that somebody may see, and where it stands."""
    pk = visible.filter(code__in={code, code.upper()}).order_by().values_list("pk", flat=True).first() or 0
    _pks, rows = space.vectors_of([pk])
    return pk, rows[0] if len(rows) else None


def place_in(near: Sequence[int]) -> StrIndex:
    """To order records as they stand in a row of ids, on both engines."""
    comma = Value(",", CharField())
    row = Value(f",{','.join(map(str, near))},", CharField())
    return StrIndex(row, Concat(comma, Cast("pk", CharField()), comma, output_field=CharField()))
