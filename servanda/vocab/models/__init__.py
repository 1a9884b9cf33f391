from servanda.vocab.models.rules import (
    Certainty,
    Force,
    Instrument,
    ObligationKind,
    ObligationRule,
    ObligationRuleQuerySet,
)
from servanda.vocab.models.vocabulary import (
    Body,
    BodyQuerySet,
    Confirmation,
    Country,
    CountryAlias,
    Crosswalk,
    ShortName,
    Taxonomy,
    Term,
    UprSession,
)

__all__ = [
    "Body",
    "BodyQuerySet",
    "Certainty",
    "Confirmation",
    "Country",
    "CountryAlias",
    "Crosswalk",
    "Force",
    "Instrument",
    "ObligationKind",
    "ObligationRule",
    "ObligationRuleQuerySet",
    "ShortName",
    "Taxonomy",
    "Term",
    "UprSession",
]
