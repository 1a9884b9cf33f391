"""Which treaties a text asks the State to become party to: by their names, and by words of consent."""

import re
from collections.abc import Mapping

from servanda.vocab.models import Instrument

# Where texts usually break off the long name of a treaty, in the languages of its names.
ENDS = (
    *(" and Other ", " y Otros ", " et autres ", " e Outras ", " وغيره "),
    *(", aiming", ", destinado", ", visant", ", com vista", "، الهادف"),
    *(" and Members ", " y de Sus ", " et des membres ", " e dos Membros ", " وأفراد "),
    *(" and Inhuman ", " y de las Penas ", " et des peines ", " e das Penas ", " والمعاملة "),
)
IN_BRACKETS = re.compile(r"\s*\(([^()]{6,})\)$")
CONSENT = re.compile(
    r"\b(?:ratif|acced|accession|adher|adhes|adhér|adhés|aderir|adira|adesão|sign(?:ing)? "
    r"|becom(?:e|ing) (?:a )?(?:state )?party)"
    r"|تصديق|تصدق|صادق|انضمام|تنضم|الانضمام",
    re.IGNORECASE,
)
LEFT_OUT = ("International ", "the Protection of ", "All ")  # words that texts in English often leave out
SHORTEST_NAME = 5
ALSO_CALLED = {
    "ICPPED": ("CPED", "CED"),
    "ICRMW": ("CMW", "Migrant Workers Convention", "Convention on Migrant Workers"),
}


def names_of(instrument: Instrument) -> set[str]:
    """The names by which texts call it, in small letters: whole, broken off, the one in brackets, and its codes."""
    data = instrument.name.data
    found: set[str] = set()
    for name in data.values() if isinstance(data, dict) else [str(instrument.name)]:
        if brackets := IN_BRACKETS.search(name):
            found.add(brackets[1])
        base = IN_BRACKETS.sub("", name)
        cuts = [base.index(end) for end in ENDS if end in base]
        found |= shorter({base, base[: min(cuts)] if cuts else base})
    long_enough = {name for name in found if len(name) >= SHORTEST_NAME}
    return {plain(name) for name in long_enough | codes_of(instrument)}


def codes_of(instrument: Instrument) -> set[str]:
    """Its code, and the other orders in which texts write that of a protocol: OP-CEDAW, OP-CRC-IC, OP-CAT."""
    code, found = instrument.code, {instrument.code, *ALSO_CALLED.get(instrument.code, ())}
    parent = instrument.parent.code if instrument.parent else ""
    if parent and code.startswith(f"{parent}-OP"):
        found.add(f"OP-{parent}{code.removeprefix(f'{parent}-OP')}")
        found.add(f"{parent}-OP{code.removeprefix(f'{parent}-OP').replace('-', '')}")
    if parent and code in (f"{parent}-OP", f"OP{parent}"):
        found |= {
            f"OP-{parent}",
            f"OP{parent}",
            f"Optional Protocol to {parent}",
            f"Optional Protocol to the {parent}",
        }
    return found


def shorter(names: set[str]) -> set[str]:
    """The names, and what is left of them without the words that texts leave out."""
    for words in LEFT_OUT:
        names = names | {name.replace(words, "") for name in names}
    return names


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def treaties_asked(text: str, names: Mapping[str, str]) -> set[str]:
    """The codes of the treaties that a text with words of consent names; of names within each other, the longest.

    `names` are codes by name, as `names_of` gives them.
    """
    if not CONSENT.search(text):
        return set()
    rest, found = plain(text), set()
    for name in sorted(names, key=len, reverse=True):
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        rest, count = re.subn(pattern, "|", rest)
        if count:
            found.add(names[name])
    return found
