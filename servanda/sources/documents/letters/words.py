"""Words by which letters of special procedures are read, in six languages: who asks, what for, and in what form.

Letters ask in many words, so that the readers go by position and layout first; these patterns only tell a request
from facts and courtesies.
"""

import re

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.paragraph_kinds import plain, sentences


def _any(*patterns: str) -> re.Pattern[str]:
    return lazy_pattern("|".join(patterns), re.I)


# At the start of a sentence: a polite request, an imperative, or a word that asks.
_POLITE = (
    r"(?:please|kindly|s[íi]rv(?:a|an)(?:n?se)?|por\s+favor|favor\s+(?:de\s+)?\w+r|veuillez|pri[èe]re\s+de|merci\s+de"
    r"|queiram?|solicita-se|(?:le\s+|les\s+)?(?:rogamos|ruego)|tengan?\s+a\s+bien|nous\s+(?:vous\s+)?prions"
    r"|просьба|просим|пожалуйста|[وف]?(?:يرجى|نرجو|ارجو|الرجاء|رجاء|نلتمس|تفضلوا\s+ب(?!قبول))|请)"
)
_IMPERATIVE = (
    r"(?:provide|indicate|describe|explain|clarify|specify|state|give|share|outline|elaborate|inform|confirm|detail"
    r"|comment|list|identify|set\s+out|submit|supply|furnish|advise|let\s+us\s+know|tell\s+us|address|disclose|attach"
    r"|summari[sz]e|report|send|enclose|say|name|account\s+for"
    r"|indique[rz]|fourni(?:r|ssez)|précise[rz]|explique[rz]|décri(?:re|vez)|donne[rz]|communique[rz]|transmett(?:re|ez)"
    r"|expose[rz]|présente[rz]|commente[rz]|détaille[rz]|dire|dites|énumére[rz]|clarifie[rz]|partage[rz]|informe[rz]"
    r"|confirme[rz]|justifie[rz]|joi(?:ndre|gnez)|faire\s+(?:part|connaître|savoir)|faites|rendre\s+compte"
    r"|(?:proporcion|indi|expli|inform|detall|aclar|precis|facilit|señal|especifi|compart|present|coment|confirm|adjunt"
    r"|justifi|report|ampl[ií]|clarifi)(?:en?|quen?|an?|que|ar|ir|íe|r)|describ(?:an?|ir)|remit(?:an?|ir)|suministr(?:en?|ar)"
    r"|expon(?:gan?|er)|dig(?:an?)|rind(?:an?)|haga(?:n)?\s+(?:llegar|saber)"
    r"|forne(?:ça|cer|çam)|expli(?:que|car)|descrev(?:a|er)|esclare(?:ça|cer)|detalh(?:e|ar)|apresent(?:e|ar)|encaminh(?:e|ar)"
    r"|envi(?:e|ar|en)|compartilh(?:e|ar)|especifi(?:que|car)|comunique(?:n)?"
    r"|укажите|опишите|представьте|сообщите|поясните|разъясните|уточните|объясните|предоставьте|прокомментируйте"
    r"|[و]?(?:بيان|توضيح|تقديم|موافاتنا|تزويدنا|افادتنا|اطلاعنا|ابلاغنا|شرح|ذكر|تحديد|وصف|اشرحوا|بينوا|وضحوا|صفوا|اذكروا"
    r"|حددوا|قدموا|افيدونا|اطلعونا|زودونا|اوضحوا))"
)
_QUESTION_WORD = (
    r"(?:what|which|how|why|whether|when|where|who|whose|whom|if|has|have|had|is|are|was|were|do|does|did|will|would|can"
    r"|could|on\s+(?:what|which)|in\s+(?:what|which)|under\s+(?:what|which)|to\s+what|by\s+(?:what|whom)|for\s+what|at\s+what"
    r"|quel(?:le)?s?|comment|pourquoi|combien|est-ce|où|quand|qui|que|qu[’']|si|sur\s+quel(?:le)?|dans\s+quel(?:le)?|en\s+quoi"
    r"|à\s+quel(?:le)?|pourriez|pouvez|pour\s+quel(?:le)?s?|de\s+quel(?:le)?s?|lesquel"
    r"|qué|cuál(?:es)?|cómo|por\s+qué|cuánt[oa]s?|dónde|cuándo|quién(?:es)?|podría|con\s+qué|en\s+qué|de\s+qué|a\s+qué"
    r"|bajo\s+qué|qual|quais|como|por\s+que|quant[oa]s|onde|quando|quem|se|poderia"
    r"|какие|какой|какая|каков\w*|как|почему|сколько|когда|где|кто|были|был|имеет"
    r"|[وف]?(?:هل|ما|ماذا|كيف|لماذا|متى|اين|كم|اي|باي|على\s+اي|في\s+اي|الى\s+اي|لاي|علام|ما\s+اذا))"
)
_OPENS = r"^[^\w¿]*"
ASKS_AT_START = _any(rf"{_OPENS}¿", rf"{_OPENS}(?:{_POLITE}|{_IMPERATIVE}|{_QUESTION_WORD})(?!\w)")
ASKS_POLITELY = _any(rf"(?<!\w)(?:{_POLITE})(?!\w)")
REVERSED = lazy_pattern(r"\s([.:،؛؟])(?=[\u0600-\u06ff])")
LEADING = lazy_pattern(r"^[.:،؛]\s?(?=[\u0600-\u06ff])")
SIGN = lazy_pattern(r"[?？؟]")
AT_END = lazy_pattern(r"[?？؟]\W{0,2}$")
QUOTED = lazy_pattern(r"[“«\"„][^”»\"]*[?？؟][^”»\"]*(?:[”»\"]|$)|[?？؟]\s?[,،]")
# A question of someone else that is told without quotation marks: "One of them wondered: who will feed us?"
ASKED_BY_OTHERS = _any(
    r"(?<!\bwe\s)(?<!\bi\s)\b(?:asks?|asked|wonder(?:s|ed)?|told\s+\w+|said|says|cried|shouted|wrote)(?:\s+\w+){0,2}\s*:\s*[^:.]*[?]",
    r"\b(?:demand(?:ait|aient|a|ent|èrent)|s[’']interroge\w*|disait|disent|écrivait|écrit|lançait|confiait)(?:\s+\w+){0,2}\s*:\s*[^:.]*[?]",
    r"\b(?:pregunt(?:aba|aban|ó|a|an|aron)|dijo|dijeron|decía|dice|exclam\w+|escribió|perguntou|perguntava\w*|disse)(?:\s+\w+){0,2}\s*:\s*[^:.]*[?]",
    r"(?<!\w)[وف]?(?:تسال|يسال|سالت?|سالوا|تتساءل|يتساءل|تساءل\w*|قالت?|قالوا|تقول|يقول|كتبت?)(?:\s+\w+){0,2}\s*:\s*[^:.]*[؟?]",
)
# The words before what the authors wish to know, in a sentence that lists several matters.
BEFORE_MATTERS = lazy_pattern(
    r"^.*?\b(?:know|learn|understand|hear|told|explain|indicate|clarify|specify|savoir|connaître|indiquer|préciser|expliquer"
    r"|saber|conocer|indi(?:car|que)|aclar(?:ar|e)|expli(?:car|que)|precis(?:ar|e)|conhecer|esclarecer)(?:nos|me)?\b"
    r"(?:\s*,\s*(?:in\s+particular|among\s+others?|en\s+particul(?:ar|ier)|notamment|entre\s+otras\s+cosas|em\s+particular)\s*,"
    r"|\s+(?:in\s+particular|also|also,|notamment|en\s+particul(?:ar|ier)|from\s+your\s+\w+|de\s+(?:su|votre)\s+gob?\w+))*\s+"
    r"|^.*?(?<!\w)(?:معرفة|[أا]ن\s+(?:[أا]عرف|نعرف|[أا]علم|نعلم)|[إا]فادت\w+\s+ب|توضيح|بيان)(?:\s+من\s+\w+|\s+على\s+وجه\s+الخصوص)?\s+",
    re.I | re.S,
)
# "I would be interested to learn how", "Je vous saurais gré de me faire savoir si".
ASKS_INDIRECTLY = _any(
    r"\b(?:know|learn|hear|understand|tell\s+(?:me|us)|inform\w*(?:\s+(?:me|us))?|told|ascertain|be\s+clear)\s+(?:\w+\s+){0,2}?(?:how|what|whether|which|why|who|when|where|if|on\s+what|about)\b",
    r"\b(?:savoir|connaître|apprendre|comprendre|(?:m|nous\s)[’']?\s?(?:indiquer|informer|dire|préciser)|entendre)\s+(?:\w+\s+){0,2}?(?:si|comment|pourquoi|quel\w*|combien|où|quand|qui|dans\s+quel\w*|pour\s+quel\w*|ce\s+qu|sur|de\s+quel\w*)\b",
    r"\b(?:saber|conocer|entender|indicar\w*|informar\w*|conhecer|compreender)\s+(?:\w+\s+){0,2}?(?:si|cómo|qué|cuál\w*|cuánt\w*|por\s+qué|quién\w*|como|qual|quais|se|de\s+que|por\s+que|onde|quando|dónde|cuándo|quem|quant\w*)\b",
    r"(?<!\w)(?:معرفة|افادتي|افادتنا|اطلاعي|اطلاعنا|موافاتي|موافاتنا|ان\s+(?:اعرف|نعرف)|بيان|ابلاغي|ابلاغنا)\s+(?:ب?ما(?:\s+اذا)?|كيف\w*|هل|عما|باي|عن|ب)",
)
# "We ask it to state whether", "Your Government may wish to explain".
ASKS_TO = _any(
    r"(?:\b(?:government|authorities|you|it|company|state)\s+(?:may|might|would|could|should|is|are)\b"
    r"|\b(?:we|i)\s+(?:\w+\s+){0,2}?(?:ask|request|invite)\b)[^.;]{0,60}?\bto\s+(?:also\s+)?"
    r"(?:explain|state|clarify|indicate|describe|specify|comment|elaborate|confirm|detail|outline|set\s+out|disclose|say|tell|inform)\b",
    rf"\b(?:est|sont|pourrait|pourra|pourrai(?:t|ent)|nous|invit\w+|pri\w+|demand\w+)\b[^.;]{{0,60}}?\b(?:de|à)\s+{_IMPERATIVE}(?!\w)",
    rf"\b(?:pedimos|solicitamos|invitamos|rogamos|ruego|pido|agradec\w+|podría|poderia|agradeç\w+)\b[^.;]{{0,60}}?\b(?:que|a)\s+{_IMPERATIVE}(?!\w)",
    rf"(?<!\w)(?:الحكومة|حكومتكم|مدعوة|نطلب|ندعو|نلتمس)(?!\w)[^.؛]{{0,60}}?(?<!\w)(?:الى|ان|من)\s+{_IMPERATIVE}(?!\w)",
)
# In the third person: "The Working Group wishes to know why", but not "The family wishes to know".
_MANDATE_HOLDER = (
    r"(?:(?:the|el|la|los|las|le|les|l[’']|os?|as?)\s*)?(?:\w+\s+)?(?:working\s+group|(?:special\s+)?rapporteurs?|(?:independent\s+)?experts?|mandate[\s-]holders?"
    r"|undersigned|grupo\s+de\s+traba[jl]h?o|relator\w*|expert[oa]s?|perit[oa]s?|titulares|(?:abajo\s+)?firmantes?|suscrit[oa]s?"
    r"|groupe\s+de\s+travail|rapporteu\w+|experte?s?|titulaires|soussignée?s?)(?:\s+[^\s.,;:?]+){0,14}?\s+"
)
WISHES_TO_KNOW = _any(
    rf"^\W*(?:{_MANDATE_HOLDER})(?:also\s+|further\s+)?(?:wish(?:es)?|desires?|seeks?|would\s+like)\s+(?:also\s+)?to\s+(?:know|learn|understand|be\s+(?:told|informed))\b",
    rf"^\W*(?:{_MANDATE_HOLDER}|(?:(?:también|asimismo|igualmente|também)\s+)?)(?:desea[n]?|deseja[m]?|quiere[n]?|quer(?:em)?|quisiera[n]?|gostaria[m]?\s+de)\s+"
    r"(?:\w+\s+)?(?:saber|conocer|conhecer|entender|ser\s+informad[oa]s?)\b",
    rf"^\W*(?:{_MANDATE_HOLDER}|(?:il|elle|ils|elles)\s+)(?:\w+\s+)?(?:souhait\w+|désir\w+|voudrai(?:t|ent)|aimerai(?:t|ent))\s+"
    r"(?:\w+\s+)?(?:savoir|connaître|comprendre|être\s+informée?s?)\b",
    r"^\W*(?:كما\s+)?و?[تي](?:ود|ودون|رغب|رغبون)\s+(?:(?:ال)?(?:فريق|مقرر\w*|خبير\w*|مكلف\w*)(?:\s+[^\s.،؛:]+){0,14}?\s+)?(?:ايضا\s+)?(?:في\s+)?"
    r"(?:ان\s+[تي](?:عرف|علم|فهم|عرفوا|علموا)|معرفة)(?!\w)",
    r"^\W*و?(?:ال)?(?:فريق|مقرر\w*|خبير\w*|مكلف\w*)(?:\s+[^\s.،؛:]+){0,14}?\s+[تي](?:ود|ودون|رغب|رغبون)\s+(?:ايضا\s+)?(?:في\s+)?"
    r"(?:ان\s+[تي](?:عرف|علم|فهم|عرفوا|علموا)|معرفة)(?!\w)",
)
_CLOSE = (
    r"(?:famil(?:y|ies)|relatives|parents?|mothers?|fathers?|wi(?:fe|ves)|husbands?|sons?|daughters?|brothers?|sisters?|villagers|residents|victims?|lawyers?"
    r"|familles?|proches|mères?|pères?|épou(?:se|x)|fils|filles?|frères?|sœurs?|habitant\w+|riverain\w*|victimes?|avocat\w*"
    r"|familias?|familiares|madres?|padres?|espos[oa]s?|hij[oa]s?|herman[oa]s?|vecin[oa]s|habitantes|víctimas?|abogad[oa]s?|famílias?|mães?|pais?|filh[oa]s?)"
)
WISHED_BY_OTHERS = _any(
    rf"^\W*(?:\w++[’'\s]\s?){{0,3}}{_CLOSE}\s+(?:\w+\s+){{0,4}}?(?:wish(?:es)?|want(?:s|ed)?|souhait\w+|désir\w+|veu(?:t|lent)|dese(?:a|an|aba|aban|ja|jam)|quier\w+|quer(?:em)?)\s+"
    r"(?:\w+\s+){0,2}?(?:know|learn|told|savoir|connaître|saber|conocer|conhecer)\b",
)
# What the authors wish the reader to do for them: "We should like you to explain", "il est prié d’indiquer".
ANSWERS = _any(
    r"\b(?:explain|tell|inform(?:ed)?|clarify|indicate|know|learn|understand|describe|specify|detail|elaborate|outline)\b"
    r"|\b(?:expliqu\w+|inform(?:er|é|ée|és|ant)|dire|indiqu\w+|précis(?:er|e|ez)|savoir|connaître|éclair\w+|décri\w+)\b"
    r"|\b(?:expliq?\w+|inform(?:ar\w*|e|en)|saber|conocer|indi(?:car\w*|que)|precis(?:ar\w*|e)|aclar(?:ar\w*|e)|detall(?:ar\w*|e)"
    r"|conhecer|esclare\w+|descrev\w+|describ\w+)\b"
    r"|(?<!\w)(?:ان\s+)?(?:[تي]فيد\w*|افادت\w*|معرفة|(?:اعرف|نعرف|اعلم|نعلم)|بيان|توضيح|ابلاغ\w*|اطلاع\w*|[تي]بين\w*|[تي]وضح\w*|[تي]شرح\w*|شرح)(?!\w)"
)
OF_REPLY = lazy_pattern(
    r"\b(?:repl(?:y|ies)|respon(?:se|ses|d)|answers?|réponses?|répondre|respuestas?|respostas?)\b|(?<!\w)(?:ال)?رد(?:كم|ا)?(?!\w)",
    re.I,
)
LEAST_WORDS = 5
OPEN_MATTERS = lazy_pattern(
    r"\b(?:whether|why|on\s+what\s+grounds|pourquoi|por\s+qué|por\s+que)\b|(?<!\w)(?:لماذا|ما\s+اذا|اذا\s+ما)(?!\w)",
    re.I,
)
CONCERNED = _any(
    r"\b(?:concern(?:s|ed)?\s+(?:at|about|over|by|that|regarding|with)|(?:our|grave|serious|deep)\s+concerns?|alarm\w*|préoccup\w+|inquiét\w+"
    r"|inquiet\w*|preocup\w+|qualms)\b|(?:قلق|القلق|قلقنا|يساورنا)"
)
# Polite forms that ask for no answer: "Please accept", "Please note", "Veuillez agréer".
COURTESY = _any(
    r"^\W*(?:please|kindly)\s+(?:also\s+)?(?:accept|note|be\s+(?:advised|informed|assured)|find|see|refer|use|do\s+not|rest"
    r"|quote|address\s+(?:any|all|your)|direct\s+(?:any|all|your)|send\s+(?:your|any|the)\s+(?:repl|respon)|allow"
    r"|consult|keep|treat|disregard|quote|cite|mention\s+(?:this|the)\s+ref|consider|take\s+note|bear)\b",
    r"^\W*veuillez\s+(?:\w+\s+)?(?:agréer|accepter|recevoir|noter|trouver|croire|vous\s+référer|utiliser|consulter|rappeler"
    r"|mentionner|adresser|prendre\s+note)\b",
    r"^\W*(?:s[íi]rva(?:n)?se|por\s+favor|le\s+rogamos|rogamos|tenga\s+a\s+bien)\s*,?\s*(?:\w+\s+)?"
    r"(?:acept|tom(?:e|ar)\s+nota|encontr|not(?:e|ar)\b|consult|utili[cz]|recib|refer|ver\b|dirigir|citar|mencion)",
    r"^\W*(?:queiram?|por\s+favor)\s*,?\s*(?:vossa\s+\w+\s+)?(?:aceit|receb|not(?:e|ar)\b|encontr|consult|utili[zc]|refer)",
    r"^\W*[وف]?(?:يرجى|نرجو|تفضلوا|ارجو)\s+(?:التكرم\s+)?(?:ب?قبول|الرجوع|الاحاطة|العلم|الاطلاع|مراجعة|استخدام|ملاحظة|الاشارة"
    r"|ان\s+تتقبلوا|ذكر\s+(?:هذا|هذه)\s+(?:ال)?مرجع)",
    r"^\W*просим\s+(?:принять|обратить|вас\s+принять)",
)
# The authors ask for something.
REQUESTS = _any(
    r"\b(?:would|should|shall)\s+(?:\w+\s+){0,3}?(?:be|appreciate|welcome|like|wish|invite|request|ask)\b",
    r"\b(?:appreciat|grateful|thankful|oblig(?:ed|e)|indebted|pleased)\w*",
    r"\b(?:we|i)\s+(?:\w+\s+){0,3}?(?:request|ask|invite|seek|solicit|look\s+forward|wish|await|hope|expect|kindly|trust|call\s+for|put"
    r"|need|pose|raise|address|welcome)\b",
    r"\b(?:is|are|would\s+be)\s+(?:\w+\s+){0,2}?(?:requested|invited|asked|welcome|sought|expected|needed|appreciated)\b",
    r"\b(?:please|kindly|to\s+seek|seeking|assist\s+us|help\s+us|enable\s+us|allow\s+us|to\s+receive|to\s+know|to\s+learn)\b",
    r"\b(?:reconnaissant|gré|obligée?s?|prions|prie|souhait\w+|voudri\w+|aimeri\w+|saurions|saurais|demand\w+|invit\w+"
    r"|apprécieri\w+|remerci\w+|heureu\w+|sollicit\w+|espér\w+|attend\w+|voudra\s+bien|prié|veuillez|merci\s+de|désir\w+)\b",
    r"\b(?:agradec\w+|rogamos|ruego|solicit\w+|pedi\w+|quisi[eé]r\w+|desear\w+|gustar[ií]a\w*|invit\w+|esper\w+|complac\w+"
    r"|apreciar\w+|s[íi]rva\w*|requer\w+|interesa|tenga\s+a\s+bien)\b",
    r"\b(?:agradeç\w+|agradecer\w+|grat[oa]s?|gostar[ií]a\w*|solicit\w+|pedimos|queira\w*|convid\w+|aguard\w+|desej\w+)\b",
    r"(?<!\w)[وفس]*(?:نكون|اكون|ن?رجو|ارجو|نود|اود|نامل|امل|نلتمس|نطلب|اطلب|ندعو|ممتن\w*|نقدر|نشكر\w*|نتطلع|يسرنا|يسعدنا|يرجى"
    r"|الرجاء|يهمن[يا]|نحث|نتوقع|يطلب|المطلوب)(?!\w)",
    r"призна\w+|просим|просьба|хотели\s+бы|хотел\w*\s+бы|прошу",
    r"请|感谢",
)
# What they ask for.
ANSWER = _any(
    r"\b(?:observations?|comments?|views?|information|clarif\w+|details?|particulars|questions?|matters|points|issues|answers?"
    r"|repl(?:y|ies)|respon\w+|cooperation|explan\w+|data|position|assistance|know|learn|queries|inquir\w+|enquir\w+|account"
    r"|documents?|reaction|feedback|input|elements|aspects|hear|attention\s+to)\b",
    r"\b(?:commentaires?|renseignements?|informations?|précisions?|éclaircissements?|détails?|questions?|points?|réponses?"
    r"|répondre|coopération|explications?|savoir|connaître|avis|éléments?|observations?|sujets|interrogations)\b",
    r"\b(?:observaciones|comentarios?|información|informaciones|aclaraciones|precisiones|detalles|preguntas?|cuestiones"
    r"|asuntos|puntos|respuestas?|respond\w+|contest\w+|cooperación|explicaci\w+|saber|conocer|datos|opini[oó]n\w*|elementos)\b",
    r"\b(?:observações|comentários?|informaç\w+|esclarecimentos?|detalhes|perguntas?|questões|assuntos|pontos|respostas?"
    r"|responder|cooperação|explicaç\w+|saber|conhecer|dados)\b",
    r"(?:ملاحظات|تعليق|معلومات|توضيح|ايضاح|تفاصيل|اسئل[ةه]|سؤال|مسائل|نقاط|قضايا|رد\b|ردكم|ردا|ردود|اجاب|تعاون|معرفة|بيانات|راي|اراء)",
    r"замечани\w+|комментари\w+|информаци\w+|сведени\w+|разъяснени\w+|вопрос\w*|ответ\w*|мнени\w+",
    r"意见|信息|资料|问题|答复|澄清",
)
# Measures, not answers: "We urge your Government to:".
URGES = _any(
    r"\b(?:urg(?:e|es|ing)|call(?:s|ing)?\s+(?:up)?on|recommend\w*|appeal(?:s|ing)?\s+to|implore|exhort\w*|remind\w*|recall\w*"
    r"|refer\s+to|draw\s+(?:\w+\s+){0,3}?attention)\b",
    r"\b(?:exhort\w+|engage\w+|appel(?:ons|le)\b|recommand\w+|rappel(?:ons|er|le)|inst(?:amos|o|ar)\b|recom(?:end|iend)\w+"
    r"|hacemos\s+un\s+llamamiento|record(?:amos|ar)|apel(?:amos|ar)|lembr\w+)\b",
    r"(?<!\w)[و]?(?:نحث|نناشد|نوصي|نهيب|نذكر|نود\s+ان\s+نذكر|نشير|نسترعي)(?!\w)",
    r"призываем|рекомендуем|напоминаем",
)
BELOW = _any(
    r"\b(?:following|below|as\s+follows|these|hereunder|(?:what|which|that)\s+follows|suivant\w*|ci-(?:après|dessous)|qui\s+suit|siguientes?|continuación"
    r"|seguintes?|abaixo)\b",
    r"(?:التالي\w*|الاتي\w*|ما\s+يلي|ادناه|следующ\w+|ниже|以下|如下)",
)
TOLD = _any(
    r"\b(?:according\s+to\s+(?:the\s+)?(?:information|allegations|source)|information\s+(?:that\s+)?(?:we\s+have\s+)?received"
    r"|selon\s+les\s+(?:informations|allégations|renseignements)|informations?\s+reçues?|de\s+acuerdo\s+con\s+la\s+información"
    r"|según\s+(?:la\s+información|las\s+alegaciones|los\s+informes)|información\s+recibida|segundo\s+as\s+informações"
    r"|de\s+acordo\s+com\s+as\s+informações|it\s+is\s+(?:alleged|reported)|allegedly|reportedly|attention\s+(?:of|to)\s+your"
    r"|names?\s+of|victims?\s+(?:are|is))\b",
    r"(?:وفقا\s+للمعلومات|بحسب\s+المعلومات|حسب\s+المعلومات|المعلومات\s+الواردة|согласно\s+(?:полученн|информаци))",
)
# What the authors have to say themselves: "We wish to make the following comments on the bill:".
TELLS = _any(
    r"\b(?:like|wish|want|hope|permit\s+us|allow\s+us|liberty)\s+(?:also\s+|therefore\s+|first\s+)?(?:to|of)\s+(?:\w+\s+){0,2}?"
    r"(?:highlight\w*|express\w*|stress\w*|underlin\w*|underscor\w*|emphasi[sz]\w*|note|point\s+out|mak(?:e|ing)|offer\w*|shar(?:e|ing)"
    r"|convey\w*|submit\w*|present\w*|provid\w*|bring\w*|draw\w*|inform\w*|refer\w*|recall\w*|remind\w*|reiterat\w*|set\s+out"
    r"|outlin\w*|raise\s+(?:the\s+)?(?:following\s+|several\s+|some\s+)?(?:\w+\s+)?concerns?)",
    r"\b(?:souhait\w+|voudri\w+|tenons\s+à|désirons|permet\w+\s+de)\s+(?:\w+\s+)?(?:souligner|exprimer|rappeler|attirer|formuler"
    r"|présenter|porter|signaler|faire\s+part\s+de\s+nos|vous\s+informer|partager|réitérer)",
    r"\b(?:quisi[eé]r\w+|desea\w+|gustaría|queremos|gostar[ií]a\w*)\s+(?:\w+\s+)?(?:señalar|subrayar|destacar|expresar|llamar|recordar"
    r"|formular|presentar|compartir|informarle|reiterar|poner|hacer|sublinhar|expressar|chamar|lembrar|apresentar|trazer)",
    r"(?<!\w)(?:نود|نرغب\s+في|اود)\s+(?:ان\s+)?(?:نعرب|نشدد|نوكد|نلفت|نذكر|نشير|نسترعي|نبدي|نقدم|نحيط)",
)
OWN_ANSWER = _any(
    r"\b(?:questions?|clarif\w+|repl(?:y|ies)|respon(?:se|d)\w*|answers?|explan\w+)\b"
    r"|\byour?\s+(?:\w+\W+){0,4}?(?:observations?|comments?|views?)\b",
    r"\b(?:réponses?|répondre|éclaircissements?|précisions|interrogations)\b|\b(?:vos|votre)\s+(?:\w+\s+)?(?:observations?|commentaires?|avis)\b",
    r"\b(?:preguntas?|respuestas?|aclaraciones|perguntas|respostas?|esclarecimentos)\b"
    r"|\b(?:sus?|vuestr[oa]s?|suas?|seus?|vossas?)\s+(?:\w+\s+)?(?:observaciones|comentarios|opini\w+|observações|comentários)\b",
    r"(?:اسئل[ةه]|سؤال|رد\b|ردكم|ردود|توضيح|ملاحظاتكم|تعليقاتكم|ايضاح)",
)
HEADING_OF_QUESTIONS = _any(
    r"^\W*(?:[A-Z\d]{1,3}[.)]\s*)?(?:(?:specific\s+|our\s+)?questions?(?:\s+(?:to|for|put|addressed|asked)\b.*)?"
    r"|(?:information|clarifications?)\s+(?:requested|sought)|requests?\s+for\s+(?:information|clarification).*"
    r"|questions?\s+(?:au|posées|adressées)\b.*|demandes?\s+d[’'](?:informations?|éclaircissements?).*"
    r"|renseignements\s+demandés|preguntas?(?:\s+(?:al|para|dirigidas)\b.*)?|información\s+solicitada|solicitud\s+de\s+información.*"
    r"|perguntas(?:\s+.*)?|informações\s+solicitadas|(?:ال)?اسئل[ةه](?:\s+.*)?|المعلومات\s+المطلوبة|вопросы)\W*$"
)
# The letter itself is closed, published or followed by others.
CLOSES = _any(
    r"\b(?:this|the\s+present|our)\s+(?:letter|communication|(?:joint\s+)?urgent\s+appeal|allegation\s+letter)\b",
    r"\b(?:made\s+public|publicly\s+express|press\s+release|websites?|interim\s+measures|highest\s+consideration|sincerely"
    r"|faithfully|respectfully|undertake\s+to)\b",
    r"\b(?:cette|la\s+présente|notre)\s+(?:lettre|communication)\b|\b(?:rendue?s?\s+publi\w+|communiqué\s+de\s+presse"
    r"|haute\s+considération|mesures\s+provisoires|salutations)\b",
    r"\b(?:esta|la\s+presente|nuestra|a\s+presente)\s+(?:carta|comunicación|comunicação)\b|\b(?:hará\w*\s+públic\w+"
    r"|comunicado\s+de\s+prensa|más\s+alta\s+consideración|distinguida\s+consideración|medidas\s+provisionales|atentamente"
    r"|elevada\s+consideração|atenciosamente|tornad\w+\s+públic\w+)\b",
    r"(?:هذه\s+الرسالة|هذا\s+النداء|للجمهور|بيان\s+صحفي|فائق\s+(?:ال)?(?:تقدير|احترام)|اسمى\s+(?:ايات|عبارات)|تدابير\s+مؤقتة)",
)
# What answers the letter, in a sentence with a time for it.
REPLY = _any(
    r"\b(?:respon(?:d\w*|se\w*)|repl(?:y|ies|ying|ied)|answer\w*|hear(?:ing)?\s+(?:back\s+)?from|observations?|comments?|feedback|reaction"
    r"|information|clarif\w+|receiv\w+|reach\s+us|returned?|submi\w+|transmit\w*|deadline|time[\s-]?limit)\b",
    r"\b(?:répon\w+|observations?|commentaires?|renseignements?|informations?|parvenir|recevoir|retour|délai|échéance|vous\s+lire|de\s+vos\s+nouvelles)\b",
    r"\b(?:respuestas?|respond\w+|contest\w+|observaciones|comentarios|información|recibir\w*|llegar|plazo|remit\w+|envi\w+"
    r"|respostas?|comentários|observações|informações|receber|prazo)\b",
    r"(?:رد\b|ردكم|ردا\b|ردود|الرد|اجاب|ملاحظات|تعليقات|موافاتنا|معلومات|نتلقى|تلقي|المهلة|مهلة|يصلنا|وصلن|جواب)",
    r"ответ\w*|получить|срок\w*|замечани\w+|答复|回复",
)


SENTENCES = lazy_pattern(r"(?<=[.?!؟。])\s+(?=[^\W\d_a-zà-ÿ])")


def straight(text: str) -> str:
    """The text with the stops of Arabic sentences behind them; some PDF files put them before the next word."""
    return REVERSED.sub(r"\1 ", LEADING.sub("", text))


def flat(text: str) -> str:
    """The text for these patterns: without vowel signs, and one letter for the forms of alif."""
    return plain(text).translate(str.maketrans("أإآٱ", "اااا"))


def asks_in_form(text: str) -> bool:
    """Whether an item or a paragraph is a question or a polite request, by its sign or the words that open one of its
    sentences."""
    words = flat(text)
    if COURTESY.match(words):
        return False
    if SIGN.search(words):
        return True
    return any(ASKS_AT_START.match(part) and not COURTESY.match(part) for part in sentences(words)[:2])


def asks_in_prose(text: str) -> bool:
    """Whether a sentence without a mark asks the reader: by its sign, if no one else is quoted, or in polite or
    indirect words."""
    words = flat(text)
    if COURTESY.match(words) or is_of_others(words):
        return False
    if AT_END.search(words):
        return True
    is_indirect = REQUESTS.search(words) is not None and ASKS_INDIRECTLY.search(words) is not None
    is_indirect = is_indirect or ASKS_TO.search(words) is not None
    is_indirect = is_indirect or (REQUESTS.search(words) is not None and OPEN_MATTERS.search(words) is not None)
    is_indirect = is_indirect or asks_for_answer(words) or WISHES_TO_KNOW.search(words) is not None
    if is_indirect and (TOLD.search(words) or CONCERNED.search(words) or measures_only(words)):
        return False
    return is_indirect or (ASKS_POLITELY.search(words) is not None and not TELLS.search(words))


def is_of_others(words: str) -> bool:
    """Whether the question is quoted or told: not the authors put it to the State."""
    return any(pattern.search(words) for pattern in (QUOTED, ASKED_BY_OTHERS, WISHED_BY_OTHERS))


def asks_for_answer(words: str) -> bool:
    """Whether the authors request that something be explained to them, and not only a reply."""
    is_asked = REQUESTS.search(words) is not None and ANSWERS.search(words) is not None
    is_about_reply = OF_REPLY.search(words) or TELLS.search(words) or BELOW.search(words) or CLOSES.search(words)
    return is_asked and not is_about_reply and len(words.split()) >= LEAST_WORDS


def announces_questions(text: str) -> bool:
    """Whether a paragraph requests what the items below it are about: by its last sentences, or as a heading."""
    words = flat(text)
    if HEADING_OF_QUESTIONS.match(words):
        return True
    last = request_in(words)
    if (TOLD.search(last) or TELLS.search(last)) and not OWN_ANSWER.search(last):
        return False
    if not (REQUESTS.search(last) and ANSWER.search(last)):
        return False
    return bool(BELOW.search(last) or last.rstrip().endswith((":", "：", "–", "—"))) and not measures_only(last)


def request_in(words: str) -> str:
    """The last sentence, with the one before it where it does not itself request anything."""
    parts = SENTENCES.split(words)
    return parts[-1] if REQUESTS.search(parts[-1]) else " ".join(parts[-2:])


def measures_only(words: str) -> bool:
    """Whether it urges measures and asks no question: "We urge your Government to take the following steps:"."""
    urged = URGES.search(words)
    return urged is not None and not re.search(
        r"question|pregunta|pergunta|اسئل|вопрос|observ|comment|respon|répon", words, re.I
    )
