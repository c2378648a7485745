"""Photos without what the camera wrote: only the picture's own pieces are left."""

from __future__ import annotations

import random
import struct
import zlib

import pytest

from dure.engines.pictures import NoPicture, cleaned

SECRET = b"GPS 37.5663 126.9014 / my phone / 2026:03:02"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(turn: int, order: str = ">") -> bytes:
    head = b"MM\0*" if order == ">" else b"II*\0"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, turn, 0)
    other = struct.pack(order + "HHII", 0x8825, 4, 1, 99)
    body = struct.pack(order + "IH", 8, 2) + other + entry + struct.pack(order + "I", 0)
    return b"Exif\0\0" + head + body + SECRET


def jpeg(*, turn: int = 1, order: str = ">", width: int = 40, height: int = 30) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01" + SECRET[:3]),
            segment(0xE1, exif(turn, order)),
            segment(0xE2, b"ICC_PROFILE" + SECRET),
            segment(0xFE, SECRET),
            segment(0xDB, bytes(65)),
            segment(0xC0, frame),
            segment(0xC4, bytes(20)),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"abc\xff\x00def\xff\xd0ghi",
            b"\xff\xd9",
            SECRET,
        )
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 1) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"tEXt", SECRET),
            chunk(b"eXIf", exif(6)[6:]),
            chunk(b"IDAT", zlib.compress(b"\0\x10\x20")),
            chunk(b"IEND", b""),
            SECRET,
        )
    )


@pytest.mark.parametrize("content", [jpeg(), jpeg(turn=6), jpeg(turn=3, order="<"), png()])
def test_nothing_of_the_camera_is_left(content: bytes) -> None:
    assert SECRET in content
    made = cleaned(content)
    for at in range(0, len(SECRET) - 8, 4):
        assert SECRET[at : at + 8] not in made.content
    assert b"ICC_PROFILE" not in made.content


def test_picture_itself_is_kept_byte_for_byte() -> None:
    made = cleaned(jpeg())
    assert (made.kind, made.width, made.height) == ("image/jpeg", 40, 30)
    assert b"abc\xff\x00def\xff\xd0ghi\xff\xd9" in made.content
    assert made.content.endswith(b"\xff\xd9")
    drawn = cleaned(png())
    assert (drawn.kind, drawn.width, drawn.height) == ("image/png", 2, 1)
    assert chunk(b"IDAT", zlib.compress(b"\0\x10\x20")) in drawn.content


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_turn_of_the_camera_is_kept(turn: int, order: str) -> None:
    made = cleaned(jpeg(turn=turn, order=order)).content
    assert cleaned(made).content == made, "cleaning twice changes nothing"
    assert (b"Exif" in made) == (turn != 1)
    if turn != 1:
        assert struct.pack(">HHIH", 0x0112, 3, 1, turn) in made


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg onload=alert(1)>",
        jpeg()[:-60],
        png()[:40],
        png(100_000, 100_000),
        jpeg(width=65_000, height=65_000),
        jpeg(width=0),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + b"\xff" * 1000,
        bytes(8_000_001),
        png().replace(b"IDAT", b"IDAX"),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(NoPicture):
        cleaned(content)


def test_broken_bytes_are_refused_and_never_crash() -> None:
    chance = random.Random(11)
    whole = (jpeg(turn=6), png())
    for _ in range(3_000):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            cleaned(bytes(content[: chance.randrange(1, len(content) + 1)]))
        except NoPicture:
            continue
