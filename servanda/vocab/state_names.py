"""How the name of a State is compared, however it is written.

Case, accents, articles, small words, signs of direction, numbers of footnotes and the order of "Korea, Republic of"
make no difference. What is left has to be a name of the vocabulary: nothing is guessed from a part of a name.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

SAME_LETTERS = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None, "ß": "ss", "ı": "i"})
INITIALS = re.compile(r"\b(?:\w\.\s?)+\w\b\.?")
ELISION = re.compile(r"\b[dl]\s?['’`´ʼ]\s?|['’`´ʼ]s\b")  # "Côte d'Ivoire", "l'Algérie", "People's"
WORD = re.compile(r"[^\W_]+\.?")  # with its dot: "E." in "E. Guinea" is no Italian "and"
SMALL_WORDS = re.compile(r"the|of|and|le|la|les|du|de|des|et|el|los|las|del|lo|o|a|os|as|do|da|dos|das")
BETWEEN_WORDS = frozenset({"e", "y"})  # "and", where it is no initial
SAME_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "is": "islands",
    "republic": "rep",
    "republique": "rep",
    "republica": "rep",
    "democratic": "dem",
    "democratique": "dem",
    "democratica": "dem",
    "fed": "federated",
    "peoples": "people",
}
# "Indonesia 2", "Indonesia²", "Kosovo*", "Palestine [1]": a note, or that the State is printed twice.
NOTE = re.compile(r"(?<!\d)[\s(\[/,]*(?<!\d)(?:[*†‡§#]+|[\d¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2})[)\]\s]*$")
IN_PARENTHESES = re.compile(r"([^()（）]+)[(（]([^()（）]+)[)）]")
BEHIND_COMMA = re.compile(r"([^,،、]+)[,،、]([^,،、]+)")
BETWEEN_STATES = re.compile(r"\s*[,،、;؛/&•\n]\s*")
AND = re.compile(r"\s+(?:(?:and|et|und|e|y|и|و|ainsi que|así como|bem como)\s+|و(?=\w))", re.I)
ON_BEHALF = re.compile(
    r"\s*[(（]\s*(?:on behalf of|au nom d|en nombre de|em nome d|from the group|باسم|نيابة عن)[^)）]*[)）]", re.I
)
UNSEEN = {"Cf", "Cc"}
EDGES = " .;,:،؛"
FORMERLY = re.compile(r"^(?:formerly|former|now|previously|ex|anciennement|antes)\b", re.I)


def without_signs(name: str) -> str:
    """A name without marks of direction and other signs that no one sees, with plain blanks."""
    seen = (sign for sign in name if sign.isspace() or unicodedata.category(sign) not in UNSEEN)
    return " ".join("".join(seen).split())


def without_notes(name: str) -> str:
    """A name without what footnotes and lists add to it: "(Indonesia 2)" is "Indonesia"."""
    name = without_signs(name).strip(EDGES)
    while (shorter := NOTE.sub("", unwrapped(name)).strip(EDGES)) != name:
        name = shorter
    return name


def unwrapped(name: str) -> str:
    """ "(Myanmar (Burma))" without its outer pair; "(a) and (b)" as it is."""
    inner = name[1:-1]
    is_pair = name[:1] + name[-1:] in {"()", "[]"} and inner.find(")") >= inner.find("(")
    return inner if is_pair and inner.count("(") == inner.count(")") else name


@lru_cache(maxsize=32_768)
def state_key(name: str) -> str:
    """What two spellings of one name have in common; empty for what is no name."""
    plain = unicodedata.normalize("NFKD", without_notes(name).translate(SAME_LETTERS).casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(SAME_LETTERS)
    plain = ELISION.sub(" ", INITIALS.sub(joined, plain))
    words = [word for word in WORD.findall(plain) if not SMALL_WORDS.fullmatch(word)]
    inner = [word for word in words[1:-1] if word not in BETWEEN_WORDS]
    return "".join(SAME_WORDS.get(word.strip("."), word.strip(".")) for word in [*words[:1], *inner, *words[1:][-1:]])


def joined(initials: re.Match[str]) -> str:
    return re.sub(r"[.\s]", "", initials[0]) + " "


def state_keys(name: str) -> Iterator[str]:
    """The name as it is, then in the order of "Republic of Korea" where it is printed "Korea, Republic of"."""
    yield state_key(name)
    plain = without_notes(name)
    for order in (IN_PARENTHESES, BEHIND_COMMA):
        if parts := order.fullmatch(plain):
            yield state_key(f"{parts[2]} {parts[1]}")


def names_beside(name: str) -> list[str]:
    """The names of "Türkiye (Turkey)" and "Czechia / Czech Republic", which have to mean one State."""
    plain = without_notes(name)
    match = IN_PARENTHESES.fullmatch(plain)
    parts = match.groups() if match else plain.split("/")
    return [FORMERLY.sub("", part.strip()).strip() for part in parts] if len(parts) > 1 else []


def names_in_list(printed: str) -> list[str]:
    """The names between the signs of a list: "Peru, Chile and Spain" gives "Peru" and "Chile and Spain"."""
    return [part for part in BETWEEN_STATES.split(ON_BEHALF.sub("", printed)) if part]


def runs_of_names(printed: str) -> list[list[str]]:
    """For each name of "Chile, Antigua and Barbuda", how far it may go, the longest first."""
    signs = list(AND.finditer(printed))
    starts, ends = [0, *(sign.end() for sign in signs)], [*(sign.start() for sign in signs), len(printed)]
    return [[printed[start:end] for end in reversed(ends[place:])] for place, start in enumerate(starts)]
