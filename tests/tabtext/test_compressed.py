"""Compressed files come back whole, or what is wrong with them is said in one sentence."""

import gzip
import json
import random
import re

import pytest
import zstandard

from tabtext.errors import InputError
from tabtext.jsonl import compression, open_input, read_jsonl, read_lines, read_text, write_jsonl
from tabtext.readers.limits import read_bytes

RECORDS = [{"id": number, "word": random.Random(number).random()} for number in range(5000)]


@pytest.fixture(params=[".gz", ".zst"])
def packed(request, tmp_path):
    path = tmp_path / f"records.jsonl{request.param}"
    write_jsonl(path, RECORDS)
    return path


def test_a_whole_file_is_read_to_its_end(packed):
    assert list(read_jsonl(packed)) == RECORDS


@pytest.mark.parametrize("share", [0.001, 0.5, 0.7, 0.9999])
def test_a_file_that_ends_in_the_middle_is_refused(packed, share):
    data = packed.read_bytes()
    packed.write_bytes(data[: int(share * len(data))])
    for read in (lambda path: list(read_lines(path)), read_text, read_bytes):
        with pytest.raises(InputError, match=re.escape(str(packed)) + r": damaged or cut short.*; get it anew\.$"):
            read(packed)
    with pytest.raises(InputError, match=r"after line \d+ \(.*\); get it anew\.$"):
        list(read_lines(packed))


def test_a_small_file_cut_in_half_is_refused(packed):
    write_jsonl(packed, RECORDS[:3], overwrite=True)
    data = packed.read_bytes()
    packed.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="cut short after line 0 "):
        list(read_lines(packed))


def test_a_changed_byte_raises_nothing_but_an_input_error(packed):
    write_jsonl(packed, RECORDS[:200], overwrite=True)
    data = packed.read_bytes()
    refused = 0
    for place in range(0, len(data), 7):
        packed.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            [line.text for line in read_lines(packed)]
        except InputError as error:
            assert "damaged or cut short" in str(error)
            refused += 1
    assert refused > 20


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_members_and_frames_may_be_joined(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    block = compression(path).block
    path.write_bytes(block(b'{"a": 1}\n') + block(b"") + block(b'{"a": 2}\n'))
    assert [fields["a"] for fields in read_jsonl(path)] == [1, 2]
    path.write_bytes(b"")
    assert list(read_jsonl(path)) == [], "what a stage without records leaves"


def test_a_frame_is_read_a_little_at_a_time(tmp_path):
    path = tmp_path / "zeros.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress(bytes(2**30)))
    with open_input(path) as file:
        assert file.read(10) == bytes(10)


def test_what_stands_behind_the_last_frame_is_refused(tmp_path):
    path = tmp_path / "x.jsonl.zst"
    path.write_bytes(compression(path).block(b'{"a": 1}\n') + b"more that is no frame")
    with pytest.raises(InputError, match="damaged or cut short"):
        list(read_jsonl(path))
    path.write_bytes(gzip.compress(json.dumps({"a": 1}).encode()))
    with pytest.raises(InputError, match="damaged or cut short"):
        list(read_jsonl(path))
