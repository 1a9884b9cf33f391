"""Terms that the victims have to keep, and not the State: "treatment for those who request it within six months"."""

import re

from servanda.kit.patterns import lazy_pattern

LONGEST_BEFORE = 200  # characters
# Directly before the term, without a comma: behind one, "to those who request it, within a year" is the State's.
ASKED_BY_VICTIMS = lazy_pattern(
    r"(?:\bwho\s+(?:may\s+|have\s+|should\s+)?(?:so\s+)?(?:request|ask|appl(?:y|ied)|claim|express|demand)\w*"
    r"|\b(?:victims?|beneficiaries|relatives|claimants|they)\s+(?:may\s+|should\s+)?(?:so\s+)?(?:request|ask\s+for|apply|claim)(?:ed|s)?"
    r"|\bqui\s+(?:(?:en|le|la|les)\s+)?(?:(?:aur(?:a|ont)\s+)?f(?:er(?:a|ont)|ont|ait|assent)\s+(?:la\s+)?demande|demand(?:ent|eront|eraient)|sollicit(?:ent|eront)"
    r"|réclam(?:ent|eront)|(?:l[’'])?(?:auront|ont)\s+(?:demandé|sollicité))\w*"
    r"|\bqui\s+l[’'](?:auront|ont)\s+(?:demandé|sollicité)e?s?"
    r"|\b(?:que|quienes)\s+(?:así\s+|expresamente\s+)?(?:(?:lo|la|los|las)\s+)?(?:así\s+)?(?:(?:hayan\s+)?(?:solicit(?:en|aren|ado)|requieran|pidan|reclamen|demanden))"
    r"|\b(?:que|quien)\s+(?:así\s+)?lo\s+(?:así\s+)?(?:solicite|requiera|pida|reclame)"
    r"|\b(?:que|quem)\s+(?:assim\s+)?(?:(?:o|a|os|as)\s+)?(?:assim\s+)?(?:solicit(?:em|arem)|requeiram|requererem|peçam|pedirem|reclamem)"
    r"|(?<!\w)(?:الذين|اللواتي|اللاتي|التي|الذي|ممن|لمن|من)\s+(?:[تي]طلب(?:ون|ن|ها|ه)?\w{0,3}|طلب(?:وا|ن)\w{0,3}|[تي]تقدم(?:ون|ن)?\s+بطلب\w*|[تي]قدم(?:ون|ن)?\s+طلب\w*))"
    r"(?!\w)(?:\s+(?!(?:to|que|de|shall|must|should|will|is|are|be|doi\w+|devr\w+|deb\w+|dev\w+)\b)[^\s,;:.،؛]+){0,4}\s*$",
    re.I,
)


def is_of_claimants(flat: str, start: int) -> bool:
    """Whether the term that begins at this place is that of a request of the victims."""
    return ASKED_BY_VICTIMS.search(flat[max(0, start - LONGEST_BEFORE) : start]) is not None
