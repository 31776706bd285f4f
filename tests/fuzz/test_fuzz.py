"""A short run of every fuzzing target over seeded mutations, the same ones each time."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.fuzz.targets import TARGETS, seeds

RUNS = 2000
SPLICES = [
    *b"\x00 \x1b \x9b \xff \xe2\x80\xae \xed\xa0\x80 ? : { [ ] } ' # &a *a ~ ( ) - .. --- ...".split(b" "),
    *(b"- ", b": ", b"? ", b'"', b"\\u", b"\t", b"\r\n", b"|\n", b">-\n", b"!!x ", b"<<: ", b"%YAML 1.2\n"),
    *(b" or ", b"date:", b"2025-02-30", b"9" * 400, b"a" * 400),
]


def mutated(target: str) -> Iterator[bytes]:
    """Seeds with bytes exchanged, doubled, cut out, and pieces of syntax spliced in."""
    chance = random.Random(f"briefing {target}")
    beginnings = seeds(target)
    for _ in range(RUNS):
        data = bytearray(chance.choice(beginnings))
        for _ in range(chance.randint(1, 6)):
            at = chance.randint(0, len(data))
            match chance.randrange(5):
                case 0:
                    data[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    data[at:at] = chance.choice(SPLICES)
                case 2:
                    del data[at : at + chance.randint(1, 20)]
                case 3:
                    data[at:at] = data[at : at + chance.randint(1, 40)]
                case 4:
                    other = chance.choice(beginnings)
                    data[at:] = other[chance.randrange(len(other)) :]
        yield bytes(data)


@pytest.mark.parametrize("target", list(TARGETS))
def test_no_input_breaks_a_promise(target: str) -> None:
    for data in mutated(target):
        try:
            TARGETS[target](data)
        except Exception as error:
            error.add_note(f"{target} on {data!r}")
            raise
