"""Words of duties: what submits, what pays, reports and replies, and whose they are."""

import re

from servanda.kit.patterns import lazy_pattern

_SUBMITS = (
    r"\b(?:submit\w*|fil(?:e[sd]?|ing)|provid\w+|present(?:s|ing)?(?!\s+(?:judg|decision|order|letter"
    r"|communication|concluding|report\b))"
    r"|report(?:s|ing)?\s+(?:back|to|on|periodically|in\s+writing|thereon)|transmit\w*|send|inform(?:s"
    r"|ing)?\b|hand(?:s|ed|ing)?\s+in\b|furnish\w*|lodge|forward|receiv\w+|respond|reply|answer"
    r"|communicate|hear\s+from|(?:to|shall|should|must)\s+report\s?$"
    r"|soum\w+|présente[rz]?\b|déposer|dépose|fourni\w*|transmet\w*|communiquer|faire\s+rapport"
    r"|rende?\s+compte|rendre\s+compte|adresser|inform(?:er|e)\b|remettre|recevoir|répondre"
    r"|faire\s+parvenir"
    r"|present(?:ar|e|ará|en)(?:se)?\b(?!\s+(?:sentencia|decisión|carta|comunicación|observaci"
    r"|informe\s+(?:de\s+fondo|sobre\s+el\s+fondo)))|rendir\w*|rinda|remit\w+|facilit\w+|proporcion\w+"
    r"|envi(?:ar|e)|env[ií]e|suministr\w+|aport(?:ar|e)|informar\w*|informe\s+a\b"
    r"|recibir|respond(?:er|a|an|ier\w+|ies\w+|esse\w*)|contest(?:ar|e|en|ara|aran|ase|asen)|transmita|hacer\s+llegar"
    r"|apresent\w+|forne\w+|prest(?:ar|e)|receber|envie|encaminh\w+|представ\w+|направ\w+|сообщ\w+|информирова\w+)"
    r"|(?<!\w)[وفبل]?(?:ا?[تين]?قد[يّ]?م\w*|تقديم\w*|موافا\w+|[تي]وافي\w*|[تي]رفع|رفع|ابلاغ\w*|اطلاع\w*"
    r"|[تي]طلع|[تي]بلغ(?:ها)?|[تي]رسل|ارسال|[تي]حيل|تزويد\w*|[تي]زود|تلقي\w*|[تني]تلقى|اعلام\w*|ايداع|[تي]ودع|الرد"
    r"|ان\s+[تي]رد)(?!\w)"
    r"|提交|提供|报告"
)
_PAYS = (
    r"\b(?:pay(?:s|ing|able|ments?)?|paid|verse[rz]?|versera|vers[ée]e?s?|paye[rz]?|paiera|paiement|pag(?:o"
    r"|os|ar|ará|arán|ue|uen|amento|ados?)|abon(?:ar|ará|e)|indemni[sz]\w+"
    r"|compensat\w+|выпла\w+)\b|(?<!\w)[وفب]?(?:ان\s+)?(?:ت?دفع|يدفع|[تي]سدد|سداد|تسديد|صرف|تعويض\w*)(?!\w)|支付"
)
_MEASURES = (
    r"\b(?:publish\w*|take\s+(?:all|the|any)|(?<!measures )(?<!steps )adopt\w*"
    r"|remov\w+|amend\w*|revis\w+|initiat\w+|establish\w*"
    r"|investigat\w+|releas\w+|reopen\w*|grant|ensur\w+|conduct|carry\s+out|revok\w+|bring|enact"
    r"|publier|prendre|adopter|modifier|supprimer|libérer|ouvrir|garantir|mener|réviser|abroger|veiller"
    r"|public(?:ar|ará|ue)|publique|adopt(?:ar|ará|e)|tom(?:ar|ará|e)|realiz(?:ar|ará)|realice|investig\w+"
    r"|libere|modific\w+|modifique|iniciar|inicie|garantic\w+|reform\w+"
    r"|adotar|realizar|investigar|garantir)\b"
    r"|(?<!\w)[وفب]?(?:ان\s+)?(?:[تي]نشر|نشر|[تي]تخذ|اتخاذ|[تي]عدل|تعديل|[تي]فرج|[تي]لغي|الغاء|[تي]عتمد"
    r"|[تي]حذف|[تي]كفل|[تي]ضمن|[تي]جري)(?!\w)"
)
VERB = lazy_pattern(rf"(?P<submits>{_SUBMITS})|(?P<pays>{_PAYS})|(?P<measures>{_MEASURES})", re.I)
REPORT = lazy_pattern(
    r"\breports?\b|\brapports?\b|\binformes?\b(?!\s+(?:a|al)\b)|\brelat[óo]rios?\b|доклад\w*|отчет\w*"
    r"|تقري?ر\w*|报告|\baccount\s+of\b|\bcompte\s+rendu\b",
    re.I,
)
ACCOUNT = lazy_pattern(
    r"\baccount\b|\bcompte\s+rendu\b", re.I
)  # "a response containing a full account of action taken"
REPORTS = lazy_pattern(r"\breport", re.I)
PERIODIC = lazy_pattern(
    r"\b(?:next|combined|periodic|subsequent)\s+(?:[\w-]+\s+){0,6}reports?\b|\bperiodic(?:al)?\s+reports?\b"
    r"|\breports?\s+under\s+article"
    r"|\brapports?\s+(?:[\w-]+\s+){0,6}périodiques?|\bprochain\s+rapport|\brapport\s+(?:unique\s+)?valant"
    r"|\binformes?\s+(?:[\w-]+\s+){0,6}periódicos?|\bpróximo\s+(?:informe|relatório)"
    r"|\brelatórios?\s+(?:[\w-]+\s+){0,5}periódicos?"
    r"|периодическ\w+\s+доклад\w*|следующ\w+\s+(?:\W?\w+\W*){0,4}доклад"
    r"|تقر\w*\s+(?:\w+\s+){0,4}(?:ال)?(?:دوري|مقبل|جامع)\w*|تقاريرها|定期报告|下次报告",
    re.I,
)
INITIAL = lazy_pattern(
    r"\binitial\s+report|\brapport\s+initial|\binforme\s+inicial|\brelatório\s+inicial|التقرير\s+الاولي"
    r"|تقريرها\s+الاولي",
    re.I,
)
IN_REPORT = lazy_pattern(
    r"(?<!hand\s)(?<!handing\s)\b(?:in|dans|en|no|em|nos)\s+(?:its|their|the|son|ses|leurs?|su|sus"
    r"|seus?)\s+(?:[\w-]+\s+){0,6}?(?:reports?|rapports?|informes?|relatórios?)"
    r"|(?<!\w)في\s+(?:اطار\s+)?تقر\w+|в\s+(?:своем|свой)\s+(?:\W?\w+\W*){0,3}доклад\w*|在(?:其)?下(?:一)?次",
    re.I,
)
OWN_REPORT = lazy_pattern(
    rf"(?:{_SUBMITS})\W++(?:(?!in\b|dans\b|en\b|em\b|في)[\w’'-]++\W++){{0,9}}?(?:(?:its|their|the|a|son|ses"
    rf"|sus?|seus?|un|el|les?|la)\s+)?(?:[\w-]+\s+){{0,7}}?"
    r"(?:reports?|rapports?|informes?|relatórios?|доклад\w*|تقر\w+|报告)|提交[^。，]{0,12}报告",
    re.I,
)
LOIPR = lazy_pattern(
    r"(?:replies|réponses|respuestas|respostas|ردود\w*|ответ\w*)[^.;]{0,160}(?:constitut\w+|constituir\w+"
    r"|считаться|تشكل)?|\blist\s+of\s+issues\s+prior"
    r"|\bliste\s+(?:de\s+points\s+)?(?:établie|préalable)|\blista\s+de\s+cuestiones\s+previa",
    re.I,
)
# "A core document" alone may be one of a school or a strategy.
_CORE = (
    r"(?:common\s+core\s+document\b(?!\s+of\s+(?!the\s+state\b))|document\s+de\s+base\s+commun\b|documento\s+básico\s+com(?:ún|um)\b"
    r"|documento\s+(?:de\s+)?base\s+comum\b|(?:الوثيق[ةه]|وثيق[ةه]|وثيقتها)\s+(?:ال)?اساسي[ةه]\s+(?:ال)?(?:موحد|مشترك)[ةه]"
    r"|общ\w+\s+базов\w+\s+документ|共同核心文件"
    r"|(?:\bits\s+(?:updated\s+)?core\s+document|\bson\s+document\s+de\s+base|\bsu\s+documento\s+básico|\bseu\s+documento\s+básico"
    r"|وثيقتها\s+(?:ال)?اساسي[ةه])(?=\s*+(?:[.,;(،؛]|$))"
    r"|(?:(?<!\bin\sits\s)\bcore\s+document\b|document\s+de\s+base\b|documento\s+básico\b|(?:الوثيق[ةه]|وثيق[ةه])\s+(?:ال)?اساسي[ةه]"
    r"|базов\w+\s+документ|核心文件)(?=.{0,200}?(?:42[ .,]?400|HRI/|harmoni[sz]ed\s+guidelines"
    r"|directives\s+harmonisées"
    r"|directrices\s+armonizadas|diretrizes\s+harmonizadas|منسق[ةه]|согласованн\w+\s+руковод|协调)))"
)
COMMON_CORE = lazy_pattern(
    rf"(?:\b(?:submit\w*|present|provide|update|soum\w+|présent\w+|met\w*\s+à\s+jour|actualis\w+|present\w+|remit\w+|actuali[cz]\w+"
    rf"|apresent\w+|atualiz\w+|submet\w+|представ\w+|обнов\w+)|(?<!\w)[وفبل]?(?:[تي]قدم|تقديم|[تي]حدث|تحديث)|提交|更新)"
    rf"(?:[^.;،؛](?!\b(?:periodic|périodique|periódico)\w*\s)){{0,120}}?(?:{_CORE})",
    re.I,
)
TO_BE_SET = lazy_pattern(
    r"(?:will|shall)\s+(?:establish|determine|set|fix)\s+and\s+(?:communicate|confirm)\s+the\s+(?:exact\s+)?due\s+dates?\b"
    r"|(?:will|shall)\s+(?:\w+\s+){0,3}?(?:communicate|inform|notify|advise)\b[^.;]{0,80}?\bdate\s+(?:on|by)\s+which[^.;]{0,80}?\breports?\b"
    r"|communiquera\b[^.;]{0,80}?\b(?:date|échéance)\s+à\s+laquelle[^.;]{0,80}?\brapport"
    r"|comunicará\b[^.;]{0,80}?\bfecha\s+en\s+(?:que|la\s+que|la\s+cual)[^.;]{0,80}?\binforme"
    r"|due\s+date\s+of\s+the\s+[^.]{0,80}reports?\s+will\s+be\s+(?:communicated|established)"
    r"|(?:fixera|déterminera|établira)\s+et\s+(?:communiquera|confirmera)\s+(?:[\wà’']+\s+){0,6}?(?:la\s+date|l[’']échéance)"
    r"|(?:fixera|déterminera|établira)\s+(?:la\s+date|l[’']échéance)\s+[^.;]{0,160}?communiquera"
    r"|(?:establecerá|determinará|fijará)\s+y\s+(?:comunicará|confirmará)\s+la\s+fecha"
    r"|(?:establecerá|determinará|fijará)\s+la\s+fecha\s+[^.;]{0,160}?comunicará"
    r"|(?:estabelecerá|determinará|fixará)\s+(?:e\s+comunicará\s+a\s+data|a\s+data\s+[^.;]{0,160}?comunicará)"
    r"|установит\s+(?:и\s+сообщит\s+(?:дату|срок)|(?:дату|срок)\s+[^.;]{0,160}?сообщит)"
    r"|[سو]*تحدد\s+اللجنة\s+(?:(?:\w+\s+){0,4}وت(?:بلغ|وكد|ؤكد)|موعد|(?:ال)?تاريخ\s+[^.؛]{0,160}?تبلغ)|确定并通知",
    re.I,
)
# "The combined reports are in principle due on 24 May 2032": no one is asked, yet the report itself is due.
REPORT_DUE = lazy_pattern(
    r"\b(?:next|combined|periodic|subsequent|initial)\s(?:[\w-]+\s){0,6}?reports?\s(?:(?!in\b|on\b|that\b|which\b)[\w’'-]+\s){0,10}?"
    r"(?:is|are|shall\sbe|should\sbe|must\sbe|will\sbe)\W{1,2}(?:in\sprinciple\W{1,2})?(?:due|expected|to\sbe\ssubmitted|submitted)\b"
    r"|\b(?:prochains?\srapports?|rapports?\s(?:[\w’'-]+\s){0,6}?périodiques?)\s(?:[\w’'-]+\s){0,10}?(?:doi(?:t|vent)|devr(?:a|ont|ait|aient)"
    r"|est|sont|seront?)\W{1,2}(?:en\sprincipe\W{1,2})?(?:être\s)?(?:soumis|présenté|attendu|dû)e?s?\b"
    r"|\b(?:próximos?\sinformes?|informes?\s(?:[\w-]+\s){0,6}?periódicos?)\s(?:[\w-]+\s){0,10}?(?:debe(?:n|rá|rán|ría|rían)?|ha(?:n|brá|brán)?\sde"
    r"|vence[n]?|se\sespera\sque\sse)\W{1,2}(?:en\sprincipio\W{1,2})?(?:ser\s)?(?:presenta|el)"
    r"|(?:التقري?ر\w*|للتقري?ر\w*|تقاريرها?)\s(?:\S+\s){0,8}?(?:المقرر|يحين\sموعد|يحل\sموعد|يجب\sتقديم|ينبغي\sتقديم)"
    r"|(?:المقرر|يحين\sموعد|يحل\sموعد)\S*\s(?:\S+\s){0,4}?تقديم\s(?:\S+\s){0,3}?(?:التقري?ر|تقري?ر|تقارير)",
    re.I,
)
# "The next report of the Ombudsman will be submitted to Parliament", "the next report to UNESCO".
_OTHER_ORGAN = (
    r"(?:the\s+|its\s+|their\s+|la\s+|el\s+|los\s+|las\s+|les?\s+|l[’']|son\s+|su\s+)?(?:[\w’'-]+\s+){0,2}?(?:ombud\w+|inspect\w+|parliament\w*"
    r"|parlement\w*|parlamento|congress|congreso|congrès|assembl\w+|asamblea|senate|senado|sénat|minist\w+|cabinet|gabinete"
    r"|unesco|unicef|unhcr|(?-i:ILO|OIT|WHO|OMS)|council(?!\s+of\s+europe)|agency|agence|agencia|commissioner|prosecutor\w*|procur\w+|fiscal[íi]a"
    r"|defensor\w*|defenseur|défenseur|médiateur|police|polic[íi]a|institut\w+|department|departamento|bureau|president\w*|president[ea]"
    r"|court|tribunal\w*)\b"
)
_ADJECTIVES = r"(?:\s+(?:périodiques?|initial|uniques?|combinés?|periódicos?|inicial|combinados?)){0,2}"
OF_ANOTHER = lazy_pattern(
    rf"\b(?:reports?|rapports?{_ADJECTIVES}|informes?{_ADJECTIVES})\s+(?:(?:of|by|from)\s+(?:(?:the|an?|its|their)\s+)?+"
    r"|du\s+|d[’']|de\s+(?:la\s+|los?\s+|las\s+|l[’'])?+|del\s+|des\s+)"
    r"(?!(?:state|states|government|republic|kingdom|federation|authorities|état|etat|états|gouvernement|autorités"
    r"|estado|estados|gobierno|autoridades|república|république)\b)"
    rf"(?:(?-i:[a-zà-ÿ])|{_OTHER_ORGAN})"
    rf"|\b(?:to|before|by|au|aux|à|par|al?|ante|por)\s+{_OTHER_ORGAN}|(?:الى|امام)\s+(?:ال)?(?:برلمان|وزار|مجلس|جمعي[ةه])|(?:للبرلمان|للوزار)",
    re.I,
)
# Of the Convention on enforced disappearance: information on all recommendations in place of a periodic report.
ADDITIONAL = lazy_pattern(
    r"(?:\barticle\s+29\s?(?:\(4\)|,\s*paragraph\s+4)|\bparagraph\s+4\s+of\s+article\s+29\b"
    r"|\bparagraphe\s+4\s+de\s+l[’']article\s+29\b|\barticle\s+29\s*\(par\.\s?4\)"
    r"|\bartículo\s+29,?\s*(?:párrafo|párr\.)\s+4\b|\bpárrafo\s+4\s+del\s+artículo\s+29\b"
    r"|\bartigo\s+29\.?[ºo°]?,\s*(?:parágrafo|n\.?[ºo°])\s+4\b|المادة\s+29\s?\(4\)|للفقرة\s+4\s+من\s+المادة\s+29)"
    r"\s*+,?\s*+(?:of\s+the|de\s+la|da|من)\s+(?:international|convention|convención|convenção|الاتفاقي[ةه])",
    re.I,
)
RECEIVES_LIST = lazy_pattern(
    r"(?:will\s+receive|recevra|recibirá|receberá|получит|ستتلقى)\s+[^.]{0,140}?20\d\d",
    re.I,
)
ACTION = lazy_pattern(
    r"\b(?:updated\s+|revised\s+|consolidated\s+)?action\s+(?:plan|report)s?\b|\b(?:plan"
    r"|bilan)s?\s+d[’']\s?actions?\b|\bplan\s+de\s+acción\b|خطة\s+عمل|تقرير\s+عن\s+الاجراءات",
    re.I,
)
REPLY = lazy_pattern(
    r"\b(?:responses?|respond(?:s|ing)?|repl(?:y|ies)|answers?|réponses?|répondre|respuestas?"
    r"|respond(?:er|a|an|ier\w+|ies\w+|esse\w*)|contest(?:aci\w+|e|en|ara|aran|ase|asen)|resposta)\b|ответ\w*|(?<!\w)(?:(?:ب?ال)?(?:رد|ردا|ردكم|ردود|ردها"
    r"|اجابة|اجابات|اجاباتكم|اجابتكم)|ب(?:ردكم|ردها|ردودكم|اجاباتكم))(?!\w)|答复",
    re.I,
)
INFORMATION = lazy_pattern(
    r"\binformation\b|\brenseignements\b|\binformations\b|\binformación\b|\binformações\b|информаци\w+"
    r"|сведени\w+|معلومات|资料|\binform\w*\b|(?<!\w)[تي]بلغ(?:ها)?(?!\w)",
    re.I,
)
_ORGAN = (
    r"(?:parliament|government|cabinet|senate|congress|legislature|(?:national|general|legislative)\s+assembly|president"
    r"|parlement|gouvernement|sénat|congrès|assemblée|parlamento|congresso?|congreso|gobierno|governo|senado|asamblea)\b"
)
_ANSWER = rf"(?:{INFORMATION.pattern}|{REPORT.pattern}|{ACTION.pattern}|{REPLY.pattern}|\brend\w+\s+compte\b)"
# "submit updated information", but not "submit the law on information".
ACCOUNT_SUBMITTED = lazy_pattern(
    rf"(?:(?!(?:on|for|about|concerning|sur|concernant|sobre|{_ORGAN})\b)[\w’'-]++\W++){{0,8}}?(?:[ld][’'])?{_ANSWER}",
    re.I,
)
TO_BODY = lazy_pattern(
    r"\b(?:to|with)\s+the\s+(?:committee|deputies)\b|\b(?:au\s+comité|aux\s+délégués|al\s+comité|a\s+los\s+delegados)\b"
    r"|\b(?:provid\w+|inform\w*|furnish)\s+the\s+(?:committee|deputies)\b",
    re.I,
)
TO_ORGAN = lazy_pattern(
    rf"(?:\W++[\w’'-]++){{0,2}}?\W++(?:to|before|au|à|al|a|ao)\s+(?:(?:the|its|their|la|l[’'])\s*+)?(?:\w++\s++)?{_ORGAN}",
    re.I,
)
NEXT_VERB = lazy_pattern(rf"\b(?:and|et|y|e)\s++(?:(?:to|de|à|a)\s++)?(?=(?:{_SUBMITS}|{_MEASURES}))", re.I)
PASSIVE = lazy_pattern(rf"{_ANSWER}[^,.;:]{{0,60}}?\b(?:be|être|ser)\s*+$", re.I)
WRITTEN = lazy_pattern(
    r"\b(?:submissions?|observations?|comments?|mémoires?|commentaires?|observaciones|comentarios|alegatos"
    r"|observações)\b|ملاحظات\w*|تعليقات|مذكرات?|замечани\w+",
    re.I,
)
MEASURES_TAKEN = lazy_pattern(
    r"\b(?:measures|steps|action)\s+(?:\w+\s+){0,3}?(?:taken|adopted)|\b(?:implement\w*|compl(?:y|iance)"
    r"|execution|give\s+effect)\b|\bmesures\s+(?:\w+\s+){0,2}?prises|\bmise\s+en\s+œuvre|\bexécution"
    r"|\b(?:donner\s+effet|suite\s+donnée)|\bmedidas\s+(?:\w+\s+){0,2}?adoptadas|\bcumplimiento"
    r"|\bmesures\s+qu[’']\s?(?:il|elle)s?\s+(?:aura|auront|a|ont)\s+prises"
    r"|\bmedidas\s+que\s+(?:se\s+)?(?:haya|hayan|hubiere|ha|han)\s+(?:adoptado|tomado)"
    r"|\bmedidas\s+tomadas|\bimplementación|\bcumplir"
    r"|\bmedidas\s+adotadas|\bcumprimento|التدابير|الخطوات|تنفيذ|امتثال|мер\w*",
    re.I,
)
OTHERS = lazy_pattern(
    r"\bfor\s+their\s+reply|\b(?:transmitted|communicated|served)\s+(?:to|on)\s+the\s+(?:applicant"
    r"|complainant|petitioner)s?"
    r"|\b(?:the\s+)?(?:applicants?|complainants?|petitioners?|representatives?)\s+(?:to|shall|may"
    r"|are\s+(?:requested|invited)|is\s+(?:requested|invited))\b"
    r"|\b(?:les?|la|aux?)\s+(?:requérant|plaignant|représentant)\w*\s+(?:de|doi(?:t|vent)|à|sont\s+invités)"
    r"|\b(?:los|las)\s+representantes\s+(?:y|podrán|deberán|presenten)"
    r"|(?<!\w)(?:ا?لى\s+)?المدعي\w*\s+(?:ان|تقديم)",
    re.I,
)
STATE = lazy_pattern(r"\bstates?\b|\bétat\b|\bestado\b|\bgovernment\b|الدولة", re.I)
_ORDINAL = (
    r"(?:first|second|third|(?:twenty-|thirty-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|ninth)|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth"
    r"|twentieth|thirtieth|initial|\d{1,2}(?:st|nd|rd|th|e|ème|[ºªo°]))"
)
_FR = (
    r"(?:initial|premier|deuxième|troisième|quatrième|cinquième|sixième|septième|huitième|neuvième|dixième"
    r"|onzième|douzième|(?:vingt-\w+|\w+-\w+)ième|\w+ième|\d{1,2}e)"
)
_ES = (
    r"(?:inicial|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|s[ée]ptim[oa]|octav[oa]"
    r"|noven[oa]|décim[oa](?:\s+\w+)?|und[ée]cim[oa]|duodécim[oa]|vigésim[oa](?:\s+\w+)?|decim\w+|\d{1,2}[ºo°])"
)
_PT = (
    r"(?:inicial|primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|quint[oa]|sext[oa]|sétim[oa]|oitav[oa]|non[oa]"
    r"|décim[oa](?:\s+\w+)?|\d{1,2}[ºo°])"
)
_AR = r"(?:الاولي?|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر)(?:\s+عشر|\s+والعشرين)?"
COMBINED = tuple(
    lazy_pattern(pattern, re.I)
    for pattern in (
        rf"\b(?P<first>{_ORDINAL}(?:\s+and|,|\s+to|\s+through)\s+(?:{_ORDINAL}(?:\s+and"
        rf"|,)\s+)?{_ORDINAL})\s+(?:combined\s+)?(?:periodic\s+)?reports?",
        rf"\b(?P<first>{_FR}(?:\s+et|,|\s+à)\s+(?:{_FR}\s+et\s+)?{_FR})\s+rapports?",
        rf"\b(?:rapports?\s+(?:périodiques?\s+)?(?:unique\s+)?(?:valant|combinés?)?"
        rf"|valant)\s*(?P<first>{_FR}(?:\s+et|,|\s+à)\s+(?:{_FR}\s+et\s+)?{_FR})",
        rf"\binformes?\s+(?:periódicos?\s+)?(?P<first>{_ES}(?:\s+y|,|\s+a)\s+(?:{_ES}\s+y\s+)?{_ES})",
        rf"\b(?P<first>{_ES}(?:\s+y|,|\s+a)\s+(?:{_ES}\s+y\s+)?{_ES})\s+informes?",
        rf"\b(?P<first>{_PT}(?:\s+e|,|\s+a)\s+(?:{_PT}\s+e\s+)?{_PT})\s+relatórios"
        rf"|\brelatórios\s+(?:periódicos\s+)?(?P<second>{_PT}\s+e\s+{_PT})",
        rf"(?:التقريرين|للتقريرين|تقريريها|تقاريرها|التقارير|للتقارير)\s+(?:الدوريين\s+|الدورية\s+"
        rf"|الدوري\s+)?(?P<first>{_AR}(?:\s+(?:الى)\s+|\s+و){_AR})",
    )
)
