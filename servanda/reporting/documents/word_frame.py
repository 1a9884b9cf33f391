"""The parts of a Word file that are the same for every report: pages, lists, settings, tables, pictures."""

from collections.abc import Mapping, Sequence

from servanda.kit.files.word_package import MAIN

HEADINGS, PARAGRAPHS, BULLETS, LISTS = 1, 2, 3, 10  # keys of lists; those of ordered ones begin behind LISTS
DEEPEST = 2  # level of a list, from 0
CONTENTS_LEVELS = 3
PAGE, MARGIN = (11906, 16838), 1134  # twips of A4
SEPARATORS = (
    '<w:endnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:endnote>'
    '<w:endnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:endnote>'
)


def settings(latin: str, bidi: str) -> str:
    return (
        f'<w:settings xmlns:w="{MAIN}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:endnotePr><w:pos w:val="sectEnd"/><w:numFmt w:val="decimal"/><w:endnote w:id="-1"/><w:endnote w:id="0"/>'
        '</w:endnotePr><w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{latin}" w:bidi="{bidi}"/></w:settings>'
    )


def page(head: str, foot: str, *, is_landscape: bool, is_rtl: bool) -> str:
    width, height = reversed(PAGE) if is_landscape else PAGE
    turned = ' w:orient="landscape"' if is_landscape else ""
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{head}"/>'
        f'<w:footerReference w:type="default" r:id="{foot}"/>'
        '<w:endnotePr><w:numFmt w:val="decimal"/></w:endnotePr><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN if not is_landscape else 680}" w:bottom="{MARGIN}"'
        f' w:left="{MARGIN if not is_landscape else 680}" w:header="567" w:footer="567" w:gutter="0"/>'
        f"{'<w:bidi/>' if is_rtl else ''}</w:sectPr>"
    )


def in_list(key: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'


def list_key(number: int) -> int:
    return LISTS + number


def numbering(lists: Mapping[int, tuple[int, int]], *, is_rtl: bool) -> str:
    """`lists` are the level and the first number of each ordered list, by its number."""
    letters = "arabicAbjad" if is_rtl else "lowerLetter"
    roman = "decimal" if is_rtl else "lowerRoman"
    depths = [(place, 1701 + 567 * (place + 1)) for place in range(DEEPEST + 1)]
    forms = zip((letters, roman, "decimal"), depths, strict=True)
    abstract = (
        abstract_list(HEADINGS, heading_levels(is_rtl=is_rtl))
        + abstract_list(PARAGRAPHS, [level(0, "decimal", "%1.", left=1134, hanging=0, tab=1701)])
        + abstract_list(BULLETS, [level(place, "bullet", "•", left=left) for place, left in depths])
        + abstract_list(LISTS, [level(place, form, f"(%{place + 1})", left=left) for form, (place, left) in forms])
    )
    numbers = "".join(number(key, key) for key in (HEADINGS, PARAGRAPHS, BULLETS))
    for key, (depth, first) in lists.items():
        start = f'<w:lvlOverride w:ilvl="{min(depth, DEEPEST)}"><w:startOverride w:val="{first}"/></w:lvlOverride>'
        numbers += number(list_key(key), LISTS, start)
    return f'<w:numbering xmlns:w="{MAIN}">{abstract}{numbers}</w:numbering>'


def heading_levels(*, is_rtl: bool) -> list[str]:
    if is_rtl:
        forms = [("arabicAbjad", "%1-"), ("decimal", "%1-%2-"), ("decimal", "%1-%2-%3-")]
    else:
        forms = [("upperRoman", "%1."), ("upperLetter", "%2."), ("decimal", "%3.")]
    return [level(place, form, shape, left=1134, hanging=794) for place, (form, shape) in enumerate(forms)]


def level(place: int, form: str, shape: str, *, left: int, hanging: int = 567, tab: int = 0) -> str:
    tabs = f'<w:tabs><w:tab w:val="num" w:pos="{tab}"/></w:tabs>' if tab else ""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:suff w:val="tab"/><w:lvlText w:val="{shape}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr>{tabs}<w:ind w:left="{left}" w:right="1134" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )


def abstract_list(key: int, levels: Sequence[str]) -> str:
    kind = "multilevel" if len(levels) > 1 else "singleLevel"
    return (
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="{kind}"/>{"".join(levels)}</w:abstractNum>'
    )


def number(key: int, abstract: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def table(rows: str, widths: Sequence[int], *, is_rtl: bool) -> str:
    return f"{table_start(widths, is_rtl=is_rtl)}{rows}</w:tbl>"


def table_start(widths: Sequence[int], *, is_rtl: bool) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>{"<w:bidiVisual/>" if is_rtl else ""}'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0420"'
        ' w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )


def row(cells: str, *, is_head: bool = False) -> str:
    """Rows stay whole; the head is repeated on each page."""
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>{cells}</w:tr>"


def drawing(number: int, key: str, size: tuple[int, int], alternative: str) -> str:
    """`alternative` is a quoted attribute: what the picture shows, in words."""
    extent = f'cx="{size[0]}" cy="{size[1]}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr id="{number}" name="Chart {number}" descr={alternative}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Chart {number}" descr={alternative}/>'
        "<pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
