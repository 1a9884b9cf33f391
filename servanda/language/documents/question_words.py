"""Words by which lists of questions are read: what asks, what only speaks of the reply, what is no question at all.

Six languages of the United Nations and Portuguese; the words are those of published lists and questionnaires.
"""

import re

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.paragraph_kinds import sentences


def _any(*patterns: str) -> re.Pattern[str]:
    return lazy_pattern("|".join(patterns), re.I)


QUESTION_SIGN = lazy_pattern(r"[?？؟]")
ASKS = _any(
    QUESTION_SIGN.pattern,
    r"\b(?:please|kindly|provide|indicate|describe|specify|explain|clarify|elaborate|outline|share|comment\s+on)\b",
    r"\b(?:state\s+whether|list\s+the|inform\s+the|report\s+on|update\s+the\s+committee|submit\s+(?:data|statistics))\b",
    r"\bgive\s+(?:details|information|examples)\b",
    r"\b(?:veuillez|prière|indiquer|indiquez|donner|fournir|fournissez|préciser|précisez|décrire|décrivez)\b",
    r"\b(?:expliquer|expliquez|exposer|commenter|citer|présenter|communiquer|rendre\s+compte|partagez|répondre)\b",
    r"\bdire\s+(?:si|quelles?)\b",
    r"\b(?:s[íi]rvan?se|indi(?:que|quen|car)|proporcion(?:e|en|ar)|facilit(?:e|en|ar)|describ(?:a|an|ir))\b",
    r"\b(?:expli(?:que|quen|car)|especifi(?:que|quen|car)|aclar(?:e|en|ar)|informen|coment(?:e|en|ar))\b",
    # and not the noun: "el informe", "un informe inicial"
    r"\b(?<!un\s)(?<!el\s)(?<!su\s)(?<!al\s)(?<!del\s)(?<!este\s)(?<!cho\s)(?<!cer\s)(?<!mer\s)(?<!ndo\s)(?<!nto\s)(?<!imo\s)(?<!nte\s)"
    r"informe\b(?!\s+(?:inicial|periódic|anterior|combinad|de\s+país|nacional))",
    r"\b(?:rogamos|por\s+favor|tenga\s+a\s+bien|amplíe|comparta)\b",
    r"\b(?:indíque|proporcióne|facilíte|explíque|especifíque|coménte|infórme|detálle|precíse|presénte|suminístre)n?se\b",
    r"\b(?:acláre|descríba|expónga|respónda|inclúya|señále|refiéra)n?se\b",
    r"\b(?:queiram?|forneçam?|descrevam?|expliquem?|esclareçam?|solicita-se)\b",
    r"\b(?:просьба|просим|пожалуйста|укажите|опишите|представьте|сообщите|поясните|разъясните|уточните)",
    r"\b(?:прокомментируйте|приведите|расскажите)",
    r"(?:يُ?رجى|الرجاء|نرجو|رجاءً?|يرجو|تفضلوا|بيِّنوا|صفوا|اشرحوا|اذكروا|قدموا|وضحوا|بيان\s+ما\s+إذا"
    r"|تدعو\s+اللجنة\s+الدولة\s+الطرف)",
    r"(?:(?<![中邀申聘提])请|中请(?:提供|说明|列|指|介绍|解释)|如何|是否|哪些|說明|説明|請)",
    # What a State says in a question to another State.
    r"\bwould\s+(?:be\s+grateful|appreciate|welcome|like\s+to\s+(?:know|ask|learn))|\bgrateful\s+for\b",
    r"\bagradecer(?:ía|íamos)\b|\b(?:souhaite|voudrait|aimerait)\w*\s+savoir|\bsaurait\s+gré",
    r"\bбыл[аи]?\s+бы\s+признательн|\bхотел[аи]?\s+бы\s+(?:знать|узнать)",
)
# What a committee asked before, and what became of it: "In its previous concluding observations, the Committee ..."
PREVIOUS = _any(
    r"\bprevious\s+(?:concluding\s+observations|recommendations)\b",
    r"\b(?:précédentes|dernières)\s+(?:observations\s+finales|recommandations)\b|\bobservations\s+finales\s+précédentes\b",
    r"\b(?:anteriores|últimas|previas)\s+(?:observaciones\s+finales|recomendaciones)\b|\bobservaciones\s+finales\s+anteriores\b",
    r"предыдущи\w+\s+(?:заключительн\w+\s+замечани|рекомендаци)",
    r"(?:الملاحظات\s+الختامية|ملاحظات\w*\s+الختامية|التوصيات|توصيات\w*)\s+السابقة",
    r"(?:以往|上次|上一次|前次|先前)(?:的)?(?:结论性意见|建议)",
)
THEMES = _any(
    r"\blists?\s+of\s+themes\b|\bliste\s+(?:de|des)\s+thèmes\b|\blista\s+de\s+temas\b",
    r"\bпереч\w+\s+тем\b|قائمة\s+(?:ال)?(?:مواضيع|موضوعات)|主题清单",
)
# What a committee does itself; it asks for something where the sentence has asked before: "Please describe how the
# recommendations that the Committee adopted were implemented."
OF_COMMITTEE = _any(
    r"\bthe\s+committee\s+(?:may|reserves|adopted|has\s+adopted|will|decided|intends)\b",
    r"\ble\s+comité\s+(?:pourra|peut|se\s+réserve|a\s+adopté|a\s+décidé)\b",
    r"\bel\s+comité\s+(?:podrá|puede|se\s+reserva|aprobó|decidió)\b",
    r"комитет\s+(?:может|оставляет|принял|вправе|постановил)",
    r"(?:يجوز|يمكن)\s+ل?لجنة|قد\s+تتناول\s+اللجنة|اعتمدت\s+اللجنة",
    r"委员会(?:可|可能|保留|通过了|决定)",
)
PROCEDURE = _any(
    OF_COMMITTEE.pattern,
    THEMES.pattern,
    # the procedure with a list that comes before the report
    r"\blists?\s+of\s+issues\b[^.]{0,80}?\b(?:may|to\s+be|will|shall|is)\s+(?:also\s+|then\s+)?(?:be\s+)?transmitted\b",
    r"\b(?:replies|responses)\b[^.]{0,120}?\bwill\s+constitute\b",
    r"\blistes?\s+de\s+points\b[^.]{0,80}?\b(?:est|être|peut|pourra|sera)\s+(?:\w+\s+){0,3}?(?:adressée|transmise|communiquée|envoyée)s?\b",
    r"\bréponses\b[^.]{0,120}?\b(?:constitueront|constitueraient|tiendront\s+lieu)\b",
    r"\blistas?\s+de\s+cuestiones\b[^.]{0,80}?\b(?:transmitir(?:á|se)?|transmitirse|remitir(?:á|se)?)\b|\btransmitirse\s+una\s+lista\b",
    r"\brespuestas\b[^.]{0,120}?\bconstituirán\b",
    r"переч\w+\s+вопросов[^.]{0,80}?препровожд|ответ\w+[^.]{0,120}?стан(?:ут|ет)\s+(?:его\s+)?доклад",
    r"(?:إحالة|تُ?حال|تحيل|ترسل|توجَّ?ه)\s+(?:\S+\s+){0,4}?قائمة\s+(?:ال)?(?:مسائل|قضايا)|قائمة\s+(?:ال)?(?:مسائل|قضايا)\s+(?:\S+\s+){0,4}?(?:تُ?حال|تُ?رسل)",
    r"(?:转交|发送|寄送|提交给)\S{0,12}问题清单|问题清单\S{0,8}(?:转交|发送给|提交给)|答复\S{0,12}构成\S{0,12}报告",
    r"\b(?:answer|respond\s+to|complete|fill\s+in)\s+(?:only\s+)?(?:the|all|any|as\s+many|this|these|each)\b[^.]{0,40}?\b(?:questions?|questionnaire)\b",
    r"\bduring\s+the\s+(?:constructive\s+)?dialogue\b|\b(?:may|will)\s+take\s+up\b|\bwords?\s+(?:limit|maximum)",
    r"\bnot\s+exceed\b|\bmaximum\s+of\s+[\d,. ]+\s+(?:words|pages)",
    r"\b(?:replies|responses|submissions|inputs?|answers|contributions|questionnaires?)\s+"
    r"(?:should|must|may|are\s+to|can|to\s+be)\b",
    r"\b(?:send|submit|e-?mail|return)\s+(?:\w+\s+){0,5}"
    r"(?:replies|responses|submissions?|answers|inputs?|questionnaire|contributions?|report)\b",
    r"\b(?:submit|submitted|transmit\w*)\s+(?:in\s+writing|its\s+repl|additional,?\s+updated)",
    r"\bau\s+cours\s+du\s+dialogue\b",
    r"\bne\s+(?:doi|dev)\w+\s+pas\s+(?:dépasser|excéder)",
    r"\b(?:réponses|contributions|communications)\s+(?:doivent|devront|devraient|peuvent|sont\s+à|seront)\b",
    r"\b(?:envoyer|adresser|transmettre|renvoyer|soumettre|faire\s+parvenir)\s+(?:\w+\s+){0,4}"
    r"(?:réponses|contributions|questionnaire|communications)\b|\bsoumettre\s+par\s+écrit\b",
    r"\bdurante\s+el\s+diálogo\b",
    r"\bno\s+(?:deberán?|debe[n]?)\s+(?:exceder|superar|sobrepasar)",
    r"\b(?:respuestas|contribuciones|aportaciones|comunicaciones)\s+"
    r"(?:deberán?|deben|podrán|pueden|se\s+(?:enviarán|remitirán))\b",
    r"\b(?:enviar|envíen?|remitan?|remitir|presentar)\s+(?:\w+\s+){0,4}"
    r"(?:respuestas|contribuciones|aportaciones|cuestionario)\b|\bpresent(?:ar|e)\s+por\s+escrito\b",
    r"в\s+ходе\s+(?:конструктивного\s+)?диалога",
    r"не\s+долж\w+\s+превышать|(?:ответы|материалы|сообщения)\s+(?:следует|должны|необходимо|просим|могут)",
    r"(?:направ|представ)\w+\s+(?:\w+\s+){0,4}(?:ответы|материалы)",
    r"в\s+письменн\w+\s+(?:виде|форме)\s+(?:дополнительн|обновл)",
    r"(?:أثناء|خلال)\s+الحوار|(?:لا|ألا)\s+[يت]تجاوز",
    r"(?:تُ?رسل|إرسال|تقدَّم|تُقدَّم|موافاة|ينبغي\s+(?:إرسال|تقديم))\s+(?:\w+\s+){0,4}"
    r"(?:الردود|المساهمات|الإجابات|الاستبيان)|(?:تقدم|تقديم)\s+كتابةً?|كتابةً?\s+معلومات",
    r"对话期间|在对话中|不(?:应|得|要)?超过",
    r"(?:提交|发送|寄送|发至)\S{0,12}(?:答复|材料|意见|问卷)|书面提交",
    r"(?:答复|材料|意见|问卷)\S{0,6}(?:应|请|须)\S{0,6}(?:提交|发送|发至)",
)
_NOTICE = (
    r"(?:background|context|purpose|objectives?|aims?|scope|introduction|instructions?|guidelines|submissions?|sending|deadline"
    r"|confidentiality|publication|definitions?|contexte|objectifs?|objet|introduction|modalités|date\s+limite|consignes"
    r"|confidentialité|publication|définitions?|antecedentes|contexto|objetivos?|propósito|introducción|plazos?"
    r"|confidencialidad|publicación|instrucciones|definiciones|definición|envoi|soumission|envío|presentación|remisión"
    r"|справочная\s+информация|контекст|цел[ьи]|введение|порядок|срок|конфиденциальность|инструкции|указания|определения"
    r"|общие\s+сведения|представление|направление|подача|(?:ال)?تقديم|(?:ال)?إرسال"
    r"|(?:ال)?معلومات\s+أساسية|(?:ال)?خلفية|(?:ال)?سياق|(?:ال)?غرض|(?:ال)?هدف|(?:ال)?مقدمة|(?:ال)?موعد\s+النهائي"
    r"|(?:ال)?سرية|(?:ال)?تعليمات|(?:ال)?تعاريف"
    r"|背景|目的|导言|引言|截止(?:日期)?|保密|填写说明|说明|定义)"
)
# What a questionnaire calls itself, and what it collects.
_COLLECTED = (
    r"(?:call|questionnaire|survey|consultation|study|terms?|inputs?|contributions?|submissions?|responses?|replies|comments"
    r"|personal\s+data|appel|étude|termes|réponses|cuestionario|consulta|estudio|términos|respuestas|contribuciones"
    r"|aportaciones|presentación|datos\s+personales|опросник\w*|анкет\w*|ответов|материалов|представления|подачи|استبيان"
    r"|الاستبيان|المساهمات|الردود|البيانات\s+الشخصية)"
)
_OF = r"(?:\s+(?:of|to|for|du|des|de|del|la|le|les|el|los|las|the|this|these|your|our|من))*\s+(?:l[’']|d[’'])?"
# Only a heading that consists of nothing else: below "Purpose and general obligations", "Definition of the child" and
# "Treatment of persons deprived of their liberty" committees ask their questions.
NO_QUESTIONS_BELOW = lazy_pattern(
    r"^\W*(?:(?:[A-Z]|[IVX]+|\d+)\s?[.)]\s*)?(?:"
    rf"{_NOTICE}(?:(?:\s*[,&/]\s*|\s+(?:and|et|y|e|и|و)\s*|\s+و|和|与|及){_NOTICE})*"
    rf"(?:\W*$|{_OF}{_COLLECTED}\b)"
    rf"|(?:treatment|processing|traitement|tratamiento|обработка|معالجة){_OF}{_COLLECTED}\b|background\s+information\W*$"
    r"|(?:提交|材料提交|答复提交)(?:方式|材料|答复|资料)?\W*$"
    r"|how\s+(?:and\s+where\s+)?to\s+(?:submit|respond)|how\s+(?:inputs?|responses|contributions)\s+will\s+be\b|next\s+steps\W*$|about\s+(?:this|the)\b|terms?\s+used"
    r"|comment\s+(?:soumettre|répondre)|cómo\s+(?:enviar|presentar|responder)|كيفية\s+(?:تقديم|إرسال|الرد)"
    r"|(?:本|此)?(?:问卷|调查)(?:的)?目的|如何提交|提交方式)",
    re.I,
)
PART = lazy_pattern(
    r"^\W*(?:(?:part|partie|parte|часть|(?:ال)?جزء|(?:ال)?باب)\s+(?:[IVX]+|\d|[A-D]|one|two|three|four|un|une|deux|trois"
    r"|primera|segunda|tercera|uma?|dois|duas|três|первая|вторая|третья|ال\w+)|第[一二三四1-4]部分)\W*$",
    re.I,
)
FOOTNOTE = lazy_pattern(
    r"^(?:\*{1,3}|\d{1,2}\.)\s*[^。？\n]{1,60}通过。?$"
    r"|^\d{1,2}\.\s*(?:adopted|adoptée?s?|aprobad[oa]s?|принят[оаы]?|اعتمدت\w*)\s"
    r"|^\*{1,3}\s*(?:adopted|adoptée?s?|aprobad[oa]s?|aprovad[oa]s?|принят|اعتمد|通过|the\s+present|le\s+présent|el\s+presente"
    r"|issued|reissued)"
    r"|^\d{1,2}\.?\s+[A-Z]{1,5}(?:/[\w.-]+){2,}[^\w]*(?:,\s*\S{1,8}\s[\d\s(),.a-zуиy–-]{1,40})?$"
    r"|^\d{1,2}\s+(?:[A-Z]{1,5}(?:/[\w.]+){2,}|(?:see|ibid|voir|véase|см)\b|the\s+issues\s+raised\s+under)",
    re.I,
)
ENDS = lazy_pattern(
    r"^\W*(?:annex(?:es)?\b|annexe\b|anexo\b|приложение|(?:ال)?مرفق|附件|thank\s+you|nous\s+vous\s+remerci"
    r"|muchas\s+gracias|благодарим|شكر|谢谢|感谢)",
    re.I,
)
TRANSLATION = _any(
    r"^\W*(?:informal|unofficial|courtesy)\s+translation",
    r"^\W*traduc\w+\s+(?:no\s+oficial|informal|non\s+officielle)",
)
QUESTIONS_TO = lazy_pattern(r"^\W*(?:advanced?|additional)\s+questions\s+(?:to|for)\s+(?=\S)", re.I)
_ANSWER = (
    r"(?:answer|response|reply|réponse|respuesta|resposta|ответ"
    r"|(?:ال)?(?:إجابة|رد|جواب)|اإلجابة|答复|答案|回答)"
)
ANSWER_BEHIND = lazy_pattern(rf"(?<=[.?!؟。？;])\s*{_ANSWER}\s?[:：][\s._…]*$", re.I)
ANSWER = _any(
    rf"^\W*{_ANSWER}\W*$",
    r"^[\s._…·☐□○●-]+$",
)
CHOICE = lazy_pattern(r"^\s*[☐□○◯]\s*\S")
NUMBER_COLUMN = lazy_pattern(
    r"^\W*(?:no\.?|n[°º.]|núm\.?|№|nr\.?|#|(?:ال)?رقم|序号|编号|номер|numéro|número)\W*$", re.I
)


def asks(text: str) -> bool:
    """Whether a paragraph asks for an answer in substance, and not for the reply as such."""
    first = text.split("\n")[0]
    if QUESTION_SIGN.search(text) or not speaks_of_procedure(first):
        return ASKS.search(text) is not None
    return any(ASKS.search(part) and not speaks_of_procedure(part) for part in sentences(first))


def speaks_of_procedure(line: str) -> bool:
    """What the committee did is procedure unless the line asks for something before it says so."""
    request = ASKS.search(line)
    return any(
        request is None or match.start() < request.start() or not OF_COMMITTEE.fullmatch(match[0])
        for match in PROCEDURE.finditer(line)
    )
