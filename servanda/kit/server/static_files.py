"""Static files under names with a short hash; the style sheets that every page has are one file."""

import re
from collections.abc import Iterator

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

JOINED = ("css/site.css", "css/pages.css")  # they only import, for servers that read the source
IMPORT = re.compile(r'@import url\("([a-z_]+\.css)"\)(?: ([^;]+))?;\n')
DIGITS = 8  # of the hash: the names are on every page

type Paths = dict[str, tuple]  # by name: where the source is


class Storage(CompressedManifestStaticFilesStorage):
    def file_hash(self, name: str, content: File | None = None) -> str | None:
        found = super().file_hash(name, content)
        return found and found[:DIGITS]

    def post_process(self, paths: Paths, *, dry_run: bool = False, **options: object) -> Iterator:
        if not dry_run:
            for name, text in {name: joined(paths, name) for name in JOINED if name in paths}.items():
                self.delete(name)
                paths[name] = self, self.save(name, ContentFile(text.encode()))
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined(paths: Paths, name: str) -> str:
    """The style sheet with what it imports."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return IMPORT.sub(lambda found: imported(paths, *found.groups()), file.read().decode())


def imported(paths: Paths, name: str, media: str | None) -> str:
    text = joined(paths, f"css/{name}")
    return f"@media {media} {{\n{text}}}\n" if media else text
