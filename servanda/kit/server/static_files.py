"""Static files under names with a short hash; the style sheets that every page has are one file."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import brotli
from django.core.files.base import ContentFile, File
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

JOINED = ("css/site.css", "css/pages.css")  # they only import, for servers that read the source
IMPORT = re.compile(r'@import url\("([a-z_]+\.css)"\)(?: ([^;]+))?;\n')
DIGITS = 8  # of the hash: the names are on every page

type Paths = dict[str, tuple]  # by name: where the source is


class SparingCompressor(Compressor):
    """Compresses what is new: the files are collected at each start, and are rarely others."""

    def compress(self, path: str) -> list[str]:
        compressed: list[str] = [f"{path}.br", f"{path}.gz"] if is_compressed(path) else super().compress(path)
        return compressed


def is_compressed(path: str) -> bool:
    """Whether the compressed files of an earlier start contain what the file contains now."""
    try:
        with_brotli = brotli.decompress(Path(f"{path}.br").read_bytes())
        with_gzip = gzip.decompress(Path(f"{path}.gz").read_bytes())
    except (OSError, EOFError, zlib.error, brotli.error):
        return False
    return bool(with_brotli == with_gzip == Path(path).read_bytes())


class Storage(CompressedManifestStaticFilesStorage):
    def file_hash(self, name: str, content: File | None = None) -> str | None:
        found = super().file_hash(name, content)
        return found and found[:DIGITS]

    def create_compressor(self, **options: Any) -> Compressor:
        return SparingCompressor(**options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only those whose names have a hash: no page asks for another name, and a brotli takes a while."""
        hashed = set(self.hashed_files.values())
        yield from super().compress_files([path for path in paths if path in hashed])

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
