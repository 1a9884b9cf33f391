"""Names of persons behind a form of address, which a proposed title must not show.

A letter of special procedures names the alleged victims in its first sentences. Only people with the permission to
read identities may see them, but the title of a letter is shown in lists and calendars.
"""

from servanda.kit.patterns import lazy_pattern

OMITTED = "[…]"
_CAPITAL = f"[{''.join(filter(str.isupper, map(chr, range(0x1F00))))}]"  # Latin, Greek, Cyrillic and more
_WORD = rf"(?:{_CAPITAL}\.(?:-?{_CAPITAL}\.)*|{_CAPITAL}[\w’'-]*|(?:[ae]l-|d’){_CAPITAL}[\w’'-]*)"
_PARTICLE = (
    r"(?:de\s+la|de\s+los|de\s+las|del|de|dos|da|do|di|van\s+der|van\s+den|van|von|zu|bin|ben|ibn|bint|ould|wa|al|el|la|le"
    r"|y)"
)
_NAME = rf"(?:{_PARTICLE}\s+)?{_WORD}(?:\s+(?:{_PARTICLE}\s+)?{_WORD})*"
_OF_ONE = "Mr|Mrs|Ms|Mx|Miss|Dr|Prof(?:essor)?|Sra?|Srta|Don|Doña|don|doña|Mme|Mlle|Me"
_OF_SEVERAL = "Messrs|Mses|Mss|Sres|Sras|Srtas|MM|Mmes|Mlles"
_ADDRESS = rf"(?:(?:(?:{_OF_ONE}|{_OF_SEVERAL})\b\.?|M\.|г-(?:н|на|ну|жа|жи|же|жу))\s*)+"
_PLURAL = rf"(?:{_OF_SEVERAL})\b\.?\s*"
_BETWEEN = r"(?:\s*,\s*(?:and\s+|et\s+|y\s+|e\s+)?|\s+(?:and|et|y|e|и)\s+)"
_FURTHER = rf"(?:{_BETWEEN}(?:{_ADDRESS}{_NAME}|{_WORD}\s+{_NAME}))*"
# What a letter says before a name: "the journalist Ana Novak", "the arrest of Ana Novak".
_ROLE = (
    r"(?:journalist|blogger|lawyer|activist|defender|student|teacher|priest|pastor|imam|leader|politician|periodista|abogad[oa]"
    r"|activista|defensora?|estudiante|líder|journaliste|blogueu(?:r|se)|avocate?|militante?|défenseure?|étudiante?)s?"
)
_SUFFERED = (
    r"(?:detention|arrest|killing|disappearance|death|torture|trial|prosecution|sentencing|execution|harassment|abduction"
    r"|deportation|extradition|including|détention|arrestation|assassinat|disparition|mort|procès|détenue?|detención|arresto"
    r"|asesinato|desaparición|muerte|juicio|acoso|incluid[oa])(?:\s+of|\s+against|\s+de|\s+contre|\s+contra)?"
)
ADDRESSED = lazy_pattern(rf"{_PLURAL}{_NAME}(?:{_BETWEEN}(?:{_ADDRESS})?{_NAME})*|{_ADDRESS}{_NAME}{_FURTHER}")
FIRST = lazy_pattern(rf"^{_WORD}\s+{_NAME}(?=\s*,)")
INTRODUCED = lazy_pattern(rf"(\b(?:{_ROLE}|{_SUFFERED})\s){_WORD}\s+{_NAME}(?:{_BETWEEN}{_WORD}\s+{_NAME})*")
# Arabic has no capital letters: up to four words, until one that is no part of a name.
_NO_NAME = (
    r"(?:الذي|التي|الذين|في|من|على|إلى|عن|بعد|قبل|وهو|وهي|بسبب|منذ|خلال|أثناء|بشأن|المدافع|المدافعة|الصحفي|الصحفية|المحامي"
    r"|المحامية|و(?:ال)?(?:سيد\w*|سادة|آنسة|دكتور\w*))"
)
_ARABIC_NAME = rf"(?:\s+(?!{_NO_NAME}(?!\w))[\w.-]+){{1,4}}"
ADDRESSED_IN_ARABIC = lazy_pattern(
    r"(?<!\w)(?:و|ل|ب|لل)?(?:ال)?(?:سيدة|سيدات|سيدين|سيدتين|سيد|سادة|آنسة|دكتورة|دكتور)"
    rf"{_ARABIC_NAME}(?:\s*،?\s+و(?:ال)?(?:سيدة|سيد){_ARABIC_NAME})*"
)


def without_names(text: str) -> str:
    """The text with "[…]" instead of each name behind a form of address ("Ms. Ana Novak"), a role or what was
    suffered ("the arrest of Ana Novak"), and of the name with which it begins ("Ana Novak, a journalist"). Other
    names remain."""
    text = ADDRESSED_IN_ARABIC.sub(OMITTED, ADDRESSED.sub(OMITTED, text))
    return INTRODUCED.sub(rf"\1{OMITTED}", FIRST.sub(OMITTED, text))
