"""Builders of questions put to the State: one call makes one valid thing."""

from servanda.people.models import Institution
from servanda.sources.models import Document, Question
from tests import make
from tests.make import numbers


def document(symbol: str = "", **fields) -> Document:
    fields.setdefault("body", make.committee("CEDAW"))
    return Document.objects.create(symbol=symbol or f"CEDAW/C/SVN/Q/{next(numbers)}", **fields)


def question(
    text: str = "Please describe the measures taken against trafficking in persons.",
    *institutions: Institution,
    **fields,
) -> Question:
    """A question of a list of issues, which these institutions are to answer."""
    if "document" not in fields:
        fields["document"] = document()
    number = next(numbers)
    made = Question.objects.create(text=text, **{"place": number, "number": str(number), "language": "en"} | fields)
    made.institutions.set(institutions)
    return made
