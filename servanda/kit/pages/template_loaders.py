"""Loaders of templates that leave the indentation of the source out of the pages."""

import re
from collections.abc import Iterator

from django.template import Engine, Origin
from django.template.base import tag_re
from django.template.loaders.app_directories import Loader as AppDirectoriesLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.template.loaders.filesystem import Loader as FilesystemLoader

BREAK = re.compile(r"[ \t]*\n\s*")
# Between these, blanks are part of a message or of what is shown.
KEPT = re.compile(r"{%\s*(end)?(?:blocktranslate|blocktrans|verbatim)\b|<(/)?(?:pre|textarea)\b")


class WithoutIndentation:
    """A page is about a tenth smaller, and each is written faster. Browsers show a line break like a blank."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)  # type: ignore[misc]  # -- of the loader beside it
        return without_indentation(source) if origin.name.endswith(".html") else source


class Filesystem(WithoutIndentation, FilesystemLoader):
    pass


class AppDirectories(WithoutIndentation, AppDirectoriesLoader):
    pass


class Loader(CachedLoader):
    """Both of them, and what they have loaded."""

    def __init__(self, engine: Engine):
        super().__init__(engine, [f"{__name__}.{loader.__name__}" for loader in (Filesystem, AppDirectories)])


def without_indentation(source: str) -> str:
    return "".join(pieces(source))


def pieces(source: str) -> Iterator[str]:
    is_kept = False
    for at, piece in enumerate(tag_re.split(source)):
        is_tag, marks = at % 2 == 1, list(KEPT.finditer(piece))
        yield piece if is_tag or is_kept or marks else BREAK.sub("\n", piece)
        if marks:
            is_kept = not (marks[-1][1] or marks[-1][2])
