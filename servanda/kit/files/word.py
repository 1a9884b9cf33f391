"""In which language a Word file is: programs that read it aloud or check its spelling ask the file, not its words."""

from django.utils.translation import get_language, get_language_bidi, get_language_info
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.run import Run

STANDARD = "/".join(map(qn, ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang")))


def name_language(document: Document) -> None:
    """The language of the page, for everything that names none of its own."""
    language = get_language() or ""
    document.core_properties.language = language
    document.styles.element.find(STANDARD).set(qn("w:bidi" if get_language_bidi() else "w:val"), language)


def name_language_of(run: Run, language: str) -> None:
    """That of a text which is not in the language of the page; the last of a run's properties that we write."""
    if not language:
        return
    named = OxmlElement("w:lang")
    named.set(qn("w:bidi" if is_right_to_left(language) else "w:val"), language)
    run._r.get_or_add_rPr().append(named)


def is_right_to_left(language: str) -> bool:
    try:
        return bool(get_language_info(language)["bidi"])
    except KeyError:
        return False
