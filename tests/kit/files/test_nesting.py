"""A JSON text is bounded in depth, and in the length of one record, before any parser builds it."""

import io
import json
import random
from collections import deque
from functools import partial

import pytest

from servanda.kit.files.nesting import (
    MOST_BYTES_OF_A_RECORD,
    MOST_LEVELS,
    NestedTooDeeply,
    Nesting,
    RecordTooLong,
    ShallowFile,
    load_shallow,
)

DEEPEST = 100_000
DEEP = {
    "lists": b"[" * DEEPEST + b"]" * DEEPEST,
    "lists never closed": b"[" * DEEPEST,
    "objects": b'{"a":' * DEEPEST + b"1" + b"}" * DEEPEST,
    "objects never closed": b'{"a":' * DEEPEST,
    "both": b'[{"a":' * (DEEPEST // 2) + b"1" + b"}]" * (DEEPEST // 2),
    "both never closed": b'[{"a":' * (DEEPEST // 2),
    "behind a record": b'[{"Text": "[[[[", "Symbol": "A"}, ' + b"[" * DEEPEST,
}
every_depth = pytest.mark.parametrize("content", DEEP.values(), ids=DEEP)


def in_pieces(content: bytes, size: int) -> Nesting:
    nesting = Nesting()
    for start in range(0, len(content), size):
        nesting.follow(content[start : start + size])
    return nesting


@every_depth
@pytest.mark.parametrize("size", [7, 32_768])
def test_what_is_too_deep_is_refused_wherever_the_text_is_cut(content, size):
    with pytest.raises(NestedTooDeeply):
        in_pieces(content, size)


@every_depth
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_text_is_never_loaded_deeper(content, encoding):
    with pytest.raises(NestedTooDeeply):
        load_shallow(content.decode().encode(encoding))


def test_the_deepest_text_that_is_read():
    assert json.dumps(load_shallow("[" * MOST_LEVELS + "]" * MOST_LEVELS)) == "[" * MOST_LEVELS + "]" * MOST_LEVELS
    with pytest.raises(NestedTooDeeply):
        load_shallow("[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1))


def test_brackets_in_strings_are_text_however_they_are_escaped_and_cut():
    chance = random.Random(7)
    letters = ['"', "\\", "[", "]", "{", "}", "é", "a", "\\\\", '\\"']
    for _time in range(200):
        texts = ["".join(chance.choices(letters, k=chance.randrange(40))) for _text in range(5)]
        content = json.dumps([{"Text": text, "Themes": [text, []]} for text in texts]).encode()
        assert in_pieces(content, chance.randrange(1, 20)).level == 0
        assert load_shallow(content)[0]["Text"] == texts[0]
    assert load_shallow(json.dumps("[" * DEEPEST)) == "[" * DEEPEST


def test_one_record_does_not_fill_the_memory():
    wide = io.BytesIO(b"[[" + b"[]," * MOST_BYTES_OF_A_RECORD)
    file = ShallowFile(wide, records_at=1)
    with pytest.raises(RecordTooLong):
        deque(iter(partial(file.read, 32_768), b""), maxlen=0)
    assert wide.tell() < MOST_BYTES_OF_A_RECORD + 2 * 32_768


def test_many_records_may_be_as_long_as_they_like_together():
    file = ShallowFile(io.BytesIO(b"[" + b'{"Text": "x"},' * (MOST_BYTES_OF_A_RECORD // 10)), records_at=1)
    length = 0
    while piece := file.read(32_768):
        length += len(piece)
    assert length > MOST_BYTES_OF_A_RECORD
