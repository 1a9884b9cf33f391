"""Mails that are written to files because no mail server is set. Those about a person are deleted with the person,
and files are kept no longer than sent mails."""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

END = b"-" * 79 + b"\n"  # what Django writes after each mail


def mail_files() -> Iterator[Path]:
    yield from sorted((settings.DATA_DIR / "mail").glob("*.log"))


def forget_in_mail_files(names: Iterable[str]) -> int:
    """Delete the mails that contain one of these names; returns their number."""
    patterns = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE) for name in names]
    return sum(forget_in_file(path, patterns) for path in mail_files())


def forget_in_file(path: Path, patterns: list[re.Pattern]) -> int:
    mails = [mail for mail in path.read_bytes().split(END) if mail.strip()]
    remaining = [mail for mail in mails if not any(word.search(text_of(mail)) for word in patterns)]
    if not remaining:
        path.unlink(missing_ok=True)
    elif len(remaining) < len(mails):
        fresh = path.with_suffix(".part")
        fresh.write_bytes(b"".join(mail + END for mail in remaining))
        os.utime(fresh, (path.stat().st_atime, path.stat().st_mtime))
        fresh.replace(path)
    return len(mails) - len(remaining)


def text_of(mail: bytes) -> str:
    """Headers and text, decoded."""
    message = message_from_bytes(mail, EmailMessage, policy=policy.default)
    head = [str(value) for value in message.values()]
    texts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*head, *texts, mail.decode(errors="replace")])


def forget_old_mail_files(*, before: datetime) -> int:
    old = [path for path in mail_files() if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
