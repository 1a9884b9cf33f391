"""Finds paragraphs that request the dissemination of the observations themselves."""

import re

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.paragraph_kinds import plain

DISSEMINATION_TITLE = lazy_pattern(
    r"^\W*(?:[A-Zа-яА-Я]\s?[.)]\s*)?(?:dissemination|diffusion|difusión|divulgación|disseminação|divulgação|"
    r"распространение|نشر|النشر|传播|التعميم)",
    re.I,
)
# Below "Dissemination and training" a treaty is to be made known.
OF_TEACHING = lazy_pattern(
    r"\btrain|\baware|\beducat|\bformation|\bsensibili|\béducat|\bformación|\bconcien|\bcapacit|\beducac|\bformação|\bconscien"
    r"|подготовк|обучени|осведомл|просвещ|توعي|الوعي|تدريب|تثقيف|培训|宣传",
    re.I,
)
DISSEMINATION = lazy_pattern(
    r"\bdisseminat\w+|\breports?\s+be\s+made\s+(?:readily\s+)?available\b|\brapports\s+(?:soient\s+mis\s+)?à\s+(?:la\s+)?disposition\s+du\s+public\b"
    r"|\binformes\b.{0,40}?\bse\s+pongan\s+a\s+disposición\b|[إا]تاح[ةه]\s+(?:ال)?تق(?:رير|ارير)"
    r"|\bmake\b(?:[^.;]{0,160}?\bobservations\b|[^.;]{0,60}?\b(?:reports?|recommendations|them)\b)[^.;]{0,40}?\bwidely\s+(?:available|known)"
    r"|\bmake\s+widely\s+(?:available|known)\b|\bobservations\s+be\s+made\s+widely\s+(?:available|known)\b"
    r"|[تي]تيح[^.؛]{0,60}?\s+نطاق\s+واسع[^.؛]{0,120}?الملاحظات\s+الختامية|\bwidely\s+(?:publici[sz]e|distribute|translat)"
    r"|\bdiffus\w+|\bdifund\w+|\bd(?:é|ar)\s+(?:una\s+)?(?:(?:más\s+)?amplia\s+|la\s+mayor\s+)?difusión\b|\bdivulg\w+|\bdissemin\w+|распростран\w+|(?:نشر|تعميم|بنشر|بتعميم|تنشر|تعمم)"
    r"|(?:传播|散发|分发|宣传)[^。；;，,]{0,40}?结论性意见|结论性意见[^。；;，,]{0,30}?(?:广泛|广为)(?:传播|散发|分发|宣传)",
    re.I,
)
# Below the heading "Dissemination" only.
MADE_KNOWN = lazy_pattern(
    r"\btranslat\w+|\bknown\s+(?:to|by|among)\b|\btradui\w+|\bconna[iî]tre\b|\bconnus?\b|\btraduc\w+|\btraduzi\w+|\bconocer\b"
    r"|\bconhec\w+|(?<!\w)[وفبل]?(?:[تي]ترجم|ترجمة|(?:ال)?تعريف|[تي]عر[ّ]?ف)",
    re.I,
)
OBSERVATIONS = lazy_pattern(
    r"concluding\s+observations|observations\s+finales|observaciones\s+finales|observações\s+finais"
    r"|заключительн\w+\s+замечани\w+|الملاحظات\s+الختامية|ملاحظات\w*\s+الختامية|结论性意见"
    r"|present\s+report|présent\s+rapport|presente\s+informe",
    re.I,
)
# Those of an earlier report, which a recommendation recalls: "Recalling its previous concluding observations, ..."
EARLIER_OBSERVATIONS = lazy_pattern(
    r"\b(?:previous|earlier|last)\s+concluding\s+observations\b|\bconcluding\s+observations\s+on\s+(?:the|its)\s+(?:previous|last)\b"
    r"|\b(?:précédentes|dernières)\s+observations\s+finales\b|\bobservations\s+finales\s+(?:précédentes|antérieures)\b"
    r"|\b(?:anteriores|últimas|previas)\s+observaciones\s+finales\b|\bobservaciones\s+finales\s+(?:anteriores|previas)\b"
    r"|\b(?:anteriores|últimas)\s+observações\s+finais\b|\bobservações\s+finais\s+anteriores\b"
    r"|(?:предыдущи|предшествующи|прошлы)\w+\s+заключительн\w+\s+замечани\w+"
    r"|ملاحظات\w*\s+الختامية\s+السابقة|(?:以往|上次|上一次|先前|前次)(?:的)?结论性意见",
    re.I,
)
SHORT_TITLE = 3  # words


def is_dissemination(text: str, headings: tuple[str, ...] = ()) -> bool:
    """Whether a paragraph requests the dissemination of the observations themselves."""
    text, titled = plain(text), bool(headings and has_dissemination_title(headings[-1]))
    names = OBSERVATIONS.search(EARLIER_OBSERVATIONS.sub(" ", text)) is not None
    if titled and names and MADE_KNOWN.search(text):
        return True
    return bool(DISSEMINATION.search(text)) and (names or titled)


def has_dissemination_title(title: str) -> bool:
    """Whether a title is of nothing else: not "Dissemination of the Convention to judges" or "Dissemination and
    training"."""
    is_short = len(title.split()) <= SHORT_TITLE
    return is_short and bool(DISSEMINATION_TITLE.match(title)) and not OF_TEACHING.search(title)
