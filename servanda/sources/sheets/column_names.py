"""What people call the columns of their sheets, in five languages, and which field each fills."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from servanda.intake.columns.kinds import columns, folded, kinds

# Field -> the words of a header, folded. Whole headers only: "State" is not "State under review".
# The first field that claims a header wins. "To", "From", "Response" ... are those of the UPR Info database.
NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "recommendation", "recommendations", "full text", "text of the recommendation",
        "recommendation text", "text of recommendation", "text of recommendations", "text of the recommendations",
        "texte des recommandations", "texto de las recomendaciones", "texto das recomendacoes",
        "texte", "recommandation", "recommandations", "texte de la recommandation", "intitule de la recommandation",
        "texto", "recomendacion", "recomendaciones", "texto de la recomendacion", "recomendacao", "recomendacoes",
        "texto da recomendacao", "conteudo da recomendacao", "contenido de la recomendacion",
        "libelle de la recommandation", "recommendation s",
        "wording of the recommendation", "texte integral", "نص التوصية", "التوصية", "النص", "التوصيات",
    ),
    "country": (
        "to", "sur", "sur iso3", "country", "countries", "country concerned", "countries concerned",
        "state under review", "pays", "pays concerne", "etat examine", "etat concerne", "pais",
        "pais concernido", "estado examinado", "estado avaliado", "البلد", "الدولة", "الدولة المعنية",
    ),
    "body": (
        "body", "mechanism", "mecanisme", "organe", "committee", "comite", "recommending body", "reccomending body",
        "mecanismo", "organo", "orgao", "organismo", "organo emisor", "organe emetteur", "orgao emissor",
        "treaty body",
        "recommending mechanism", "organismo emisor", "mecanismo emisor", "الجهة الموصية",
        "مصدر التوصية", "الهيئة الموصية", "الهيئة", "الآلية", "اللجنة",
    ),
    "symbol": (
        "symbol", "document symbol", "document", "un symbol", "document reference", "cote onu",
        "referencia del documento",
        "رقم الوثيقة", "مرجع الوثيقة", "cote", "cote du document", "signatura", "signatura del documento",
        "simbolo", "documento", "رمز الوثيقة", "الوثيقة",
    ),
    "paragraph": (
        "para", "paragraph", "paragraph number", "number", "no", "n", "n o", "parr", "par", "paras",
        "para no", "paragraph no", "upr code", "upr number",
        "code epu", "code upr", "numero epu", "codigo epu",
        "codigo rpu", "numero de paragraphe", "numero de parrafo", "رقم التوصية", "paragraphe", "numero",
        "parrafo", "paragrafo",
        "رقم الفقرة", "الفقرة", "الرقم",
    ),
    "date": ("date", "publication date", "date of adoption", "adopted on", "date d adoption", "fecha de adopcion",
        "data de adocao", "data da adocao", "تاريخ الاعتماد", "تاريخ الصدور", "document publication date",
        "date de publication", "fecha", "data",
             "fecha de publicacion", "data de publicacao", "year", "annee", "ano", "التاريخ", "السنة",
             "تاريخ النشر"),
    "listed": ("date of publication on uhri",),
    "code": ("reference in this register",),
    "cycle": ("cycle", "upr cycle", "ciclo", "الدورة الاستعراضية", "الجولة"),
    "session": ("session", "upr session", "sesion", "periodo de sesiones", "sessao", "الدورة"),
    "recommending": (
        "from", "smr", "smr iso3", "recommending state", "recommending states", "recommending country",
        "recommending countries", "etats auteurs", "etat s auteur s", "pays auteurs",
        "pays recommandants", "etats recommandants", "estados recomendantes", "paises recomendantes",
        "estados que recomiendan", "الدول الموصية", "الدول صاحبة التوصية",
        "upr recommending states", "upr reccomending states", "etat auteur", "etat recommandant",
        "pays recommandant",
        "pays auteur", "estado recomendante", "pais recomendante", "estado que recomienda", "estado que recomenda",
        "الدولة الموصية", "البلد الموصي",
    ),
    "position": ("response", "position", "position of the state", "state position", "response of the state",
        "position de l etat",
        "reponse de l etat", "posicion del estado", "respuesta del estado", "posicao do estado",
        "resposta do estado", "الموقف من التوصية", "upr position", "reponse", "respuesta", "posicion",
        "resposta", "posicao",
                 "الموقف", "الرد", "موقف الدولة", "accepted", "supported", "accepted noted", "supported noted",
                 "accepted rejected", "accepted or noted", "acceptee", "acceptees", "soutenue", "appuyee",
                 "acceptee notee", "aceptada", "apoyada", "aceptada tomada nota", "aceite", "aceita", "apoiada",
                 "مقبولة", "مقبولة أو محاط بها علما", "هل قبلت"),
    "position comment": ("state comment", "explanation of position", "motif", "motivo", "تعليق الدولة"),
    "kind": ("type", "kind", "annotation type", "nature", "tipo", "النوع"),
    "external uhri": ("annotationid", "annotation id", "ohchr annotation id"),
    "external sheet": (
        "rec id", "id", "code", "ref", "ref no", "ref n", "reference no", "reference number",
        "serial number", "s no", "sn", "no d ordre",
        "n ordre", "numero de reference", "numero de referencia", "numero de orden",
        "n de ordem", "reference", "identifiant", "identificador", "referencia", "المعرف", "الرمز",
    ),
    "label uhri-theme": ("theme", "themes", "thematique", "thematiques", "tema", "temas", "الموضوع", "المواضيع"),
    "label uhri-group": ("affected persons", "groups of persons", "personnes concernees", "groupes concernes",
                         "personas afectadas", "pessoas afetadas", "الفئات المعنية", "الأشخاص المتأثرون"),
    "label sdg": ("sdg", "sdgs", "odd", "ods", "sustainable development goals", "أهداف التنمية المستدامة"),
    "label action-category": ("action", "action category"),
    "label upr-info-issue": ("issue", "issues"),
}  # fmt: skip
LANGUAGES = {
    "en": ("en", "eng", "english", "anglais", "ingles", "الإنجليزية"),
    "fr": ("fr", "fra", "french", "francais", "frances", "الفرنسية"),
    "es": ("es", "spa", "spanish", "espagnol", "espanol", "الإسبانية"),
    "pt": ("pt", "por", "portuguese", "portugais", "portugues", "البرتغالية"),
    "ar": ("ar", "ara", "arabic", "arabe", "العربية"),
    "ru": ("ru", "rus", "russian", "russe", "ruso", "الروسية"),
    "zh": ("zh", "chi", "chinese", "chinois", "chino", "الصينية"),
}


BRACKETS = re.compile(r"\s*[(\[].*?[)\]]\s*$")
FOLDED = {folded(name): field for field, names in reversed(NAMES.items()) for name in names}
# As the files of this system call them.
TAXONOMIES = {folded(code): code for code in ("uhri-theme", "uhri-group", "sdg", "upr-info-issue", "action-category")}
FOLDED_LANGUAGES = {folded(name): language for language, names in LANGUAGES.items() for name in names}


def field_of(header: str) -> str:
    """The field that a header names: "Texte (fr)" is the text in French; "" when it names none."""
    words = folded(header)
    if words in FOLDED:
        return FOLDED[words]
    if code := names_beside(tuple(kind.code for kind in kinds())).get(words):
        return code
    if taxonomy := TAXONOMIES.get(words):
        return f"label {taxonomy}"
    first, _blank, last = words.rpartition(" ")
    if last in FOLDED_LANGUAGES and FOLDED.get(first) == "text":
        return f"text {FOLDED_LANGUAGES[last]}"
    if (shorter := BRACKETS.sub("", header).strip()) and shorter != header:
        return field_of(shorter)  # "Presupuesto (EUR)"
    _group, colon, title = header.rpartition(": ")  # below a title that is merged over several columns
    return field_of(title) if colon else ""


@lru_cache(maxsize=4)
def names_beside(_kinds: tuple[str, ...]) -> Mapping[str, str]:
    """The folded names of the columns that these kinds have registered; of two with one name, the first."""
    return {folded(name): column.code for column in reversed(columns().values()) for name in column.names}


def suggest_mapping(headers: Sequence[str]) -> dict[str, str]:
    """Field -> header for every header that is understood; the first of two that say the same wins, but for the body,
    which national lists name in one column for each kind of mechanism."""
    mapping: dict[str, str] = {}
    for header in headers:
        field = field_of(header)
        if field == "body":
            field = next((name for name in ("body", "body 2", "body 3") if name not in mapping), "")
        if field:
            mapping.setdefault(field, header)
    return mapping
