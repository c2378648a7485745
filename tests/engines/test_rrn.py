import random
import unicodedata

import pytest

from dure.engines.rrn import blank_rrn, has_rrn

FORMS = [
    "{a}{b}",
    "{a}-{b}",
    "{a} {b}",
    "{a} - {b}",
    "{a}\u2013{b}",
    "{a}\u200b-{b}",
    "담당 {a}-{b} 확인",
    "list_{a}-{b}.csv",
    "{a}\n{b}",
]


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() or c == "-" else c for c in text)


@pytest.mark.parametrize("form", FORMS)
def test_ten_thousand_made_up_numbers_are_all_found(form):
    chance = random.Random(form)
    missed = 0
    for _ in range(1200):
        a = f"{chance.randrange(100):02d}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
        b = f"{chance.randrange(9)}{chance.randrange(10**6):06d}"
        text = form.format(a=a, b=b)
        missed += not has_rrn(text)
        missed += not has_rrn(wide(text))
        missed += not has_rrn(unicodedata.normalize("NFD", text))
    assert missed == 0


@pytest.mark.parametrize(
    "text",
    [
        "999-00-10004",
        "2018-03-02",
        "20180302",
        "010-0000-0000",
        "02-0000-0000 031-000-0000",
        "900101-9234567",
        "90010-11234567",
        "",
        "서울특별시 강남구 없는길 1",
        "00000000-0000-4000-8000-000000000001",
    ],
)
def test_other_numbers_are_no_hit(text):
    assert not has_rrn(text)


def test_a_hit_is_blanked_and_the_rest_stays():
    assert blank_rrn("대표자 900101-1234567 확인") == "대표자 ******-******* 확인"
    assert blank_rrn("담당 8503152345671") == "담당 ******-*******"
    assert blank_rrn("ㄱ 없음") == "ㄱ 없음"
