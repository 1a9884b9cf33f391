"""Recognise a sheet of institutions by its name, its headers and its values in five languages."""

from collections.abc import Callable, Mapping, Sequence

from servanda.intake.columns.kinds import folded
from servanda.language.words.identify import identify
from servanda.planning.sheets.listed_cells import propose_branch
from servanda.planning.sheets.listed_institutions import (
    ABBREVIATION,
    ADDRESS,
    CODE,
    EMAIL,
    FIRST,
    KIND,
    NAME,
    PARENT,
    PEOPLE,
    PHONE,
)
from servanda.recommendations.imports.suggesting_columns import follow_up_columns
from servanda.sources.sheets.column_names import FOLDED_LANGUAGES, LANGUAGES, field_of

ENOUGH = 0.5  # share of the values of a column that have to be of a kind
SHEETS = (
    *("institution", "institutions", "ministry", "ministries", "entities", "agencies", "organisations"),
    *("organizations", "organismes", "structures", "ministeres", "departements", "instituciones", "entidades"),
    *("ministerios", "organismos", "instituicoes", "orgaos", "annuaire", "directory", "directorio", "المؤسسات"),
    *("مؤسسات", "الجهات", "القطاعات", "الوزارات", "الهيئات"),
)
HEADERS = {
    NAME: ("name", "institution", "institutions", "institution name", "name of the institution", "full name",
           "ministry", "organisation", "organization", "entity", "agency", "nom", "nom de l institution",
           "nom complet", "denomination", "intitule", "structure", "departement", "ministere", "organisme", "nombre",
           "nombre de la institucion", "nombre completo", "denominacion", "institucion", "entidad", "organismo",
           "ministerio", "nome", "nome da instituicao", "nome completo", "denominacao", "instituicao", "entidade",
           "orgao", "الاسم", "اسم المؤسسة", "المؤسسة", "الجهة", "اسم الجهة", "القطاع", "التسمية", "الاسم الكامل"),
    CODE: ("code", "short name", "acronym", "abbreviation", "abbr", "sigle", "sigles", "abreviation", "acronyme",
           "nom court", "sigla", "siglas", "abreviatura", "acronimo", "nombre corto", "nome curto", "codigo",
           "الاختصار", "المختصر", "الرمز", "الاسم المختصر", "اختصار"),
    KIND: ("kind", "type", "branch", "category", "nature", "type of institution", "type d institution", "categorie",
           "branche", "pouvoir", "tipo", "tipo de institucion", "tipo de instituicao", "categoria", "clase", "rama",
           "poder", "النوع", "الصنف", "نوع المؤسسة", "الفئة", "السلطة"),
    PARENT: ("parent", "part of", "under", "attached to", "parent institution", "supervising ministry",
             "supervising institution", "tutelle", "rattachement", "rattachee a", "rattache a", "sous tutelle de",
             "institution de tutelle", "ministere de tutelle", "institution mere", "depende de", "dependencia",
             "adscrita a", "adscripcion", "institucion superior", "tutela", "subordinada a", "vinculada a",
             "orgao superior", "instituicao de tutela", "الجهة الوصية", "الوصاية", "تابعة ل", "الوزارة الوصية",
             "الجهة الأم", "الجهة الأعلى"),
    EMAIL: ("e mail", "email", "mail", "e mail address", "email address", "courriel", "adresse electronique",
            "adresse e mail", "correo", "correo electronico", "correio eletronico", "البريد الإلكتروني", "البريد"),
    PHONE: ("telephone", "phone", "tel", "telefono", "telefone", "telephone number", "الهاتف", "رقم الهاتف"),
    ADDRESS: ("address", "postal address", "adresse", "adresse postale", "direccion", "endereco", "morada",
              "العنوان"),
}  # fmt: skip
PERSON_WORDS = (
    "focal",
    "focaux",
    "focais",
    "focales",
    "نقطة الاتصال",
    "نقطة الارتكاز",
    "ضابط الاتصال",
    "جهة الاتصال",
)
PERSONS = (
    *("contact", "contacts", "contact person", "head", "minister", "director", "person", "people", "personne"),
    *("personne de contact", "personne ressource", "responsable", "ministre", "directeur", "contacto", "contactos"),
    *("persona de contacto", "director", "titular", "contato", "pessoa de contacto", "pessoa de contato", "diretor"),
    *("المسؤول", "الشخص المسؤول", "الوزير", "المدير"),
)
COLUMN_OF = {folded(name): code for code, names in HEADERS.items() for name in names}
PERSON_HEADERS = {folded(name) for name in PERSONS}
JOINING = {"in", "en", "em", "name"}
OF_OTHER_SHEETS = {"action", "action status", "status", "measures", "approved measures", "indicator", "due", "budget"}
type Values = Mapping[str, Sequence[str]]


def suggest_institutions(sheet: str, values: Values) -> dict[str, str]:
    """Column -> header; empty if the sheet does not list institutions."""
    columns = columns_of(values)
    is_named = bool({folded(word) for word in SHEETS} & set(folded(sheet).split()))
    tell_by_values(columns, values)
    names = columns.get(NAME)
    if names is None or not (is_named or lists_institutions(columns, values)):
        return {}
    return columns if is_named or not follows_up(values, columns) else {}


def columns_of(values: Values) -> dict[str, str]:
    """The columns recognised by their headers. A second column of names is in the language of its values."""
    columns: dict[str, str] = {}
    people = iter(PEOPLE)
    for header in values:
        code = column_of(header)
        if code == NAME and NAME in columns:
            language = identify(" ".join(values[header]), among=tuple(LANGUAGES))
            code = f"{NAME} {language}" if language else ""
        elif code == PEOPLE[0]:
            code = EMAIL if is_plain_address(header, values[header], columns) else next(people, "")
        if code:
            columns.setdefault(code, header)
    return columns


def column_of(header: str) -> str:
    """The column that a header names: "Nom (ar)" is the name in Arabic; "" when it names none."""
    words = folded(header)
    if any(folded(word) in words for word in PERSON_WORDS) or words in PERSON_HEADERS:
        return PEOPLE[0]
    if words in COLUMN_OF:
        return COLUMN_OF[words]
    *before, last = words.split() or [""]
    language = FOLDED_LANGUAGES.get(last) or FOLDED_LANGUAGES.get(last.removeprefix("ب"))
    rest = " ".join(before)
    shorter = " ".join(word for word in before if word not in JOINING or word == rest)
    if language and NAME in (COLUMN_OF.get(rest), COLUMN_OF.get(shorter)):
        return f"{NAME} {language}"
    return ""


def is_plain_address(header: str, cells: Sequence[str], columns: Mapping[str, str]) -> bool:
    """ "Contact" over e-mail addresses is the address of the institution; that of a focal point is not."""
    is_of_person = any(folded(word) in folded(header) for word in PERSON_WORDS)
    return not is_of_person and EMAIL not in columns and share(cells, lambda cell: "@" in cell) > ENOUGH


def tell_by_values(columns: dict[str, str], values: Values) -> None:
    """Add columns recognised by their values alone."""
    kinds: dict[str, Callable[[str], bool]] = {
        NAME: is_called_like_one,
        CODE: lambda cell: bool(ABBREVIATION.fullmatch(cell)),
        KIND: lambda cell: bool(propose_branch(cell)),
        EMAIL: lambda cell: "@" in cell,
    }
    for code, is_kind in kinds.items():
        taken = set(columns.values())
        free = [header for header in values if header not in taken and not column_of(header)]
        likely = max(free, key=lambda header: share(values[header], is_kind), default="")
        if code not in columns and likely and share(values[likely], is_kind) > ENOUGH:
            columns[code] = likely


def is_called_like_one(cell: str) -> bool:
    words = folded(cell).split()
    return len(words) > 1 and words[0] in FIRST


def share(cells: Sequence[str], is_kind: Callable[[str], bool]) -> float:
    return sum(map(is_kind, cells)) / len(cells) if cells else 0


def lists_institutions(columns: Mapping[str, str], values: Values) -> bool:
    """Whether each row is a different institution, with a column that only institutions have."""
    names = values[columns[NAME]]
    differ = len(set(names)) == len(names)
    is_told = share(names, is_called_like_one) > ENOUGH or not names
    return differ and is_told and bool({CODE, KIND, PARENT} & set(columns))


def follows_up(values: Values, columns: Mapping[str, str]) -> bool:
    """Whether the sheet has texts or actions, so that its institutions are those that lead them."""
    if any(field_of(header).partition(" ")[0] in ("text", "position", "recommending") for header in values):
        return True
    rest = [header for header in values if header not in columns.values()]
    return bool(set(follow_up_columns(rest, values)) & OF_OTHER_SHEETS)
