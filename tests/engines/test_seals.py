"""The sealed chain: worked numbers, and every edit located."""

from __future__ import annotations

import hashlib
import random
from uuid import UUID

import pytest

from dure.engines.seals import Sealed, broken_seals, first_digest, next_digest, row_bytes

CHAIN = "core.audit"
LINE = bytes.fromhex("6551f1e216fb7fd1ddc0152bda963249083849e3f550a9518f063fbffb5e1118")


def test_worked_first_digest() -> None:
    assert first_digest(CHAIN).hex() == (
        "f86b8393c4208ee58822d56eb69c85064a680b1d1e09e34317bb238a185da4a6"
    )


def test_worked_seal_of_one_row() -> None:
    row = row_bytes(1, 1000, 1, UUID("00000000-0000-4000-8000-00000000000a"), LINE)
    assert len(row) == 66
    assert next_digest(first_digest(CHAIN), [row]).hex() == (
        "401c80034e407dc3531fbab3c89cad350ecda497d735e1cc45a2aed6aa845dd2"
    )


def test_row_is_laid_out_big_endian() -> None:
    row = row_bytes(1, 2, 3, UUID(int=4), bytes(range(32)))
    assert (
        row.hex()
        == "0001" + "0" * 15 + "2" + "0" * 15 + "3" + "0" * 31 + "4" + bytes(range(32)).hex()
    )


@pytest.mark.parametrize("bad", [(2**15, 1, 1), (1, 2**63, 1), (1, 1, -(2**63) - 1)])
def test_number_that_does_not_fit_is_refused(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        row_bytes(*bad, UUID(int=0), bytes(32))


def test_short_digest_and_short_row_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        row_bytes(1, 1, 1, UUID(int=0), bytes(31))
    with pytest.raises(ValueError, match="32 bytes"):
        next_digest(bytes(33), [])
    with pytest.raises(ValueError, match="66 bytes"):
        next_digest(bytes(32), [bytes(65)])


def plain_digest(previous: bytes, rows: list[bytes]) -> bytes:
    """The slow twin: all bytes in one string."""
    return hashlib.sha256(previous + b"".join(rows)).digest()


def chain_of(seals: int, rows: int) -> list[Sealed]:
    made, previous = [], first_digest(CHAIN)
    for number in range(1, seals + 1):
        batch = [
            row_bytes(1, number, number * rows + i, UUID(int=number * rows + i), LINE)
            for i in range(rows)
        ]
        digest = next_digest(previous, batch)
        assert digest == plain_digest(previous, batch)
        made.append(Sealed(number, digest, tuple(batch)))
        previous = digest
    return made


def test_whole_chain_has_no_fault() -> None:
    assert broken_seals(CHAIN, chain_of(20, 5)) == ()


def test_a_thousand_random_edits_are_each_found_at_their_seal() -> None:
    whole, chance = chain_of(20, 5), random.Random(7)
    missed = 0
    for _ in range(1000):
        at, row, byte = chance.randrange(20), chance.randrange(5), chance.randrange(66)
        rows = list(whole[at].rows)
        edited = bytearray(rows[row])
        edited[byte] ^= 1 << chance.randrange(8)
        rows[row] = bytes(edited)
        tampered = [*whole]
        tampered[at] = Sealed(at + 1, whole[at].digest, tuple(rows))
        missed += [b.number for b in broken_seals(CHAIN, tampered)] != [at + 1]
    assert missed == 0


def test_lost_added_and_swapped_rows_and_a_lost_seal_are_found() -> None:
    whole = chain_of(4, 3)
    first, second, third, fourth = whole
    lost = Sealed(2, second.digest, second.rows[1:])
    added = Sealed(2, second.digest, (*second.rows, second.rows[0]))
    swapped = Sealed(2, second.digest, second.rows[::-1])
    for tampered in (lost, added, swapped):
        found = broken_seals(CHAIN, [first, tampered, third, fourth])
        assert [b.number for b in found] == [2]
    assert [b.number for b in broken_seals(CHAIN, [first, third, fourth])] == [3, 4]
