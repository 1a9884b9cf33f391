"""Cleans texts from outside, and separates the paragraph number at their start."""

import html
import re
import unicodedata
from functools import lru_cache

import nh3

from servanda.kit.hidden_characters import TURNING, without_hidden, without_second_text
from servanda.kit.patterns import lazy_pattern

# Direction and joining marks are kept, because Arabic and Persian need them; other invisible characters are removed.
# Of marks that turn round what is behind them only pairs are kept, and no override, which shows letters backwards.
_UNSEEN = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff\ufffe\uffff\ud800-\udfff"
_LINE_END = "\x0b\x0c\x85\u2028\u2029"
_BLANK = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = lazy_pattern(f"[{_UNSEEN}]")
_LINE_ENDS = lazy_pattern(f"\r\n?|[{_LINE_END}]")
_BLANKS = lazy_pattern(f"[ {_BLANK}]+")
_BLANKS_AT_LINE_ENDS = lazy_pattern(" ?\n[ \n]*")
_UNTIDY = lazy_pattern(f"[\r{_UNSEEN}{_LINE_END}{_BLANK}]|  | \n|\n[ \n]")
_TURNING = lazy_pattern(f"[{TURNING}]")  # they turn round what is behind them, also beyond a label
_CLOSED_BY = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")
_OVERRIDES = "\u202d\u202e"
_ENTITY = lazy_pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BARE_AMPERSAND = lazy_pattern(r"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)")
_PERHAPS_TAG = lazy_pattern(r"<(?:(?P<name>[a-zA-Z][\w:-]*)(?=[\s/>])|[a-zA-Z/!?])[^<>]*>")
_END_TAG = lazy_pattern(r"</([a-zA-Z][\w:-]*)>")
_ANGLE = lazy_pattern(r"<(?:[a-zA-Z/!?][^<>]*>)?")
# Elements that documents contain; what else is in angle brackets is markup only with attributes or a closing tag.
_ELEMENT = lazy_pattern(
    r"(?:a|b|big|blockquote|body|br|center|div|em|font|h[1-6]|head|hr|html|i|iframe|img|li|ol|p|pre|s|script|small|span"
    r"|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul)$"
)
_BREAKING_TAG = lazy_pattern(r"<\s*/?\s*(?:br|p|div|li|ul|ol|tr|table|h[1-6]|blockquote)\b", re.IGNORECASE)
_DEPTH = 4  # layers of escaping that are removed; "&amp;nbsp;" has two


def clean(text: str) -> str:
    """Plain text without tags, entities and control characters; spaces are collapsed, line breaks kept."""
    return typed(_without_markup(text) if "<" in text or "&" in text else text)


def typed(text: str) -> str:
    """Like `clean`, but with tags and entities, for what people type into plain fields: there “Article <b>” is text.
    It is escaped where it is shown."""
    if _TURNING.search(text):
        text = _paired(text)
    if _UNTIDY.search(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _BLANKS.sub(" ", _INVISIBLE.sub("", text))
        text = _BLANKS_AT_LINE_ENDS.sub("\n", text)
    text = (text if text.isascii() else without_second_text(text)).strip()
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=8192)
def clean_label(text: str) -> str:
    """A label or a name on one line, without marks that turn round the text behind it and characters that no one
    sees, and without the "- " that UHRI prints before it."""
    text = " ".join(without_hidden(clean(text)).split())
    return text.removeprefix("-").removeprefix("–").lstrip()


def typed_label(text: str) -> str:
    """A title that a person typed, on one line, without the marks that `clean_label` leaves out."""
    return " ".join(without_hidden(typed(text)).split())


def _paired(text: str) -> str:
    """Without overrides, and without marks that nothing closes or that close nothing; a lone U+202C, which printed
    texts have at their end and which changes nothing, stays."""
    opened: list[re.Match[str]] = []
    kept: set[int] = set()
    for mark in _TURNING.finditer(text):
        if mark[0] in _CLOSED_BY:
            opened.append(mark)
        elif opened and _CLOSED_BY[opened[-1][0]] == mark[0]:
            opening = opened.pop()
            kept |= set() if opening[0] in _OVERRIDES else {opening.start(), mark.start()}
        elif not opened and mark[0] == "\u202c":
            kept.add(mark.start())
    return _TURNING.sub(lambda mark: mark[0] if mark.start() in kept else "", text)


def without_unseen(text: str) -> str:
    """The text without control characters and unpaired surrogates, which databases reject."""
    return _INVISIBLE.sub("", text)


def _without_markup(text: str) -> str:
    for _layer in range(_DEPTH):
        previous, text = text, _INVISIBLE.sub("", text)
        ends = {end.lower() for end in _END_TAG.findall(text)}
        tags = {match[0] for match in _PERHAPS_TAG.finditer(text) if _is_tag(match, ends)}
        if tags:
            text = _BARE_AMPERSAND.sub("&amp;", _with_tags(text, tags))
            text = _BREAKING_TAG.sub(r"\n\g<0>", text)
            text = nh3.clean(text, tags=set(), clean_content_tags={"script", "style"}, strip_comments=True)
        text = _ENTITY.sub(_character, text)
        if text == previous:
            break
    return text


def _with_tags(text: str, tags: set[str]) -> str:
    """Only these are tags; an HTML parser would treat everything after any other angle bracket as one."""
    return _ANGLE.sub(lambda match: match[0] if match[0] in tags else f"&lt;{match[0][1:]}", text)


def _is_tag(match: re.Match[str], ends: set[str]) -> bool:
    """Whether it is markup. “<name of the village>”, as people write, is text."""
    name = (match["name"] or "").lower()
    if not name:
        return match[0][1] in "/!?"
    return bool(_ELEMENT.match(name)) or ":" in name or "=" in match[0] or name in ends


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


_ARABIC = "\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff"
_CHINESE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u300a\u201c"
# "3.5 per cent", "10.2 millions": a decimal, in the languages of the UN.
_UNIT = (
    r"(?!\s*(?:%|٪|‰|per\s?cent|percent|p\.\s?100|pour\s?cent|por\s?ciento|procent|процент|million|billion|thousand"
    r"|milliard|mill|mil\b|degree|degré|grado|градус|тыс|млн|миллион|миллиард|في المائة|مليون|سنة|عاما|百分|万|亿))"
)
_DASH = "[-–—]"
_SPLIT_DIGITS = r"\d{1,3}(?:\s\d)?"  # Arabic texts print "1 0-" and "157 - 17 6"
_UPPER = 'A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŐŒŔŘŚŠŞŤŪŮŰŹŻŽΑ-ΩА-ЯЁЄІЇҐ“"«¿¡'
# "127.179 Continue", "66.67. Interdire", "127-179" before Arabic or a line break.
_TWO_PARTS = (
    rf"(?P<two>\d{{1,3}}(?:\.\d{{1,3}}){{1,2}})(?![\d/])(?!{_DASH}\d)(?!\.\d)(?!,\d)\s?\.?{_UNIT}"
    rf"|(?P<dashed>\d{{1,3}}\s*{_DASH}\s*{_SPLIT_DIGITS})(?![\d.,/])(?:\s*{_DASH})?{_UNIT}(?=\s*\n|\s*[{_ARABIC}])"
)
# "30. Reiterating", "4.The", "19 . Le", "55-" before Arabic, "44 –" before a line break.
_ONE_PART = (
    rf"(?P<one>\d{{1,3}})\s?(?:[.．。](?![\d.．%]){_UNIT}|\s{_DASH}\s(?=[{_UPPER}]))"
    rf"|(?P<arabic>{_SPLIT_DIGITS})\s*{_DASH}{_UNIT}(?=\s*\n|\s*[«(]?[{_ARABIC}])"
)
# "113(1) The ratification", "11 (a). 12 schools": not "12(2) of the Convention".
_BRACKETED = r"\s?\((?:\d{1,2}|[a-z]|[ivx]{1,4})\)"
_LETTERED = rf"(?P<lettered>\d{{1,3}}(?:{_BRACKETED}){{1,2}})(?:\.(?=\s)|(?=\s+[{_UPPER}{_ARABIC}{_CHINESE}]))"
_AT_START = lazy_pattern(rf"\s*(?:{_LETTERED}|{_TWO_PARTS}|{_ONE_PART})\s*(?=\S)")
_UNDER_HEADING = lazy_pattern(
    rf"(?P<heading>[^\d\n][^\n]{{1,200}}(?:\n[^\d\n][^\n]{{1,200}})?)(?<![.:;,،؛：；，、])\s*\n\s*"
    rf"(?:{_TWO_PARTS}|{_ONE_PART})\s*(?=\S)"
)
_SPEAKS_AS_BODY = (
    r"committee|state part|comité|état partie|estado parte|комитет|государств"
    r"|اللجنة|الدولة الطرف|委员会|缔约国"
)
_GLUED_TO_HEADING = lazy_pattern(
    rf"(?P<heading>(?:\w{{1,5}}\s?[.-]\s?)?(?:[^\n.:;!?()\d。：；！？]|:(?!\s?\d)|\([^()\n]{{1,60}}\)){{1,160}}?)"
    rf"(?<![\d第])(?:(?P<one>\d{{1,3}})\s?[.．](?!\d)\s*(?=[{_UPPER}{_CHINESE}])"
    rf"|(?P<arabic>{_SPLIT_DIGITS})\s*{_DASH}\s*(?=[{_ARABIC}]))"
    rf"(?=[^\n]{{0,300}}?(?i:{_SPEAKS_AS_BODY}))"
)
# "Reservation to article 412. Recalling": the heading ends in a number itself, so the two cannot be separated.
_HEADING_WANTS_NUMBER = lazy_pattern(
    r"(?:\b(?:articles?|arts?|artículos?|no|nos|n o|convention|convenio|comment|recommendation|resolution|law|loi|ley"
    r"|goals?|targets?|paragraphs?|paras?|section|chapter|cycle|rule)|стать\w+|пункт\w*|№|المادة|المادتين|المواد|رقم|公约)\s+$",
    re.IGNORECASE,
)
_DIGIT_NEAR_START = lazy_pattern(r"[^\d]{0,420}\d")


def lift_number(text: str) -> tuple[str, str]:
    """The paragraph number at the start of a text, and the text without it; a heading before it is kept."""
    if not _DIGIT_NEAR_START.match(text):
        return "", text
    match = _AT_START.match(text)
    if match:
        return _number(match), text[match.end() :]
    match = _UNDER_HEADING.match(text) or _GLUED_TO_HEADING.match(text)
    if not match or _HEADING_WANTS_NUMBER.search(match["heading"]) or _is_list(_number(match), text):
        return "", text
    return _number(match), f"{match['heading'].rstrip()}\n{text[match.end() :]}"


def _number(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if lettered := groups.get("lettered"):
        return _ascii_digits(lettered)
    printed = next(filter(None, map(groups.get, ("two", "dashed", "one", "arabic"))))
    return re.sub(_DASH, ".", _ascii_digits("".join(printed.split())))


def _is_list(number: str, text: str) -> bool:
    """Whether the next number begins a later line, so that the first is a list item and no paragraph number."""
    following = int(number) + 1 if number.isdecimal() else 0
    return bool(following) and re.search(rf"\n{following}\s?[.)]", text) is not None


def _ascii_digits(text: str) -> str:
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)


def paragraph_number(printed: str) -> str:
    """A paragraph number from a cell, in the form of `lift_number`; other text is returned unchanged."""
    text = _ascii_digits(" ".join(clean(printed).split()))
    bare = re.sub(r"^(?:para(?:graph)?s?\.?|§|no\.?|№)\s*", "", text, flags=re.IGNORECASE).rstrip(". ")
    bare = re.sub(r"^(\d{3}),(\d{1,3})$|^(\d+)٫(\d+)$", r"\1\3.\2\4", bare)  # 143,27 with a decimal comma
    parts = re.split(rf"\s*(?:\.|{_DASH})\s*", bare)
    return ".".join(parts) if all(part.isdecimal() for part in parts) else text
