"""Articles of a treaty that a heading or a question names in brackets, as one text: "2, 3 and 26" is "2, 3, 26"."""

import re
import unicodedata

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.marks import ascii_digits

COLON = lazy_pattern("[:：]")
LONGEST = 200  # characters of the articles of a question
_DIGIT = r"[0-9\u0660-\u0669\u06f0-\u06f9]"
_HAN = "零〇一二三四五六七八九十百"
_LATIN = r"(?:articles?|art[íi]culos?|artigos?|arts?\.?)"
_RUSSIAN = r"(?:(?:(?:пункт\w*|п\.|пп\.)\s[\d\s,и–-]{1,20})?(?:стат(?:ья|ьи|ье|ьям|ей|ью)|ст\.))"
_ARABIC = r"(?:(?:ال|لل|بال|وال)?(?:مادة|مادتان|مادتين|مواد))"
HEAD = lazy_pattern(rf"(?<!\w)(?:{_LATIN}|{_RUSSIAN}|{_ARABIC})(?!\w)\s*", re.I)
_PART = rf"\(\s?(?:{_DIGIT}{{1,2}}|[a-z])\s?\)"
_SUB = rf"(?:\s?{_PART}(?:\s?[-–]\s?{_PART})?){{0,3}}"
_PARAGRAPH = rf"(?:,?\s(?:párrs?|pars?|paras?|п|пп)\.\s?(?P<paragraph>{_DIGIT}{{1,2}})|\s(?P<item>[a-z])\))?"
NUMBER = lazy_pattern(rf"\s*(?P<n>{_DIGIT}{{1,3}}(?:er\b)?(?:\s?(?:bis|ter))?{_SUB}){_PARAGRAPH}", re.I)
BETWEEN = lazy_pattern(
    r"\s*(?:[,،、;]\s*(?:and|et|y|e|и|و)?|(?<=[\s\d)])(?:and|et|y|e|и|as\s+well\s+as|ainsi\s+que)(?=\s)|و|&)\s*", re.I
)
TO = lazy_pattern(r"\s*(?:[-–—]|\bto\b|\bà\b|\ba\b|\bпо\b|إلى)\s*", re.I)
CHINESE = lazy_pattern(rf"第\s?(?P<n>{_DIGIT}{{1,3}}|[{_HAN}]{{1,5}})\s?条(?P<sub>第\s?[（(]?\d{{1,2}}[）)]?\s?款)?")
_CHINESE_NUMBER = rf"(?:{_DIGIT}{{1,3}}|[{_HAN}]{{1,5}})"
# "第2、3和26条", "第二、第三和第二十六条", "第一至第四条", "第一条至第七条"
CHINESE_STEP = lazy_pattern(rf"(?P<step>至|到|[-–—]|[、，,和及与])?\s?第?\s?(?P<n>{_CHINESE_NUMBER})\s?条?")
RANGE_SIGNS = {"至", "到", "-", "–", "—"}
CHINESE_LIST = lazy_pattern(
    rf"第\s?{_CHINESE_NUMBER}\s?条?(?:\s?(?:至|到|[-–—]|[、，,和及与])\s?第?\s?{_CHINESE_NUMBER}\s?条?)+(?<=条)"
)
# The bracket of "37 a)" is inside.
BRACKETS = lazy_pattern(r"[(（]((?:[^()（）]|[(（][^()（）]{0,12}[)）]|(?<=\d\s[a-z])\)){3,160})[)）]")


def articles_in_heading(heading: str) -> str:
    """The articles that a heading names: "Right to life (art. 6)", "Right to life: article 6", "Articles 12 and 13",
    "第二条". Behind the heading of a chapter on the same line, those of the heading below it."""
    in_brackets = [match[1] for match in BRACKETS.finditer(heading)][::-1]
    for part in (*in_brackets, heading, COLON.split(heading)[-1]):
        if found := articles_at_start(part):
            return found
    return ""


def articles_in_question(text: str) -> str:
    """The articles in brackets, such as "(arts. 2 and 26)"; an article of a law in the sentence is none of them."""
    found = (articles_at_start(match[1], whole=True) for match in BRACKETS.finditer(text))
    return next((articles for articles in found if articles), "")


def articles_at_start(text: str, *, whole: bool = False) -> str:
    """The numbers that follow the word "articles" with which the text begins. With `whole`, nothing may follow."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text.startswith("第"):
        return chinese_articles(text)
    if not (head := HEAD.match(text)):
        return ""
    numbers, end = [], head.end()
    while match := NUMBER.match(text, end):
        inside = match["paragraph"] or match["item"]
        numbers.append(tidy(f"{match['n']} ({inside})" if inside else match["n"]))
        end = match.end()
        if (until := TO.match(text, end)) and (last := NUMBER.match(text, until.end())):
            numbers[-1] = f"{numbers[-1]}–{tidy(last['n'])}"
            end = last.end()
        if not (joint := BETWEEN.match(text, end)):
            break
        again = HEAD.match(text, joint.end())
        end = again.end() if again else joint.end()
    if whole and text[end:].strip(" .;:"):
        return ""
    return ", ".join(numbers)[:LONGEST]


def tidy(printed: str) -> str:
    digits = re.sub(rf"({_DIGIT}+)(?:er\b)?", lambda match: str(ascii_digits(match[1])), printed)
    return re.sub(r"(?<=\w)\s*\(\s*(\w+)\s*\)", r" (\1)", re.sub(r"\s+", " ", digits)).strip()


def chinese_articles(text: str) -> str:
    if not (listed := CHINESE_LIST.match(text)):
        return ", ".join(str(chinese_number(match["n"])) for match in CHINESE.finditer(text))[:LONGEST]
    numbers: list[str] = []
    for match in CHINESE_STEP.finditer(listed[0]):
        number = str(chinese_number(match["n"]))
        if numbers and match["step"] in RANGE_SIGNS:
            number = f"{numbers.pop()}–{number}"
        numbers.append(number)
    return ", ".join(numbers)[:LONGEST]


def chinese_number(printed: str) -> int:
    """The value of a number up to 999 in Chinese or other digits: "二十六" is 26; 0 for anything else."""
    if printed.isdecimal():
        return ascii_digits(printed)
    total, digit = 0, 0
    for sign in printed:
        if sign not in _HAN:
            return 0
        value = _HAN.index(sign)
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = max(0, value - 1)
    return total + digit
