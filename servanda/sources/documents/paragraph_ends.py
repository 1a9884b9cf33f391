"""Where a paragraph of a PDF ends: by the distances between its lines, and by lines that end before the margin."""

import re
import statistics
from itertools import pairwise

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.articles import articles_in_heading
from servanda.language.documents.marks import item_of, number_of
from servanda.sources.files.document_text import TextLine

APART = 1.35  # times the usual distance between lines: a larger one begins a new paragraph
# The same below lines that fill the width of the page, which are rarely the last ones of their paragraphs.
APART_WITHIN, FULL, FEWEST_FULL = 1.22, 0.9, 4
SHORT_OF_MARGIN = 0.72  # share of the text width: a shorter line ends its paragraph
SHORT_IN_CHINESE = 0.93  # which breaks its lines between any two signs
ARTICLES_ALONE = lazy_pattern(
    r"^(?:articles?|artículos?|artigos?|стать(?:я|и)|(?:ال)?(?:مادة|مادتان|مواد))\s+\d[\d\s,،–—-]{0,40}"
    r"(?:(?:er|to|and|et|à|y|a|e|и|و)\s?[\d\s,،–—-]{0,20}){0,3}$|^第[\d一二三四五六七八九十百第条至和、，\s-]{1,40}条$",
    re.I,
)
HAN = lazy_pattern(r"[\u4e00-\u9fff]")


def falls_short(line: TextLine, width: float) -> bool:
    """Whether a line ends so far before the margin that its paragraph does not go on below it."""
    is_chinese = len(HAN.findall(line.text)) * 2 > len(line.text.strip())
    return line.right - line.left < width * (SHORT_IN_CHINESE if is_chinese else SHORT_OF_MARGIN)


def names_articles(line: TextLine, width: float) -> bool:
    """Whether a line is a heading by its articles: "Article 3", "Right to life (art. 6)"."""
    text = line.text.strip()
    if ARTICLES_ALONE.match(text):
        return True
    is_short = text[-1:] in ")）" and falls_short(line, width) and not text[:1].islower()
    return is_short and number_of(text) is None and item_of(text) is None and bool(articles_in_heading(text))


def largest_step(lines: list[TextLine], width: float) -> float:
    """The largest distance between two lines of one paragraph."""
    steps, full = [], []
    for above, below in pairwise(lines):
        if above.page == below.page and 4 < above.foot - below.foot < 40:
            steps.append(round(above.foot - below.foot, 1))
            full += steps[-1:] if above.right - above.left > width * FULL else []
    if not steps:
        return 14.0 * APART
    usual = statistics.quantiles(steps, n=10)[2] if len(steps) > 3 else min(steps)
    if len(full) < FEWEST_FULL:
        return usual * APART
    return min(usual * APART, statistics.quantiles(full, n=10)[2] * APART_WITHIN)


def text_width(lines: list[TextLine]) -> float:
    widths = sorted(line.right - line.left for line in lines if line.right)
    return widths[int(len(widths) * 0.9)] if widths else 0.0
