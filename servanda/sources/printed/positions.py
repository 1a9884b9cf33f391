"""Positions of States, from sentences that introduce or answer recommendations."""

import re

from servanda.kit.patterns import lazy_pattern
from servanda.sources.candidates import PrintedPosition, Stand

# English first, then the other languages as in the reports. The earliest phrase in a sentence decides.
REFUSED = r"""
    (?:did|do|does|could|can|would|have|has)(?:\ not|n[’']t)\s+(?:\w+\s+){0,2}?
      (?:enjoy|receive|have|find|found|gain|meet|met)\w*[^.;:]{0,40}?support
  | (?:can|could)\s?not\s+(?:be\s+|fully\s+|at\s+this\s+\w+\s+)*(?:accept|support|enjoy|agree)\w*
  | (?:is|are|was|were)\s+not\s+(?:\w+\s+)?
      (?:accepted|supported|acceptable|in\s+a\s+position\s+to\s+(?:accept|support))
  | \bnot\s+(?:supported|accepted|acceptable)\b
  | (?:do|does|did)(?:\ not|n[’']t)\s+(?:\w+\s+)?(?:accept|support|agree)\w*
  | \brejects?\b | \brejected\b | \bunable\s+to\s+(?:accept|support)
  | n[’'](?:ont|a|est|étaient|emportent|obtiennent|accepte(?:nt)?|appuie(?:nt)?|approuve(?:nt)?)\b
      (?:[^.;:]{0,40}(?:adhésion|appui|soutien|agrément|acceptée?s?|approbation)|\s+pas\b)
  | \bne\s+(?:recueillent|bénéficient|reçoivent|jouissent|rencontrent|trouvent|sont|soutient|peut|peuvent|sauraient)\b
      [^.;:]{0,50}(?:adhésion|appui|appuyée?s?|soutien|soutenir|agrément|accept\w+|approbation|recommandation)
  | no\s+(?:cuentan?|gozan?|cont(?:ó|aron)|goz(?:ó|aron)|recib(?:ió|ieron)|obtuvieron|tuvieron|apoya|acepta
      |(?:han?|habían?)\s+(?:recibido|contado|gozado|obtenido|sido\s+aceptad|apoyad)\w*
      |(?:fue|fueron|son|serán|pued[eo]n?|pudieron|podía)\s+(?:\w+\s+)?(?:acept|apoy)\w*)\b[^.;:]{0,30}
  | не\s+(?:пользуются|получили|были\s+поддержаны)\b[^.;:]{0,30} | (?:未|不|没有)[^。；：]{0,12}支持
  | (?:لا|لم|ليست?)\s+(?:\w+\s+)?(?:تحظ[ىَ]?|تنل|تلقَ?|تؤيد|تقبل|مقبولة)(?:[^.؛:]{0,30}?(?:تأييد|بتأييد|دعم))?
  | (?:لا|لم)\s+(?:تستطيع|تتمكن|يمكن)[^.؛:]{0,30}(?:قبول|تأييد)
"""
ASIDE = r"""
    \b(?:is|are|be|been|were)\s+(?:\w+\s+)?(?:also\s+|thus\s+|hereby\s+)?noted\b
  | \b(?:أحاطت|تحيط)\s+[^.؛:]{0,25}علماً?
  | \btak(?:es?|en|ing)\s+(?:due\s+)?note\s+of\b(?=[^.;]{0,40}recommendation|[^.;]{0,12}\d)
  | \bnot(?:es?|ed)\s+(?:the\s+|this\s+|these\s+|following\s+|remaining\s+|below\s+)*
      (?:\d[\d.,\s–-]*)?recommendations?\b
  | ^\W*not(?:ed|es)\b | \bnoted\s+recommendations?\b | \bprend\s+note\b | \btoma\s+nota\b
  | \bdefinitive\s+statement\b
"""
AWAITED = r"""
    will\s+(?:also\s+|further\s+|then\s+)?(?:be\s+)?(?:further\s+|carefully\s+)?
      (?:examine|consider|study|stud|review)\w*+(?!\s+(?:as\s+)?(?:noted|rejected|not\b))
  | (?:would|shall|(?:is|are)\s+to)\s+(?:also\s+)?be\s+(?:further\s+|carefully\s+)?
      (?:examined|considered|studied|reviewed)(?!\s+(?:as\s+)?(?:noted|rejected|not\b))
  | will\s+(?:provide|give|submit)\s+(?:its\s+|their\s+)?(?:responses?|answers?|replies)
  | will\s+respond\b | responses?\b[^.;:]{0,120}?will\s+be\s+(?:included|provided|submitted|presented)
  | in\s+due\s+(?:time|course) | seront\s+examinées? | \bexaminera\b
  | \bseraient\s+examinées? | \bser(?:án|ían)\s+(?:examinadas?|estudiadas?) | \bexaminar(?:án?|ía)\b
  | (?:سوف\s+|س)(?:تنظر|تدرس|تبحث|يُنظر|ينظر|تُدرس|تُبحث)\w*
  | будут\s+рассмотрены | \bрассмотрит\b | 将[^。；：]{0,25}(?:审议|研究|审查)
"""
PARTIAL = r"""
    \b(?:partially|partly)\s+(?:accept|support|enjoy|agree)\w*
  | \b(?:accept|support)(?:s|ed)?\s+(?:\w+\s+){0,3}?(?:in\s+part|partially|partly)\b
  | \benjoys?\s+(?:the\s+)?partial\s+support | \bsupported?[-/ ]+(?:and\s+)?noted\b
  | \bpartial(?:ly)?\s+accepted
"""
GRANTED = r"""
    \b(?:enjoy|receive|have|find|gain)(?:s|ed)?\s+(?:\w+\s+){0,2}?support\b | \benjoys?\s+its\s+support\b
  | \baccept(?:s|ed)?\b | \bsupport(?:s|ed)?\b(?!\s+(?:of|for|from|to)\b) | \bendorse[sd]?\b
  | \bagree(?:s|d)?\s+(?:to|with|on)\s+(?:the\s+|this\s+|these\s+|all\s+)*(?:following|recommendation)
  | \b(?:recueillent|recueilli|bénéficient|reçu|ont\s+l[’'])[^.;:]{0,20}(?:adhésion|appui|assentiment)
  | \baccepte(?:nt)?\b | \bacceptées?\b
  | \b(?:cuentan|gozan|cuenta|goza|contaron|recibieron)\b[^.;:]{0,20}(?:apoyo|respaldo)
  | \bacepta(?:da)?s?\b | (?:تحظى|حظيت)\s+بتأييد | \bتؤيد(?:ها)?\b
  | пользуются\s+поддержкой | получили\s+поддержку | 支持
"""
DONE = r"""
    \b(?:already|being|been|considers?\b[^.;:]{0,30})\s+(?:being\s+|been\s+|under\s+)?
      implement(?:ed|ation)\b
  | process\s+of\s+(?:being\s+)?implement\w+ | recommendations?\s+(?:is|are)\s+implemented
"""

STANDS = (
    (Stand.PARTLY, PARTIAL),
    (Stand.NOTED, REFUSED),
    (Stand.PENDING, AWAITED),
    (Stand.SUPPORTED, GRANTED),
    (Stand.SUPPORTED, DONE),
    (Stand.NOTED, ASIDE),
)
PATTERNS = [(stand, lazy_pattern(pattern, re.I | re.X)) for stand, pattern in STANDS]
REFUSALS, ANSWER_LATER, IMPLEMENTED = (lazy_pattern(pattern, re.I | re.X) for pattern in (REFUSED, AWAITED, DONE))
END_OF_CLAUSE = lazy_pattern(
    r"[:;：；。؛]|\.(?:\s|$)|,?\s+(?:which|and)\s+(?:offer|provid|made|mak|present|gave)\w*\s[^:;.]{0,40}\bcomments?\b",
    re.I,
)


def printed_position(sentence: str, *, symbol: str = "", paragraph: str = "") -> PrintedPosition | None:
    """The position that a sentence states, with its words; None where it states none.

    A noted recommendation counts as pending where the sentence announces a later answer, and as supported where it
    says that it is implemented.
    """
    earliest_phrase = earliest(sentence)
    if earliest_phrase is None:
        return None
    stand, start = earliest_phrase
    if stand == Stand.NOTED and not REFUSALS.search(sentence):
        stand = Stand.PENDING if ANSWER_LATER.search(sentence) else stand
        stand = Stand.SUPPORTED if IMPLEMENTED.search(sentence) else stand
    return PrintedPosition(stand, clause(sentence, start), symbol, paragraph)


def earliest(sentence: str) -> tuple[Stand, int] | None:
    matches = [
        (match.start(), rank, stand)
        for rank, (stand, pattern) in enumerate(PATTERNS)
        if (match := pattern.search(sentence))
    ]
    if not matches:
        return None
    start, _rank, stand = min(matches)
    return stand, start


def clause(sentence: str, start: int) -> str:
    end = END_OF_CLAUSE.search(sentence, start)
    return sentence[start : end.start() if end else None].strip(" ,.–-")


def stand_of_answer(comment: str) -> Stand | None:
    """The position of an answer; one that accepts one part and refuses another is partly supported."""
    stands = {phrase[0] for sentence in re.split(r"(?<=[.;])\s+", comment) if (phrase := earliest(sentence))}
    if Stand.PARTLY in stands or {Stand.SUPPORTED, Stand.NOTED} <= stands:
        return Stand.PARTLY
    return next((stand for stand in (Stand.NOTED, Stand.SUPPORTED, Stand.PENDING) if stand in stands), None)
