"""A review by an invented committee, as an example of a mechanism that assesses its recommendations.

The body exists in the demonstration only, so that no recommendation or grade is attributed to a real one.
"""

from i18nfield.strings import LazyI18nString

from servanda.demo.reading import coordinator, read
from servanda.people.models import User
from servanda.recommendations.editing.services import create_recommendation, publish_recommendation
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body, Country
from servanda.vocab.services.editing import add_body, edit_body, mark_of

COMMITTEE = "demo-committee"


def load() -> None:
    """Idempotent."""
    by, data = coordinator(), read("review")
    committee = committee_of_demonstration(by)
    if Recommendation.objects.filter(body=committee).exists():
        return
    for row in data["recommendations"]:
        made = create_recommendation(
            kind=Recommendation.Kind.RECOMMENDATION,
            country=Country.objects.get(code="SVN"),
            body=committee,
            cycle=0,
            year=data["adopted"].year,
            symbol=data["symbol"],
            paragraph=row["paragraph"],
            date=data["adopted"],
            language="en",
            text=row["text"],
            recommending=[],
            confidentiality=Recommendation.Confidentiality.PUBLIC,
            restricted_to=[],
            by=by,
        )
        publish_recommendation(recommendation=made, by=by)


def committee_of_demonstration(by: User) -> Body:
    """The invented treaty body, which assesses; one from an earlier version is updated."""
    printed = read("review")
    name, short_name = LazyI18nString(printed["name_of_body"]), LazyI18nString(printed["short_name_of_body"])
    facts = {"name": name, "short_name": short_name, "kind": Body.Kind.TREATY_BODY, "assesses": True}
    facts |= {"system": "", "symbol_pattern": "", "aliases": ""}
    body = Body.objects.filter(code=COMMITTEE).first()
    if body is None:
        return add_body(code=COMMITTEE, **facts, by=by)
    return body if body.assesses else edit_body(body=body, seen=mark_of(body), **facts, by=by)
