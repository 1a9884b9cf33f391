"""Archives as `backup` writes them, and forged ones."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

from django.db import connection

from servanda.jobs.engines import MEMBERS

DATABASE = MEMBERS[connection.vendor]
Members = list[tuple[str, bytes]]


def packed(path: Path, members: Members) -> Path:
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def signed(members: Members, **manifest: object) -> Members:
    """The same members with the hashes that fit them, and what else the manifest is to say."""
    known = json.loads(dict(members)["manifest.json"]) | manifest
    others = [(name, content) for name, content in members if name != "manifest.json"]
    known["sha256"] = {name: hashlib.sha256(content).hexdigest() for name, content in others}
    return [*others, ("manifest.json", json.dumps(known).encode())]


def with_database(members: Members, content: bytes) -> Members:
    return signed([(name, content if name == DATABASE else old) for name, old in members])
