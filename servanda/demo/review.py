"""One review by an invented committee: what the demonstration shows of mechanisms that assess their recommendations.

The body exists in the demonstration only. No real body is given a recommendation or a grade that it did not write.
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
    """Called again, it changes nothing."""
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
    """A treaty body that assesses; one of an earlier version is brought up to date."""
    name = LazyI18nString(read("review")["name_of_body"])
    facts = {"name": name, "kind": Body.Kind.TREATY_BODY, "assesses": True}
    facts |= {"system": "", "symbol_pattern": "", "aliases": ""}
    body = Body.objects.filter(code=COMMITTEE).first()
    if body is None:
        return add_body(code=COMMITTEE, **facts, by=by)
    return body if body.assesses else edit_body(body=body, seen=mark_of(body), **facts, by=by)
