"""Recognises what decides the meaning of a recommendation in any language: treaties, right holders, strength,
direction.

Each entry of the tables is one idea: its name, followed by the words that express it in English, Spanish, French,
Portuguese, Arabic and Russian, normalised like `stems.fold`. The tables were compiled by hand. Ideas that are not in
them are not recognised, and then only the similarity of the texts counts.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from servanda.language.words.stems import fold


class Kind(StrEnum):
    NUMBER = "number"
    TREATY = "treaty"
    NEGATION = "negation"
    DIRECTION = "direction"  # abolish, maintain, increase, reduce
    STRENGTH = "strength"  # consider, continue, begin
    HOLDER = "holder"  # women, children, migrants
    PLACE = "place"  # rural, urban, primary, secondary
    WORD = "word"  # any other word


@dataclass(frozen=True, slots=True)
class Idea:
    kind: Kind
    name: str
    start: int  # first and last word, counted in the text
    end: int


_TREATIES = r"""
cat: convention against torture|torture convention|convencion contra la tortura|convention contre la torture
 |convencao contra a tortura|اتفاقيه مناهضه التعذيب|لاتفاقيه مناهضه التعذيب|конвенц\w+ против пыток|cat|uncat
 |op ?cat
iccpr: civil and political|derechos civiles y politicos|droits civils et politiques|direitos civis e politicos
 |الحقوق المدنيه والسياسيه|بالحقوق المدنيه والسياسيه|гражданских и политических|iccpr|pidcp|мпгпп
icescr: economic social and cultural|derechos economicos sociales y culturales
 |droits economiques sociaux et culturels
 |direitos economicos sociais e culturais|الحقوق الاقتصاديه والاجتماعيه والثقافيه
 |بالحقوق الاقتصاديه والاجتماعيه والثقافيه
 |экономических социальных и культурных|icescr|pidesc|мпэскп|op ?icescr
cedaw: discrimination against women|discriminacion contra la mujer|discrimination a l egard des femmes
 |discriminacao contra as mulheres|التمييز ضد المراه|дискриминации в отношении женщин|cedaw|cedef
cerd: elimination of all forms of racial discrimination|eliminacion de todas las formas de discriminacion racial
 |elimination de toutes les formes de discrimination raciale|eliminacao de todas as formas de discriminacao racial
 |القضاء علي جميع اشكال التمييز العنصري|ликвидации всех форм расовой дискриминации|i?cerd|cierdr
crc: rights of the child|child s rights|children s rights|rights of children|derechos del nino|droits de l enfant
 |direitos da crianca|حقوق الطفل|правах ребенка|crc
crpd: rights of persons with disabilities|derechos de las personas con discapacidad|droits des personnes handicapees
 |direitos das pessoas com deficiencia|حقوق الاشخاص ذوي الاعاقه|правах инвалидов|crpd|cdpd|cdph
ced: from enforced disappearance|contra las desapariciones forzadas|contre les disparitions forcees
 |contra (?:as desaparicoes forcadas|o desaparecimento forcado)|من الاختفاء القسري|от насильственных исчезновений
 |icp?ped|ced|cpped
icrmw: all migrant workers|todos los trabajadores migratorios|tous les travailleurs migrants
 |todos os trabalhadores migrantes|جميع العمال المهاجرين|всех трудящихся мигрантов|icrmw|cmw
rome: rome statute|estatuto de roma|statut de rome|نظام روما|римск\w+ статут\w*|international criminal court
 |corte penal internacional|cour penale internationale|tribunal penal internacional|المحكمه الجنائيه الدوليه
 |международн\w+ уголовн\w+ суд\w*
refugees: status of refugees|estatuto de los refugiados|statut des refugies|estatuto dos refugiados|بوضع اللاجئين
 |статусе беженцев
stateless: status of stateless|estatuto de los apatridas|statut des apatrides|estatuto dos apatridas
 |بوضع الاشخاص عديمي الجنسيه
 |статусе апатридов
statelessness: reduction of statelessness|reducir los casos de apatridia|reduction des cas d apatridie
 |reducao dos casos de apatridia
 |خفض حالات انعدام الجنسيه|сокращении безгражданства
genocide: crime of genocide|delito de genocidio|crime de genocide|جريمه الاباده الجماعيه|преступлени\w+ геноцида
protocol: protocol|protocolo|protocole|البروتوكول|للبروتوكول|بروتوكول|протокол\w*|(?:op|pf)\d?
 |op(?:cat|icescr|crc|crpd|cedaw|ac|sc|ic)
armed-conflict: involvement of children in armed conflict|participacion de ninos en los conflictos
 |implication d enfants dans les conflits
 |اشراك الاطفال في المنازعات|участи\w+ детей в вооруженных|opac|op (?:crc )?ac
sale: sale of children|venta de ninos|vente d enfants|venda de criancas|بيع الاطفال|торговл\w+ детьми|opsc
 |op (?:crc )?sc
communications: communications procedure|procedimiento de comunicaciones
 |procedure de presentation de communications|تقديم البلاغات
 |процедур\w+ сообщений|opic|op (?:crc )?ic
istanbul: istanbul convention|convenio de estambul|convention d istanbul|convencao de istambul|اتفاقيه اسطنبول
 |стамбульск\w+ конвенц\w+
palermo: palermo protocol|protocolo de palermo|protocole de palerme|بروتوكول باليرمو|палермск\w+ протокол\w*
hague: hague convention|convenio de la haya|convention de la haye|convencao da haia|اتفاقيه لاهاي
 |гаагск\w+ конвенц\w+
geneva: geneva convention|convenio de ginebra|convention de geneve|convencao de genebra|اتفاقيه جنيف
 |женевск\w+ конвенц\w+
lanzarote: lanzarote
budapest: budapest convention|convenio de budapest|convention de budapest|convencao de budapeste
 |будапештск\w+ конвенц\w+
second: op2|second optional|second protocol|segundo protocolo|deuxieme protocole|الاختياري الثاني
 |второ\w+ факультатив\w+
third: op3|third optional|tercer protocolo|troisieme protocole|terceiro protocolo|الاختياري الثالث
 |треть\w+ факультатив\w+
first: op1|first optional|primer protocolo|premier protocole|primeiro protocolo|الاختياري الاول|перв\w+ факультатив\w+
"""
_HOLDERS = r"""
women: wom[ae]n|mujer(?:es)?|femmes?|mulher(?:es)?|المراه|للمراه|النساء|للنساء|женщин\w*
girls: girls?|ninas|filles?|fillettes|meninas?|الفتيات|للفتيات|البنات|девоч\w+
boys: boys?|garcons?|meninos|الفتيان|البنين|мальчик\w*
men: men|hombres?|hommes|homens|الرجال|мужчин\w*
children: child(?:ren)?|nin[oe]s?|infancia|infantil(?:es?)?|enfants?|criancas?|الطفل|للطفل|الاطفال|للاطفال|اطفال
 |дет(?:и|ей|ям|ях|ьми)|детск\w+|ребен\w+
youth: youth|young people|juventud|jovenes|jeunes?|jovens|الشباب|للشباب|молодеж\w*
older: older persons|elderly|older people|personas mayores|personnes agees|pessoas idosas|كبار السن|لكبار السن
 |المسنين|المسنون|للمسنين|пожил\w+|престарел\w+
disabled: disab(?:ilit\w+|led)|discapacidad|handicap\w*|deficiencia|الاعاقه|المعوقين|инвалид\w*
migrants: migrants?|migrantes?|trabajadores migratorios|المهاجرين|للمهاجرين|المهاجرون|мигрант\w*
refugees: refugees?|refugiad[oa]s?|refugie\w*|اللاجيين|اللاجئين|للاجئين|لاجئين|бежен\w+
asylum: asylum|asilo|asile|اللجوء(?! الي)|убежищ\w+
stateless: stateless\w*|apatrid\w+|عديمي الجنسيه|انعدام الجنسيه|апатрид\w*|безгражданств\w*
indigenous: indigenous|indigenas?|autochtones?|الاصليه|الاصليين|коренн\w+(?! причин| измен| преобраз)
minorities: minorit\w+|minorias?|الاقليات|للاقليات|اقليات|меньшинств\w*
detainees: detainees?|prisoners?|inmates?|detenid[oa]s|reclus[oa]s|presos|detenus?|prisonniers?|reclusos|detidos
 |السجناء|للسجناء|المحتجزين|للمحتجزين|заключенн\w+
lgbt: lgbt\w*|lesbian\w*|gays?|transgender\w*|lesbianas?|lesbiennes?|المثليات|лгбт\w*|лесбиян\w*
workers: workers?|trabajador(?:es|as)|travailleu(?:rs?|ses?)|trabalhador(?:es|as)|العمال|للعمال|трудящ\w+
 |работник\w*
roma: (?<!estatuto de )roma|romani?|gitan[oa]s|roms?|ciganos|الروما|цыган\w*|рома
journalists: journalists?|periodistas?|journalistes?|jornalistas?|الصحفيين|للصحفيين|журналист\w*
defenders: defenders|defensor\w*|defenseurs?|المدافعين|المدافعون|правозащитник\w*
judges: judges?|jueces|juezas|juges?|juizes|القضاه|للقضاه|судь\w+|судей
police: police|policia\w*|policiers?|الشرطه|полици\w+
teachers: teachers?|docentes|maestr[oa]s|enseignants?|professores|المعلمين|للمعلمين|учител\w+
victims: victims?|victimas?|victimes?|vitimas?|الضحايا|لضحايا|ضحايا|жертв\w*
"""
_PLACES = r"""
primary: primary (?:school\w*|education)|(?:escuela\w*|educacion|ensenanza) primaria\w*
 |(?:ecole\w*|enseignement) primaire\w*
 |(?:escolas?|ensino|educacao) primari[oa]s?|التعليم الابتدائي|المدارس الابتدائيه
 |начальн\w+ (?:школ\w*|образован\w*)
secondary: secondary (?:school\w*|education)|(?:escuela\w*|educacion|ensenanza) secundaria\w*
 |(?:ecole\w*|enseignement) secondaire\w*|(?:escolas?|ensino|educacao) secundari[oa]s?|التعليم الثانوي
 |المدارس الثانويه
 |средн\w+ (?:школ\w*|образован\w*)
higher: higher education|universit\w+|educacion superior|universidad\w*|enseignement superieur|ensino superior
 |universidades?
 |التعليم العالي|الجامعات|высш\w+ образован\w*|университет\w*
rural: rural\w*|ruraux|campagnes?|agrar\w+|الارياف|الريفيه|الريف|сельск\w+|аграрн\w+
urban: urban\w*|urbain\w*|الحضريه|الحضر|المدن|городск\w+|город(?:ов|ах|ами|ам)
public: public schools?|escuelas publicas|ecoles publiques|escolas publicas|المدارس العامه|государственн\w+ школ\w*
private: private|privad[oa]s?|prive(?:e?s)?|الخاص|частн(?!ост)\w+
"""
_DIRECTIONS = r"""
end: abol\w+|eliminat\w+|eradicat\w+|end|repeal\w*|remov\w+|stop|close|halt|elimin\w+|erradic\w+|derog\w+|suprim\w+
 |supprim\w+|abrog\w+|mettre fin|poner fin|por fim|cerrar|fermer|fechar|revog\w+|الغاء|بالغاء|ان تلغي|القضاء علي
 |وقف|اغلاق
 |отмен\w+|упраздн\w+|ликвид\w+|искорен\w+|прекрат\w+|искорен\w+|закры\w+|dissolv\w+|dismantl\w+
keep: maintain\w*|retain\w*|keep|preserv\w+|mantener|mantenga|manten\w+|maint\w+|conserv\w+|manter|mantenha
 |الابقاء|بالابقاء
 |الحفاظ علي|сохран\w+|reinstat\w+|reintroduc\w+|restablec\w+|retabl\w+
more: increas\w+|rais\w+|expand\w*|aument\w+|augment\w+|increment\w+|ampli\w+|elargi\w+|elev\w+|زياده|بزياده|رفع سن
 |توسيع|увелич\w+|повы[сш]\w+|расшир\w+|extend|lengthen
less: reduc\w+|decreas\w+|lower\w*|limit\w*|dimin\w+|baj[ae]r?|rebaj\w+|redui\w+|abaiss\w+|cut|تخفيض|بتخفيض|خفض
 |الحد من
 |сокра\w+|снижен\w+|сниз\w+|уменьш\w+|restrict\w*|restring\w+|restrei\w+|shorten
forbid: prohibit\w*|ban|forbid|outlaw|prohib\w+|interdi\w+|proib\w+|حظر|بحظر|запре[тщ]\w+
allow: allow\w*|permi\w+|authoriz\w+|legaliz\w+|autoriz\w+|autoris\w+|legalis\w+|السماح|بالسماح|разреш\w+
criminal: criminali[zs]\w+|tipific\w+|penaliz\w+|penalis\w+|incrimin\w+|(?<!الغاء )(?<!لالغاء )تجريم|بتجريم
 |криминализ\w+|criminalizar
lawful: de ?criminali[zs]\w+|despenaliz\w+|depenalis\w+|descriminaliz\w+|نزع صفه الجرم\w*|ل?الغاء تجريم
 |декриминализ\w+
accept: accept\w*|acept\w+|aceit\w+|قبول|بقبول
refuse: reject\w*|refus\w+|rechaz\w+|rejet\w+|rejeit\w+|رفض|برفض|отклон\w+
join: ratif\w+|acced\w+|accession|adher\w+|aderir|التصديق|بالتصديق|الانضمام|تصدق|ратифи\w+|присоедин\w+
leave: denounc\w+|withdraw from|denunci\w+|denonc\w+|retirarse d\w+|se retirer|retirar se d\w+|الانسحاب|بالانسحاب
 |денонс\w+|вый?ти
faster: accelerat\w+|speed up|aceler\w+|acceler\w+|تسريع|بتسريع|التعجيل|ускор\w+
slower: delay\w*|postpon\w+|suspend\w*|aplaz\w+|suspend\w+|report\w+ l|retard\w+|adi(?:ar|e)|تاجيل|بتاجيل|تعليق
 |отложи\w+|приостан\w+
stronger: strengthen\w*|reinforc\w+|fortale\w+|reforz\w+|refuer\w+|renforc\w+|reforc\w+|تعزيز|بتعزيز|укреп\w+
 |усил(?!ия|ий|иям|иях)\w+
weaker: weaken\w*|debilit\w+|affaibl\w+|enfraque\w+|اضعاف|باضعاف|ослаб\w+
open: publish\w*|disclos\w+|divulg\w+|public(?:ar|iz\w+)|publi(?:er|ez)|نشر|بنشر|опублик\w+
hide: conceal\w*|classify|ocult\w+|dissimul\w+|اخفاء|باخفاء|скры\w+|засекре\w+
"""
OPPOSED = (
    *(("end", opposite) for opposite in ("keep", "allow", "more", "stronger", "faster", "accept", "join")),
    *(("more", "less"), ("forbid", "allow"), ("forbid", "keep"), ("forbid", "lawful"), ("criminal", "lawful")),
    *(("criminal", "allow"), ("accept", "refuse"), ("join", "leave"), ("join", "refuse"), ("faster", "slower")),
    *(("stronger", "weaker"), ("stronger", "less"), ("more", "weaker"), ("open", "hide"), ("keep", "slower")),
)
_STRENGTHS = r"""
consider: consider\w*|examin\w+ (?:the )?(?:possibilit\w+|posibilidad)
 |(?:study|explore|examine) the possibilit\w+|explor(?:e|er|ar|ing)
 |considerar|considere|estudi(?:ar|e) la posibilidad|envisag(?:e|er|ing)|examiner la possibilite
 |etudier la possibilite|pondere|ponderar
 |estud(?:ar|e) a possibilidade|النظر في|بالنظر في|ان تنظر في|تنظر في|рассмотр\w+|изучить возможность|contempl\w+
continue: continu\w+|keep on|carry on|pursue|persist\w*|persever\w*|segu(?:ir|ndo)|siga|prosegu\w+|prosig\w+
 |poursuiv\w+
 |persever\w+|prossegu\w+|prossiga|مواصله|بمواصله|الاستمرار|تواصل|ان تواصل|استمرار|продолж\w+|и впредь
 |maintain its efforts
begin: begin|start|initiat\w+|iniciar|inicie|empezar|comenzar|commenc\w+|entam\w+|comecar|الشروع|بالشروع|بدء
 |нача\w+|начин\w+
"""
_NEGATIONS = r"""
not: not(?! only| least)|never|refrain\w*|avoid|no(?! \d)|nunca|abstener\w*|abstenga\w*|evitar|ne|s abstenir|eviter
 |nao|abster se|عدم|بعدم
 |الامتناع|بالامتناع|لا(?! سيما| تزال| يزال| تقل| يقل)|не(?! только| менее| позднее)|воздерж\w+|избегать
"""
_NUMBER_WORDS = r"""
2: two|dos|deux|dois|duas|два|две|двух
3: three|trois|ثلاثه|ثلاث|три|трех
4: four|cuatro|quatre|quatro|اربعه|اربع|четыре|четырех
5: five|cinco|cinq|خمسه|خمس|пять|пяти
6: six|seis|سته|шесть|шести
7: seven|siete|sept|sete|سبعه|سبع|семь|семи
8: eight|ocho|huit|oito|ثمانيه|ثماني|восемь|восьми
10: ten|diez|dix|dez|десять|десяти
12: twelve|doce|douze|doze|اثني عشر|двенадцать|двенадцати
14: fourteen|catorce|quatorze|catorze|четырнадцать|четырнадцати
15: fifteen|quince|quinze|пятнадцать|пятнадцати
16: sixteen|dieciseis|seize|dezesseis|dezasseis|шестнадцать|шестнадцати
18: eighteen|dieciocho|dix huit|dezoito|восемнадцать|восемнадцати
%: per cent|percent|por ciento|pour cent|por cento|في المائه|процент\w*
20: twenty|veinte|vingt|vinte|двадцать|двадцати
"""
_TABLES = {
    Kind.TREATY: _TREATIES,
    Kind.HOLDER: _HOLDERS,
    Kind.PLACE: _PLACES,
    Kind.DIRECTION: _DIRECTIONS,
    Kind.STRENGTH: _STRENGTHS,
    Kind.NEGATION: _NEGATIONS,
    Kind.NUMBER: _NUMBER_WORDS,
}

# A digit after a letter is the mark of a footnote, or a paragraph number joined to a heading, except in "OP1".
_words = re.compile(
    r"\b(?:OP|PF)[1-3]\b|(?<![^\W_])\d+(?:[.,]\d+)*|[^\W\d_]+(?:[\u0300-\u036f\u064b-\u065f]+[^\W\d_]*)*|[%٪]"
).finditer


_parts = re.compile(r"[^.,]+").findall
_ARABIC_AND_THE = re.compile(r"^[وفبك]{1,2}ال(?=..)")  # "and the", "by the": prefixes of the same word
_ARABIC_OF_THE = re.compile(r"^[وف]?لل(?=..)")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, normalised as in the tables, with their positions."""

    spelt: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def words_of(text: str) -> Words:
    """The words of a text; digits of any script become ASCII, and prefixes are removed from Arabic words."""
    matches = [(_spelt(match[0]), match.span()) for match in _words(text)]
    return Words(tuple(word for word, _ in matches), tuple(span for _, span in matches))


def _spelt(word: str) -> str:
    folded = fold(word.casefold())
    return folded if folded.isascii() else _ARABIC_OF_THE.sub("ال", _ARABIC_AND_THE.sub("ال", folded))


def ideas_in(text_words: Words) -> Iterator[Idea]:
    """All ideas in a text, and its numbers."""
    starts, at = [], 0
    for word in text_words.spelt:
        starts.append(at)
        at += len(word) + 1
    line = " ".join(text_words.spelt)
    for at, word in enumerate(text_words.spelt):
        if word[:1].isdigit() or word in "%٪":
            for part in _parts(word.replace("٪", "%")):  # Arabic texts print 5.3 as 5-3
                yield Idea(Kind.NUMBER, part, at, at)
    for kind, name, pattern in _patterns():
        for match in pattern.finditer(line):
            first, last = bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end() - 1) - 1
            yield Idea(kind, name, first, last)


@cache
def _patterns() -> list[tuple[Kind, str, re.Pattern[str]]]:
    return [
        (kind, name.strip(), re.compile(rf"(?<!\S)(?:{alternatives.strip()})(?!\S)"))
        for kind, table in _TABLES.items()
        for name, _, alternatives in (line.partition(":") for line in table.replace("\n ", "").strip().splitlines())
    ]


_INSTRUMENTS = r"""
conven\w+|covenant|pact[eo]|protocol\w*|statute?|estatuto|treat\w+|tratad\w+|traites?|ratif\w+|adh[ei]r\w+|accessi\w+
|\w*اتفاقيه|العهد\w*|\w*بروتوكول|نظام|التصديق|الانضمام|конвенц\w+|пакт\w*|протокол\w*|статут\w*|ратиф\w+
"""
_instrument = re.compile(rf"(?<!\S)(?:{_INSTRUMENTS.replace(chr(10), '')})(?!\S)")
# The words for these treaties are also used for the rights themselves.
ALSO_RIGHTS = frozenset({"iccpr", "icescr", "cedaw", "cerd", "crc", "crpd", "icrmw", "sale", "communications"})


def speaks_of_instruments(text_words: Words) -> bool:
    """Whether a text mentions an instrument, and not only the rights in it."""
    return _instrument.search(" ".join(text_words.spelt)) is not None


# Holders that are often mentioned in passing, and translated loosely; recommendations are about the others.
IN_PASSING = frozenset(
    {"men", "boys", "girls", "detainees", "workers", "defenders", "judges", "police", "teachers", "victims"}
)
