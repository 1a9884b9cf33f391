"""Classifies points of decisions of the Committee of Ministers by their main verbs, not those in subordinate clauses.

"noted that the Ombudsman had urged the authorities to act" notes; "noted with interest the training and strongly
encouraged them to continue" asks. Points begin with the verb; "the Deputies" are named once above them.
"""

import re
from enum import StrEnum

from servanda.kit.patterns import lazy_pattern


class CommitteeVerb(StrEnum):
    ASKS = "asks"
    WORRIES = "worries"
    NOTES = "notes"


_SUBJECT = (
    r"(?:the\s+(?:ministers[’']\s+)?deputies|the\s+committee\s+of\s+ministers|les\s+délégués(?:\s+des\s+ministres)?"
    r"|le\s+comité\s+des\s+ministres|los\s+delegados|el\s+comité\s+de\s+ministros)\s*,?\s*"
)
_ADVERB = (
    r"(?:strongly|firmly|again|also|further|furthermore|therefore|thus|then|however|nevertheless|moreover|accordingly"
    r"|finally|deeply|once\s+(?:more|again)|in\s+(?:this|that)\s+(?:respect|context|regard|connection)|in\s+particular"
    r"|in\s+addition|as\s+a\s+result|vivement|instamment|fermement|également|aussi|donc|enfin|toutefois|néanmoins|ainsi"
    r"|(?:à|de)\s+nouveau|une\s+(?:nouvelle\s+fois|fois\s+(?:encore|de\s+plus))|par\s+conséquent|en\s+conséquence"
    r"|dès\s+lors|à\s+cet\s+égard|dans\s+ce\s+contexte|en\s+outre|par\s+ailleurs|en\s+particulier|encore)"
)
_OBJECT = r"(?:ils\s+|elles\s+|they\s+)?(?:(?:les|leur|en|y)\s+|l[’']\s*)*"
_ASKS_ALONE = (  # past tense in English, plural in French and Spanish: no other body drafts its points like this
    r"invited|encouraged|urged|called\s+(?:up)?on|called\s+for|requested|exhorted|asked|insisted"
    r"|(?:reiterated|renewed|repeated|recalled)\s+(?:\w+\s+){1,5}?(?:call|request|invitation|appeal|recommendation)s?\b"
    r"|(?:stressed|underlined|emphasi[sz]ed|underscored|highlighted)\s+(?:(?:again|once\s+more|as\s+set\s+out\s+above)\s+)?"
    r"(?:the|that|an)\s+(?:\w+\s+){0,3}?(?:need|necessity|importance|urgen\w+|imperative)"
    r"|expected|expressed\s+(?:the|their)\s+(?:\w+\s+)?expectation"
    r"|invitent|demandent|prient|exhortent|appellent|encouragent|engagent|enjoignent|recommandent|pressent|insistent"
    r"|attendent|lancent\s+un\s+appel"
    r"|(?:réitèrent|renouvellent|réaffirment|rappellent|répètent)\s+(?:[\w’']+\s+){0,4}?"
    r"(?:appel|demande|invitation|exhortation|recommandation)s?\b"
    r"|soulignent\s+(?:[\w’']+\s+){0,3}?(?:la\s+nécessité|l[’']\s?importance|l[’']\s?urgence|qu[’']\s?il\s+(?:faut|est))"
    r"|invitan|piden|exhortan|instan|alientan|solicitan|recomiendan"
)
_NOTES_ALONE = (
    r"noted|took\s+note|welcomed|recalled|considered|decided|agreed|adopted|instructed|expressed|regretted|deplored"
    r"|acknowledged|observed|concluded|reaffirmed|confirmed|commended|recogni[sz]ed|stressed|underlined|emphasi[sz]ed"
    r"|highlighted|condemned|closed|resumed|reserved|resolved"
    r"|notent|rappellent|décident|constatent|considèrent|estiment|se\s+félicitent|saluent|regrettent|déplorent"
    r"|expriment|prennent\s+(?:bonne\s+)?note|prennent|relèvent|observent|soulignent|reconnaissent|chargent|adoptent"
    r"|conviennent|concluent|réaffirment|confirment|accueillent|approuvent|condamnent|se\s+déclarent|sont|donnent"
    r"|observan|toman\s+nota|recuerdan|deciden|acogen|lamentan|encargan"
)
_ASKS_OF_SUBJECT = (
    r"invites?|encourages?|urges?|calls?\s+(?:up)?on|requests?|exhorts?|asks?|invite|demande|prie|exhorte|appelle"
    r"|encourage|engage|recommande|enjoint|insta|exhorta|pide|invita|solicita"
)
_NOTES_OF_SUBJECT = (
    r"notes?|takes?\s+note|welcomes?|recalls?|considers?|decides?|agrees?|adopts?|instructs?|express(?:es)?|regrets?"
    r"|note|prend\s+note|rappelle|décide|constate|considère|se\s+félicite|regrette|exprime|charge|adopte|declares?|déclare"
)
_PARTICIPLE = (
    r"(?:recalling|noting|having|welcoming|considering|stressing|underlining|emphasi[sz]ing|reiterating|taking|expressing"
    r"|regretting|bearing|deploring|acknowledging|reaffirming|observing|recogni[sz]ing"
    r"|rappelant|notant|ayant|se\s+félicitant|considérant|soulignant|réitérant|prenant|exprimant|regrettant|déplorant"
    r"|reconnaissant|réaffirmant|observant|constatant|relevant|tout\s+en\s+\w+ant|saluant|estimant|gardant|conscients?)"
)
_START = rf"^\W*(?:\d{{1,3}}\s?[.)]\s*)?(?:{_ADVERB}(?:\s*+,)?\s++)*"
ALONE = lazy_pattern(rf"{_START}{_OBJECT}(?:{_ADVERB}\s++)*(?:{_ASKS_ALONE}|{_NOTES_ALONE})(?!\w)", re.I)
OF_SUBJECT = lazy_pattern(rf"{_START}{_SUBJECT}", re.I)
PREAMBLE = lazy_pattern(rf"{_START}{_PARTICIPLE}\b", re.I)
_TURN = r"(?:^|[;,:.–]\s+|\s(?:and|et|but|mais|y|ainsi\s+que|puis)\s+)"


def _main(asks: str, notes: str) -> re.Pattern[str]:
    adverbs = rf"(?:{_ADVERB}(?:\s*+,)?\s++)*"
    return lazy_pattern(rf"{_TURN}{adverbs}{_OBJECT}{adverbs}(?:(?P<asks>{asks})|(?P<notes>{notes}))(?!\w)", re.I)


MAIN_ALONE = _main(_ASKS_ALONE, _NOTES_ALONE)
MAIN_OF_SUBJECT = _main(f"{_ASKS_ALONE}|{_ASKS_OF_SUBJECT}", f"{_NOTES_ALONE}|{_NOTES_OF_SUBJECT}")
OWN_STAFF = lazy_pattern(
    rf"^(?:\s*+,)?\s*+(?:{_ADVERB}(?:\s*+,)?\s++)*(?:(?:to|the|au|à|le|la|aux|its|their|leur|al|a\s+la)\s++)*"
    r"(?:secretariat|secretary|chair\w*|director\w*|registr\w+|secrétariat|secrétaire|présiden\w+|directeur\w*|greff\w+"
    r"|secretar[ií]\w+)\b",
    re.I,
)
WORRIES = lazy_pattern(
    r"\b(?:concern\w*|regret\w*|deplor\w*|dismay\w*|condemn\w*|alarm\w*|préoccup\w*|inquiét\w*|déplor\w*|condamn\w*"
    r"|consternation|lament\w*|preocup\w*)",
    re.I,
)
SAYS_THAT = lazy_pattern(r"\b(?:that|que|qu[’'])", re.I)
WORRIED_WITHIN = 60


def what_point_does(text: str) -> CommitteeVerb | None:
    """What a point of a decision does; None where the text is not drafted as such a point."""
    text = text.strip()
    if subject := OF_SUBJECT.match(text):
        return of_main_verbs(text[subject.end() :], MAIN_OF_SUBJECT)
    if ALONE.match(text):
        return of_main_verbs(text, MAIN_ALONE)
    if PREAMBLE.match(text):
        return of_main_verbs(text, MAIN_ALONE) or (CommitteeVerb.NOTES if text[:1].islower() else None)
    return None


def of_main_verbs(text: str, main: re.Pattern[str]) -> CommitteeVerb | None:
    text = re.sub(r"^\W*\d{1,3}\s?[.)]\s*", "", text)
    result = None
    for verb in main.finditer(text):
        following = text[verb.end() : verb.end() + WORRIED_WITHIN]
        if verb["asks"] and not OWN_STAFF.match(following):
            return CommitteeVerb.ASKS
        main_clause = SAYS_THAT.split(f"{verb['asks'] or verb['notes']}{following}", maxsplit=1)[0]
        result = CommitteeVerb.WORRIES if WORRIES.search(main_clause) else (result or CommitteeVerb.NOTES)
    return result
