"""Keys, masks and particles of `dure.engines.hangul`: the design's worked numbers and its laws."""

import unicodedata

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from dure.engines import hangul

HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "key", "initials"),
    [
        ("  두레  샘랩 ", "두레샘랩", "ㄷㄹㅅㄹ"),
        ("한별나루연합회", "한별나루연합회", "ㅎㅂㄴㄹㅇㅎㅎ"),
        ("꿈꾸는 쌀집", "꿈꾸는쌀집", "ㄱㄱㄴㅅㅈ"),
        ("DURE 2호점", "dure2호점", "dure2ㅎㅈ"),
        ("㈜까치", "주까치", "ㅈㄱㅊ"),
        ("(주)까치", "주까치", "ㅈㄱㅊ"),
        ("두\u200b레", "두레", "ㄷㄹ"),
        ("\u3164\u3164", "", ""),
        ("ｄｕｒｅ １", "dure1", "dure1"),
    ],
)
def test_keys_of_the_worked_names(name: str, key: str, initials: str) -> None:
    assert hangul.search_key(name) == key
    assert hangul.initials_key(name) == initials
    assert hangul.search_key(unicodedata.normalize("NFD", name)) == key


def test_doubled_and_clustered_consonants_are_searched_plain() -> None:
    assert hangul.initials_key("ㄲㄲㄴ") == "ㄱㄱㄴ"
    assert hangul.initials_key("ㄳ") == "ㄱㅅ"
    assert hangul.initials_key("가시버시랩") == "ㄱㅅㅂㅅㄹ"
    assert hangul.is_initials("ㄳ")
    assert not hangul.is_initials("ㅏ")
    assert not hangul.is_initials("가ㄱ")


def test_half_typed_words_are_found() -> None:
    assert hangul.jamo_key("한벼") in hangul.jamo_key("한별나루")
    assert hangul.jamo_key("한ㅂ") in hangul.jamo_key("한별나루")
    assert hangul.jamo_key("두렝") not in hangul.jamo_key("두레에너지")
    assert hangul.jamo_key_shifted("두렝") in hangul.jamo_key("두레에너지")
    assert hangul.jamo_key_shifted("닭") == hangul.jamo_key("달ㄱ")
    assert hangul.jamo_key_shifted("dure") is None


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("홍길동", "홍*동"),
        ("이산", "이*"),
        ("남궁민수", "남**수"),
        ("뷁", "*"),
        ("", "*"),
        (unicodedata.normalize("NFD", "홍길동"), "홍*동"),
    ],
)
def test_masks(name: str, mask: str) -> None:
    assert hangul.masked_name(name) == mask


@pytest.mark.parametrize(
    ("word", "pair", "particle"),
    [
        ("두레", "을/를", "를"),
        ("협동조합", "을/를", "을"),
        ("서울", "을/를", "을"),
        ("두레", "으로/로", "로"),
        ("협동조합", "으로/로", "으로"),
        ("서울", "으로/로", "로"),
        ("DURE", "을/를", "을(를)"),
        ("", "이/가", "이(가)"),
    ],
)
def test_particles(word: str, pair: str, particle: str) -> None:
    assert hangul.josa(word, pair) == particle


def test_a_particle_pair_is_two_particles() -> None:
    with pytest.raises(ValueError, match="을"):
        hangul.josa("두레", "을")


@for_all(st.text(max_size=40))
def test_a_key_of_a_key_is_the_key(text: str) -> None:
    key = hangul.search_key(text)
    assert hangul.search_key(key) == key
    assert hangul.initials_key(key) == hangul.initials_key(text)
    assert hangul.initials_key(hangul.initials_key(text)) == hangul.initials_key(text)


@for_all(HANGUL)
def test_initials_agree_with_the_decomposed_text(text: str) -> None:
    leads = [char for char in unicodedata.normalize("NFD", text) if "\u1100" <= char <= "\u1112"]
    plain = [hangul.INITIALS[ord(char) - 0x1100] for char in leads]
    assert hangul.initials_key(text) == "".join(hangul.PLAIN.get(char, char) for char in plain)


@for_all(HANGUL, st.integers(0, 11))
def test_every_part_of_a_name_is_inside_its_key(text: str, start: int) -> None:
    assert hangul.jamo_key(text[start:]) in hangul.jamo_key(text)


LETTERS = st.text(st.sampled_from("ㄱㄴㄷab1"), min_size=1, max_size=6)


@for_all(LETTERS, LETTERS)
def test_a_doubled_query_is_inside_a_doubled_key_just_where_it_was(query: str, name: str) -> None:
    doubled = hangul.paired_initials(query) in hangul.paired_initials(name)
    assert doubled == (hangul.initials_key(query) in hangul.initials_key(name))


@pytest.mark.parametrize(
    ("typed", "inside", "outside"),
    [
        ("한벼", "한별나루", "한바다"),
        ("한ㅂ", "한별나루", "한솔"),
        ("ㄱ", "까치", "나래"),
        ("ㅎ", "한별", "카페"),
        ("닭", "닭집", "달"),
        ("dure", "dure2호점", "dur"),
    ],
)
def test_what_begins_with_a_half_typed_text(typed: str, inside: str, outside: str) -> None:
    low, high = hangul.beginning_range(typed)
    assert low <= hangul.search_key(inside) < high
    assert not low <= hangul.search_key(outside) < high


@for_all(HANGUL, st.integers(1, 12))
def test_a_name_begins_with_its_own_beginning(text: str, length: int) -> None:
    low, high = hangul.beginning_range(text[:length])
    assert low <= text < high
