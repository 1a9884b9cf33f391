"""One review by an invented committee: what the demonstration shows of mechanisms that assess their recommendations.

The body exists in the demonstration only. No real body is given a recommendation or a grade that it did not write.
"""

from datetime import date

from i18nfield.strings import LazyI18nString

from servanda.people.models import User
from servanda.recommendations.editing.services import create_recommendation, publish_recommendation
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body, Country
from servanda.vocab.services.editing import add_body, edit_body, mark_of

COORDINATOR = "coordinator@example.org"
CODE, SYMBOL, ADOPTED = "demo-committee", "DEMO/C/SVN/CO/1", date(2023, 11, 10)
NAME = {
    "en": "Demonstration Committee (invented)",
    "es": "Comité de Demostración (inventado)",
    "fr": "Comité de démonstration (inventé)",
    "pt": "Comité de Demonstração (inventado)",
    "ar": "لجنة العرض التوضيحي (متخيَّلة)",
}
TEXTS = {
    "7": "Collect data on persons who ask for legal aid, by region, age and disability (invented).",
    "9": "Open a contact point for complaints about discrimination in every municipality (invented).",
    "12": "Publish each year how many children live in institutions, and for how long (invented).",
    "15": "Train the staff of all centres for older persons on complaints and how to answer them (invented).",
    "18": "Make the forms of the social services available in easy language (invented).",
    "21": "Review the fees of courts so that they keep no one from bringing a case (invented).",
    "24": "Consult organisations of persons with disabilities before rules on transport are adopted (invented).",
    "27": "Set a date by which the waiting list for social housing is to be halved (invented).",
}


def review_demonstration() -> None:
    """Called again, it changes nothing."""
    by = User.objects.get(email=COORDINATOR)
    committee = demonstration_committee(by)
    if Recommendation.objects.filter(body=committee).exists():
        return
    for paragraph, text in TEXTS.items():
        made = create_recommendation(
            kind=Recommendation.Kind.RECOMMENDATION,
            country=Country.objects.get(code="SVN"),
            body=committee,
            cycle=0,
            year=ADOPTED.year,
            symbol=SYMBOL,
            paragraph=paragraph,
            date=ADOPTED,
            language="en",
            text=text,
            recommending=[],
            confidentiality=Recommendation.Confidentiality.PUBLIC,
            restricted_to=[],
            by=by,
        )
        publish_recommendation(recommendation=made, by=by)


def demonstration_committee(by: User) -> Body:
    """A treaty body that assesses; one of an earlier version is brought up to date."""
    facts = {"name": LazyI18nString(NAME), "kind": Body.Kind.TREATY_BODY, "assesses": True}
    facts |= {"system": "", "symbol_pattern": "", "aliases": ""}
    there = Body.objects.filter(code=CODE).first()
    if there is None:
        return add_body(code=CODE, **facts, by=by)
    return there if there.assesses else edit_body(body=there, seen=mark_of(there), **facts, by=by)
