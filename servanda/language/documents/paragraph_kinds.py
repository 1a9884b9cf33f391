"""Classifies paragraphs of monitoring bodies: demands, concerns or information.

The verbs are those that the bodies use, from their drafting rules; none is learned from data.
"""

import re
from enum import StrEnum

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.committee_of_ministers import CommitteeVerb, what_point_does


class Kind(StrEnum):
    RECOMMENDATION = "recommendation"
    CONCERN = "concern"
    INFORMATION = "information"
    OBLIGATION = "obligation"  # a report or a reply that is due to the body; set from its words, never by `kind_of`
    QUESTION = "question"  # to be answered; of a letter, a list of issues or a questionnaire


POINTS = {
    CommitteeVerb.ASKS: Kind.RECOMMENDATION,
    CommitteeVerb.WORRIES: Kind.CONCERN,
    CommitteeVerb.NOTES: Kind.INFORMATION,
}
_BODIES = (
    r"committee|commission|court|sub-?committee|special rapporteur|independent expert|working group|mandate[- ]holder"
    r"|cpt|ecri|greta|grevio|advisory committee|deputies|experts?|delegation|it|he|she|they|comité|commission|cour"
    r"|rapporteure?|sous-comité|groupe de travail|groupe d.experts|délégués|il|elle|corte|cidh|comisión|tribunal"
    r"|relatora?|subcomité|grupo de trabajo|delegados|ella?|comitê|comissão|relatora?|subcomitê|ele"
)
_APOSTROPHE = r"\s?[’'ʼ]\s?"
_STATE_EN = (
    r"(?:(?:the\s+)?state(?:s)?(?:\s+part(?:y|ies))?|government(?:\s+of\s+[\w\s]{2,30}?)?"
    r"|authorit(?:y|ies)|parliament)"
)
_ADVERBS = (
    r"(?:\s+(?:also|further|again|therefore|strongly|particularly|in\s+particular|accordingly|should|once\s+more)"
    r",?){0,3}"
)

_TO_COMMITTEE = r"[^.;]{0,120}?\b(?:al\s+comité|ao\s+comitê|au\s+comité)\b"

# Strong: the verb alone is a demand of the body. Weak: only near the name of the body.
STRONG = (
    # English
    r"\b(?:strongly\s+)?recommends?\b(?!\w)(?!\s+(?:in|by)\s+its\s+(?:previous|earlier))|\burges\b|\bcalls?\s+"
    r"(?:up)?on\b"
    r"|\breiterat\w+\s+(?:\w+\s+){0,4}(?:recommendation|call|request|appeal)"
    rf"|\b{_STATE_EN}{_ADVERBS}\s+(?:should|must|shall|needs?\s+to|(?:is|are){_ADVERBS}\s+(?:urged|requested"
    rf"|invited|encouraged|reminded|called))\b"
    rf"|\b{_STATE_EN}{_ADVERBS}\s+(?:is|are){_ADVERBS}\s+(?:under\s+(?:an|the)\s+obligation|obligated|obliged|required)\s+to\b"
    r"|\bmakes\s+the\s+following\s+recommendations\b|\bwish\w*\s+to\s+receive\b"
    rf"|\b{_STATE_EN}\s*,\s*within\s+[^,;.]{{3,80}},\s+(?:shall|must|should)\b(?!\s+have\b)"
    r"|\bit\s+is\s+(?:essential|imperative|strongly\s+recommended|recommended)\b|\borders\b(?=\s+(?:the|that|also"
    r"|his|its|unanimously))"
    r"|(?<!\bhad\s)\b(?:invited|encouraged|urged|requested|called\s+(?:up)?on|exhorted)\s+(?:\w+\s+){0,2}(?:authorities"
    r"|government|state)\b|\benjoins\b"
    r"|\b(?:authorities|government|state)\s+(?:are|were)\s+(?:\w+\s+)?(?:invited|encouraged|urged|requested"
    r"|called\s+(?:up)?on)\b"
    # Spanish, Portuguese
    r"|\brecomiendan?\b|\brecomendó\s+al\b|\brecomendam?\b|\binstan?\b|\bexhortan?\b|\bexortam?\b|\bhace\s+un\s+"
    r"llamamiento\b|\bapelam?\b"
    r"|\breitera\w*\s+(?:\w+\s+){0,3}(?:recomendaci|recomendaç|llamamiento|solicitud|petición|pedido)"
    r"|\b(?:el\s+)?estados?(?:\s+partes?)?(?:\s+también|\s+además)?\s+(?:deber?(?:á|ía)n?|debe[n]?\b|habrá|tiene\s+"
    r"que)"
    r"|\b(?:o\s+)?estados?(?:\s+partes?)?(?:\s+também)?\s+(?:dever?(?:á|ia)m?|deve[m]?\b)"
    r"|\b(?:el\s+)?estado(?:\s+parte)?\s+(?:también\s+)?(?:tiene\s+(?:también\s+|asimismo\s+)?la\s+obligación|está\s+(?:también\s+)?obligado)"
    r"|\bestado\s+parte\s+dará\s+(?:la\s+debida\s+consideración|a\s+devida\s+consideração)\b"
    r"|(?<!\bque el )(?<!\bque o )\bestado\s+parte\s+(?:presentará|remitirá|transmitirá|apresentará|enviará)\s"
    rf"(?={_TO_COMMITTEE})(?=[^.;]{{0,160}}?\b(?:informe|información|respuesta|relatório|informaç(?:ão|ões)|resposta)\b)"
    r"|(?:(?<!\bque )|(?<=\blo que ))\bse\s+(?:invita|pide|solicita|alienta|insta|exhorta|ruega)\s+al\s+estado\b"
    r"|\b(?:formula|hace)\s+(?:al\s+estado\s+parte\s+)?las\s+siguientes\s+recomendaciones\b"
    r"|\b(?:formula|faz)\s+(?:ao\s+estado\s+parte\s+)?as\s+seguintes\s+recomendações\b"
    r"|\bel\s+estado\s*,\s*(?:dentro\s+del|en\s+el|en\s+un)\s+plazo\s+[^,;.]{3,80},\s+(?:deberá|debe|rendirá|presentará)\b"
    r"|\bdesea\s+recibir\b"
    # French
    rf"|\bl{_APOSTROPHE}état(?:\s+partie)?\s+(?:est\s+(?:également\s+|aussi\s+)?(?:tenu|dans\s+l.obligation)|a\s+l.obligation)"
    rf"|\bl{_APOSTROPHE}état\s+partie\s+(?:examinera\s+dûment|prendra\s+dûment\s+en\s+considération)\b"
    rf"|(?<!\bque )\bl{_APOSTROPHE}état\s+partie\s+(?:soumettra|présentera|communiquera)\s(?={_TO_COMMITTEE})"
    r"(?=[^.;]{0,160}?\b(?:rapport|renseignements|informations?|réponse)\b)|\bsouhaite\s+(?:recevoir|être\s+informé\w*)\b"
    rf"|\b(?:fait|formule|adresse)\s+(?:à\s+l{_APOSTROPHE}état\s+partie\s+)?les\s+recommandations\s+(?:suivantes|ci-après)\b"
    r"|\brecommande(?:nt)?\b|\bprie(?:nt)?\s+(?:instamment|également|aussi|en\s+outre)|\bexhorte(?:nt)?\b"
    rf"|\b(?:réit[èé]r|renouvel)\w*\s+(?:[\w{chr(8217)}']+\s+){{0,4}}(?:recommandation|appel|demande)|\bdemande\s+"
    rf"(?:instamment|de\s+nouveau)"
    rf"|\bl{_APOSTROPHE}état(?:\s+partie)?(?:\s+(?:aussi|également))?\s+(?:devrait|doit|est\s+(?:instamment\s+"
    rf")?(?:prié|invité|engagé))|\bengage\s+(?:vivement|instamment|l|également|aussi|en\s+outre)"
    r"|\bont\s+(?:\w+\s+)?(?:invité|encouragé|prié|exhorté|appelé|demandé)\b|\benjoint\b"
    # Russian
    r"|рекоменду[ею]т|призыва[ею]т|обраща[ею]тся\s+к\s+государств[\w-]+\s+с\s+(?:\w+\s+)?призывом"
    r"|настоятельно\s+просит|(?:подтвержда|повторя)[ею]т\s+(?:\w+\s+){0,3}(?:рекомендаци|просьб|призыв)"
    r"|государств\w*(?:\s*-\s*участник\w*)?\s+(?:также\s+)?(?:следует|надлежит|необходимо|должн\w+|обязан\w*)"
    r"|поощряет|настаивает|государств\w*\s*-\s*участник\w*\s+(?:также\s+|вновь\s+|настоятельно\s+)?предлагается"
    # Arabic, letters without vowels
    r"|(?:تقدم|توجه|تصدر)\s+(?:اللجنة\s+)?(?:إلى\s+الدولة\s+الطرف\s+)?التوصيات\s+التالية"
    r"|الدول[ةه]\s+الطرف\s+(?:ملزم[ةه]|ملتزم[ةه])|(?:يقع\s+على|على\s+عاتق)\s+(?:عاتق\s+)?الدول[ةه]|(?<!\w)[وف]?تود\s+(?:اللجنة\s+)?أن\s+تتلقى"
    r"|(?<!\w)[وف]?(?:ت|ي)(?:وصي|حث|هيب|ناشد)(?:ها|ه)?(?!\w)|(?<!\w)[وف]?(?:ت|ي)أمر\s+الدول[ةه]|(?<!\w)[وف]?ينبغي\s+(?:لل|ل|أن|على|أيضا)"
    r"|(?<!\w)[وف]?(?:ت|ي)(?:كرر|عيد|ؤكد)\s+(?:\w+\s+){0,2}توصي"
    r"|(?:توصي|تحث|تدعو)\s+اللجنة|(?<!\w)[وف]?(?:يتعين|يجب)\s+(?:على|أن)|(?<!\w)[وف]?(?:تود|ترغب)\s+اللجنة\s+"
    r"(?:\w+\s+){0,3}أن\s+(?:تشدد|تؤكد|تركز|توجه|تسترعي)"
    r"|(?<!\w)[وف]?(?:تشدد|تؤكد|توجه|تسترعي|تلفت)\s+(?:اللجنة\s+)?(?:\w+\s+){0,3}(?:ضرورة|أهمية|الحاجة|انتباه|نظر"
    r"|اهتمام)|على\s+الدولة\s+الطرف\s+أن|(?<!\w)[وف]?(?:ت|ي)(?:دعو|شجع|طلب|قترح)(?:ها|ه)?\s+(?:\w+\s+"
    r"){0,4}(?:الدول[ةه]|ال?حكوم[ةه]|إلي|الى|إلى|على)"
    r"|(?<!\w)[وف](?:ت|ي)(?:دعو|شجع|طلب)(?:ها|ه)\s|(?<!\w)[وف]?تدعو\s+(?:اللجنة|الدولة)"
    # Chinese
    r"|建议缔约国|敦促|促请|呼吁|鼓励缔约国|请缔约国|缔约国应|重申其建议|委员会(?:还|并)?(?:建议|请|鼓励)"
)
WEAK = (
    r"requests|encourages|invites|suggests|advises|reminds|invited|encouraged|requested|urged|calls\s+for"
    r"|stresses\s+the\s+need|considers\s+that\s+[^.]{0,60}should|(?:stress|emphasi[sz]|underlin|underscor)\w*\s+"
    r"(?:the|that)\s+(?:\w+\s+){0,3}(?:need|necessity|importance)|draws?\s+(?:the\s+)?(?:attention\s+of|state)"
    r"|draw\s+the\s+attention|wish\w*\s+to\s+(?:emphasi|stress|remind|encourage|recommend)\w*"
    r"|would\s+like\s+to\s+(?:receive|be\s+informed)|demande|prie|invite|encourage|engage|appelle|suggère|conseille"
    r"|rappelle|(?:souligne|insiste\s+sur)\s+(?:la\s+nécessité|l.importance|qu.il)|(?:appelle|attire)\s+l.attention"
    r"|tient\s+à\s+(?:souligner|insister|rappeler)"
    r"|invita|alienta|pide|solicita|sugiere|anima|aconseja|recuerda|señala(?:r)?\s+a\s+la\s+atención|(?:subraya"
    r"|destaca|pone\s+de\s+relieve|hace\s+hincapié\s+en)\s+(?:la\s+(?:necesidad|importancia)|que\s+es)|(?:desea"
    r"|quisiera)\s+(?:también\s+)?(?:destacar|subrayar|señalar|poner|recalcar|hacer\s+hincapié)|remite\s+al\s+"
    r"estado|señala\s+al\s+estado|convida|encoraja|incentiva|pede|sugere|insta"
)
WEAK_RUSSIAN = r"комитет\w*|комисси\w+|он|она|докладчик\w*|эксперт\w*"
CONCERN = lazy_pattern(
    r"\b(?:is|are|was|remains?|remained|also|further|deeply|gravely|seriously|particularly|especially|still|and"
    r"|very|therefore|equally|extremely)\s+concern(?:ed|ing)\b"
    r"|\bconcerned,|\bconcerned\s+(?:that|at|about|by|over|with)\b|\bconcerns?\s+(?:that|at|about|over|regarding|is"
    r"|are|remains?|expressed|raised)\b"
    r"|\b(?:its|his|her|their|the|of|with|deep|serious|grave|particular|expresse[sd]|main|principal|great"
    r"|continuing|previous|raise[sd]?|major)\s+concerns?\b"
    r"|\bregrets?\b|\bregretful|\bdeplor\w+|\balarm(?:ed|ing)\b|\bdisturbed\b|\btroubled\b|\bdismay\w*|\bworr(?:y|ied|ying)\b"
    r"|\bcondemns?\b|\bserious\s+(?:reservations|doubts)|\bnot\s+in\s+conformity\b"
    r"|\bpréoccup\w+|\binqui[eèé]t\w*|\bregrette\w*|\bregret\b|\bdéplor\w+|\balarm[ée]\w*|\bcondamne\b"
    r"|\br[ée]serves\s+quant|\bpas\s+conforme\b"
    r"|\bpreocup\w+|\blamenta\w*|\binquiet\w+|\bdeplora\w*|\balarm(?:a|ad[oa])\b|\bcondena\b|\bserias\s+reservas"
    r"|\bgraves\s+reservas|\bno\s+está\s+en\s+conformidad"
    r"|обеспоко\w+|озабоч\w+|беспоко\w+|сожал\w+|встревож\w+|тревог\w+|осужда[ею]т|серьезные\s+сомнения"
    r"|قلق|(?<!\w)[وف]?(?:ت|ي)أسف|أسف|شواغل|انشغال|يساور|استياء|تحفظات"
    r"|关切|遗憾|不安|担忧",
    re.I,
)
_STRONG = lazy_pattern(STRONG, re.I)
_WEAK = lazy_pattern(
    rf"(?:\b(?:{_BODIES})\b[^.;]{{0,240}}?|\b(?:and|also|further|et|y|e|además|también|également|outre|également"
    rf"|aussi|asimismo|lo|la|le|l),?\s?[’']?\s*)\b(?:{WEAK})\b",
    re.I,
)
_WEAK_RUSSIAN = lazy_pattern(
    rf"\b(?:{WEAK_RUSSIAN})\b[^.;]{{0,240}}?\b(?:просит|предлагает|советует|напоминает|обращает\s+внимание"
    rf"|подчеркивает\s+(?:необходимость|важность)|хотел\s+бы\s+(?:также\s+)?(?:подчеркнуть|обратить))\b",
    re.I,
)
_OPENS_WITH_DEMAND = lazy_pattern(
    r"^\s*(?:strongly\s+)?(?:recommends?|urges|invites|invited|calls?\s+(?:up)?on|called\s+(?:up)?on|encourages"
    r"|encouraged|requests|requested"
    r"|orders|directs|exhorts|urged|recommande|invite|demande|exhorte|encourage|ordonne|enjoint|appelle|prie|engage|ordena|dispone|recomienda|insta|exhorta"
    r"|pide|recomenda|solicita)\b",
    re.I,
)
# Requests of others of which the body only takes note.
_REPORTED = lazy_pattern(
    r"\b(?:notes?|observes?|recalls?|acknowledges?|is\s+aware|welcomes?|regrets?)(?:\s+\w+){0,3}?\s+that\b[^.;]{0,300}?"
    r"\b(?:called\s+(?:up)?on|urged|requested|invited|recommended|encouraged)\b"
    r"|\b(?:note|observe|constate|rappelle|relève)\s+(?:\w+\s+){0,3}?qu(?:e\s|[’']\s?)[^.;]{0,300}?\b(?:a|ont)\s+"
    r"(?:\w+\s+)?(?:recommandé|demandé|invité|exhorté|prié|appelé|encouragé)\b"
    r"|\b(?:notes?|observes?|acknowledges?|is\s+aware|alleges?|claims?|contends?|argues?|states?|indicates?)"
    r"(?:\s+\w+){0,3}?\s+that\b[^.;]{0,300}?\bstate(?:\s+party)?\s*,\s*within\s+[^,;.]{3,80},\s+(?:shall|must|should)\b"
    r"|\b(?:observa|toma\s+nota|señala|alega|afirma|sostiene|indica)\s+(?:\w+\s+){0,3}?que\b[^.;]{0,300}?"
    r"\bel\s+estado(?:\s+parte)?\s*,\s*(?:dentro\s+del|en\s+el|en\s+un)\s+plazo\s+[^,;.]{3,80},\s+(?:deberá|debe)\b"
    r"|\b(?:observa|toma\s+nota|señala|recuerda)\s+(?:\w+\s+){0,3}?que\b[^.;]{0,300}?\b(?:recomend(?:ó|aron)|inst(?:ó|aron)"
    r"|exhort(?:ó|aron)|solicit(?:ó|aron)|pidi(?:ó|eron))\b",
    re.I,
)
# What a committee says of its own observations: that all of them matter, and which are urgent.
_URGES = (
    r"recommends?|urges?|calls?\s(?:up)?on|encourages?|reiterates?\s(?:its|the)|exhorts?"
    r"|recommande|engage|encourage|exhorte|réitère|recomienda|insta|exhorta|alienta|anima|reitera"
    r"|recomenda|exorta|encoraja|incentiva|apela"
)
_REQUESTS = (
    rf"{_URGES}|requests?|invites?|asks?|prie|demande|invite|appelle(?!\sl[’']attention)|pide|solicita|invita|pede"
    r"|convida"
)
_SHOULD = r"\bstate\sparty\s(?:should|must|shall)\b|\bl[’']état\spartie\s(?:devrait|doit)\b|\bestado\sparte\sde[bv]"


def _up_to(demands: str, arabic: str, most: int) -> str:
    """The words up to a verb of demand: behind "and" or a comma, or with the State as its object."""
    verb = rf"(?:\b(?:and|et|y|e)\s|,\s)(?:[\w’'-]++\s){{0,4}}?(?:l[’'])?(?:{demands})\b"
    state = r"(?:the\sstate|(?:à\s)?l[’']état|al\sestado|ao?\sestado|o\sestado)"
    stop = (
        rf"(?!{verb}|\b(?:{demands})\s(?:\w+\s){{0,2}}?{state}\b|{_SHOULD}|(?<!\w)و[تي](?:{arabic})(?:ها|ه)?(?!\w))"
    )
    return rf"(?:{stop}[^.;؛]){{0,{most}}}"


_UNTIL = _up_to(_REQUESTS, "وصي|حث|هيب|ناشد|شجع|دعو|طلب", 400)
_UNTIL_URGED = _up_to(_URGES, "وصي|حث|هيب|ناشد|شجع", 500)  # with a request for information in the next report
_UNTIL_RUSSIAN = r"(?:(?!\b(?:рекоменду|призыва|прос[ия]т|предлага|советует|настоятельно|должн|следует))[^.;]){0,400}"
_ON_OWN_OBSERVATIONS = lazy_pattern(
    r"\b(?:emphasi|stress|underlin|underscor|highlight|reiterat)\w*\s+(?:the\s+)?importance\s+of\s+all\s+(?:of\s+)?(?:the|its)"
    rf"\s+recommendations\b{_UNTIL}"
    r"|\breminds?\s+the\s+state\s+party\s+of\s+the\s+indivisibility\s+and\s+interdependence\b[^.;]{0,80}?convention"
    rf"|\bdraw\w*\s+(?:the\s+)?(?:state\s+party[’']s\s+)?attention\s+(?:of\s+the\s+state\s+party\s+)?to\s+(?:the|its)"
    rf"\s+recommendations\s+(?:contained\s+in\s+|set\s+out\s+in\s+)?(?:paragraphs|concerning\s+the\s+following){_UNTIL}"
    rf"|\b(?:souligne|insiste\s+sur|rappelle)\s+l[’']\s?importance\s+de\s+(?:toutes\s+les|l[’']ensemble\s+des)"
    rf"\s+recommandations\b{_UNTIL}"
    r"|\brappelle\s+à\s+l[’']\s?état\s+partie\s+(?:que\s+tous\s+les\s+droits\b[^.;]{0,80}?indivisibles"
    r"|l[’']\s?indivisibilité)[^.;]{0,80}?(?=\bet\b|[.;])"
    rf"|\b(?:appeler|attirer|appelle|attire)\s+l[’']\s?attention\s+de\s+l[’']\s?état\s+partie\s+sur\s+les"
    rf"\s+recommandations\s+(?:(?:formulées|figurant|contenues|énoncées)\s+)?(?:aux?\s+paragraphes?"
    rf"|dans\s+les\s+paragraphes|concernant\s+les\s+domaines){_UNTIL}"
    rf"|\b(?:subraya|destaca|recalca|pone\s+de\s+relieve|(?:hace\s+)?hincapié\s+en)\s+la\s+importancia\s+de\s+todas\s+las"
    rf"\s+recomendaciones\b{_UNTIL}"
    r"|\brecuerda\s+al\s+estado\s+parte\s+la\s+indivisibilidad\b[^.;]{0,80}?convención"
    rf"|\bseñalar?\s+a\s+la\s+atención\s+del\s+estado\s+parte\s+las\s+recomendaciones\s+(?:(?:formuladas|contenidas"
    rf"|que\s+figuran)\s+en\s+los\s+párrafos|relativas\s+a\s+los\s+siguientes){_UNTIL}"
    rf"|\b(?:salienta|sublinha|destaca|enfatiza)\s+a\s+importância\s+de\s+todas\s+as\s+recomendações\b{_UNTIL}"
    r"|\b(?:recorda|lembra)\s+(?:ao|o)\s+estado\s+parte\s+(?:a|da)\s+indivisibilidade\b[^.;]{0,80}?convenção"
    rf"|\bchamar?\s+a\s+atenção\s+do\s+estado\s+parte\s+para\s+as\s+recomendações\s+(?:(?:contidas|formuladas"
    rf"|constantes)\s+)?(?:d?nos\s+parágrafos|relativas){_UNTIL}"
    # which are of particular importance for the next report
    r"|\bdraw\w*\s+the\s+attention\s+of\s+the\s+state\s+party\s+to\s+the\s+particular\s+importance\s+of\s+the\s+recommendations\b"
    rf"{_UNTIL_URGED}"
    r"|\b(?:appel\w+|attir\w+)\s+l[’']\s?attention\s+de\s+l[’']\s?état\s+partie\s+sur\s+l[’']\s?importance\s+particulière\s+des"
    rf"\s+recommandations\b{_UNTIL_URGED}"
    r"|\bseñalar?\s+a\s+la\s+atención\s+del\s+estado\s+parte\s+la\s+(?:particular\s+importancia|importancia\s+(?:particular|especial))"
    rf"\s+de\s+las\s+recomendaciones\b{_UNTIL_URGED}"
    r"|\bchamar?\s+a\s+atenção\s+do\s+estado\s+parte\s+para\s+a\s+(?:particular\s+importância|importância\s+(?:particular|especial))"
    rf"\s+das\s+recomendações\b{_UNTIL_URGED}"
    r"|(?<!\w)[وف]?(?:تود|ترغب)\s+(?:اللجنة\s+)?(?:في\s+)?أن\s+(?:توجه|تسترعي|تلفت)\s+(?:انتباه|اهتمام|نظر)\s+الدولة\s+الطرف"
    rf"\s+إلى\s+(?:ال)?أهمي[ةه]\s+(?:ال)?خاص[ةه]\s+(?:للتوصيات|التي\s+تكتسيها\s+التوصيات){_UNTIL_URGED}"
    # guidelines to which attention is drawn
    rf"|\bdraws?\s+(?:the\s+)?(?:state\s+party[’']s\s+|attention\s+of\s+the\s+state\s+party\s+)?(?:attention\s+)?to\s+(?:its|the)\s+(?:[\w-]+\s+){{0,3}}guidelines\b{_UNTIL}"
    rf"|\b(?:attir|appel)\w+\s+l[’']\s?attention\s+de\s+l[’']\s?état\s+partie\s+sur\s+(?:ses|les)\s+(?:\w+\s+)?directives\b{_UNTIL}"
    rf"|\bseñalar?\s+a\s+la\s+atención\s+del\s+estado\s+parte\s+(?:sus|las)\s+(?:\w+\s+)?directrices\b{_UNTIL}"
    rf"|\bchamar?\s+a\s+atenção\s+do\s+estado\s+parte\s+para\s+(?:suas|as)\s+(?:\w+\s+)?diretrizes\b{_UNTIL}"
    rf"|(?<!\w)[وف]?(?:[تي]وجه|[تي]سترعي|[تي]لفت)\s+(?:اللجنة\s+)?(?:انتباه|اهتمام|نظر)\s+الدولة\s+الطرف\s+إلى\s+(?:ال)?مبادئ\w*\s+(?:ال)?توجيهية{_UNTIL}"
    rf"|\bобращает\s+внимание\s+государства-участника\s+на\s+(?:свои\s+)?(?:\w+\s+)?руководящие\s+принципы{_UNTIL_RUSSIAN}"
    # how reports are drafted
    rf"|\b(?:requests?|invites?|asks?)\s+the\s+state\s+party\s+to\s+(?:follow|comply\s+with|observe)\s+the\s+harmonized\s+guidelines\s+on\s+reporting\b{_UNTIL}"
    rf"|\b(?:invite|prie|demande\s+à)\s+l[’']\s?état\s+partie\s+(?:à|de)\s+(?:se\s+conformer\s+aux|suivre\s+les|respecter\s+les)"
    rf"\s+directives\s+harmonisées\b{_UNTIL}"
    rf"|\b(?:invita|pide|solicita)\s+al\s+estado\s+parte\s+(?:a\s+)?que\s+(?:siga|se\s+ajuste\s+a|cumpla|se\s+atenga\s+a)\s+las"
    rf"\s+directrices\s+armonizadas\b{_UNTIL}"
    rf"|\b(?:convida|solicita)\s+(?:ao|o)\s+estado\s+parte\s+a\s+(?:seguir|respeitar)\s+as\s+diretrizes\s+harmonizadas\b{_UNTIL}"
    rf"|(?<!\w)[وف]?(?:تدعو|تطلب)\s+(?:اللجنة\s+)?(?:إلى\s+)?الدولة\s+الطرف\s+(?:أن\s+تتبع|إلى\s+اتباع|أن\s+تتقيد\s+ب|إلى\s+التقيد\s+ب)\s?"
    rf"(?:ال)?مبادئ\s+التوجيهية\s+(?:ال)?منسقة{_UNTIL}"
    rf"|(?<!\w)[وف]?(?:تشدد|تؤكد)\s+(?:اللجنة\s+)?(?:على\s+)?أهمي[ةه]\s+(?:جميع|كل)\s+التوصيات{_UNTIL}"
    r"|(?<!\w)[وف]?تذكر\s+اللجنة\s+الدولة\s+الطرف\s+بعدم\s+قابلي[ةه][^.؛]{0,120}?(?:الاتفاقية|للتجزئة)"
    rf"|(?<!\w)[وف]?(?:تود|ترغب)\s+(?:اللجنة\s+)?(?:في\s+)?أن\s+(?:توجه|تسترعي|تلفت)\s+(?:انتباه|اهتمام|نظر)\s+الدولة"
    rf"\s+الطرف\s+إلى\s+التوصيات\s+(?:الواردة|المتعلقة){_UNTIL}"
    rf"|\bподчеркивает\s+важность\s+всех\s+(?:своих\s+)?рекомендаций\b{_UNTIL_RUSSIAN}"
    r"|\bобратить\s+внимание\s+государства-участника\s+на\s+(?:свои\s+)?рекомендации,?\s+(?:содержащиеся|изложенные"
    rf"|сформулированные|вынесенные)\s+в\s+пункт\w+{_UNTIL_RUSSIAN}",
    re.I,
)
_VOWELS = lazy_pattern(r"[\u064b-\u065f\u0670\u0640\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_BROKEN_APOSTROPHE = lazy_pattern(r"\s?([’'])\s?(?=[a-zà-ÿ])", re.I)
SENTENCE = lazy_pattern(r"(?<=[.!?。؟])[\s\u00a0]+(?=[\"“«(]?[A-ZÀ-ÖØ-ÞА-ЯЁ\u0600-\u06ff¿¡])|(?<=。)")
SHORTENED = lazy_pattern(
    r"\b(?:No|Nos|art|arts|para|paras|núm|párr|Mr|Ms|Mrs|Dr|vs?|al|Inc|cf|par|пп?|ст|г|гг)\.$", re.I
)


def plain(text: str) -> str:
    """The text normalised for the patterns: spaces, apostrophes, and Arabic without vowel signs."""
    text = _VOWELS.sub("", text.replace("\u00a0", " ").replace("\u00ad", ""))
    return _BROKEN_APOSTROPHE.sub(r"\1", re.sub(r"\s+", " ", text))


def kind_of(text: str) -> Kind:
    """The kind of a paragraph: a recommendation if it contains a demand, a concern if it expresses one."""
    text = plain(text)
    if does := what_point_does(text):
        return POINTS[does]
    if is_demand(text):
        return Kind.RECOMMENDATION
    return Kind.CONCERN if CONCERN.search(text) else Kind.INFORMATION


def is_demand(text: str) -> bool:
    text = plain(text)
    if does := what_point_does(text):
        return does == CommitteeVerb.ASKS
    return any(
        _OPENS_WITH_DEMAND.match(part) or _STRONG.search(part) or _WEAK_RUSSIAN.search(part) or is_weak_demand(part)
        for part in (_ON_OWN_OBSERVATIONS.sub("", _REPORTED.sub("", sentence)) for sentence in sentences(text))
    )


def is_weak_demand(sentence: str) -> bool:
    """Whether a weak verb is a demand of the body: a law that "encourages" within a concern is not."""
    match = _WEAK.search(sentence)
    if not match:
        return False
    worried = CONCERN.search(match[0])
    return not worried or re.search(r"\b(?:and|et|y|e)\b", match[0][worried.end() :]) is not None


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; "No. 5" and "art. 12" do not end one."""
    parts: list[str] = []
    for part in SENTENCE.split(text):
        if parts and SHORTENED.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part.strip():
            parts.append(part)
    return parts
