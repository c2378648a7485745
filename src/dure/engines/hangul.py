"""Hangul as people type, search and read it (한글).

Nouns: *search key*, what is left of a text when its writing habits are taken away; *jamo key*,
the search key taken apart into conjoining letters, so that half-typed syllables match; *initials
key* (초성), the first consonant of each syllable; *mask*, a name of which only the ends are shown;
*particle* (조사), the ending that depends on the last syllable's final consonant.

Law: every key is a function of the search key alone, and a key of a key is the key itself.
Composed syllable: U+AC00 + (initial * 21 + vowel) * 28 + final, Unicode Standard, section 3.12.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SYLLABLE_FIRST = 0xAC00
SYLLABLE_LAST = 0xD7A3
FINAL_COUNT = 28
VOWEL_COUNT = 21

JAMO_FIRST = 0x3131
JAMO_LAST = 0x318E
FILLERS = frozenset("\u3164\u115f\u1160\uffa0")

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
PLAIN = {"ㄲ": "ㄱ", "ㄸ": "ㄷ", "ㅃ": "ㅂ", "ㅆ": "ㅅ", "ㅉ": "ㅈ"}
CLUSTERS = {
    "ㄳ": "ㄱㅅ",
    "ㄵ": "ㄴㅈ",
    "ㄶ": "ㄴㅎ",
    "ㄺ": "ㄹㄱ",
    "ㄻ": "ㄹㅁ",
    "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ",
    "ㄾ": "ㄹㅌ",
    "ㄿ": "ㄹㅍ",
    "ㅀ": "ㄹㅎ",
    "ㅄ": "ㅂㅅ",
}
CONSONANTS = frozenset(INITIALS) | frozenset(CLUSTERS)
_PLAIN_TEXT = re.compile("[가-힣0-9A-Za-z]*")
RIEUL = FINALS.index("ㄹ")


def _initial_letters() -> dict[int, str]:
    """The plain initials of every syllable, doubled letter and cluster, by code point."""
    table = {ord(char): letters for char, letters in (CLUSTERS | PLAIN).items()}
    for code in range(SYLLABLE_FIRST, SYLLABLE_LAST + 1):
        initial = INITIALS[(code - SYLLABLE_FIRST) // (FINAL_COUNT * VOWEL_COUNT)]
        table[code] = PLAIN.get(initial, initial)
    return table


_INITIAL_OF = _initial_letters()


@lru_cache(maxsize=256)  # a name is asked for several times in a row
def search_key(text: str) -> str:
    """Return what remains of a text when spaces, brackets, width and case are taken away.

    text    : any text, at most 10**4 characters
    Returns   NFC text of letters and digits only; compatibility jamo (ㄱ … ㆎ) stay as typed,
              all else is NFKC and case-folded; fillers, marks, zero-width characters are gone.
    Raises    nothing; a text without a letter or digit gives "".
    Source    design decision: NFKC alone would turn a typed ㄱ into a conjoining letter.

    >>> search_key("  두레  샘랩 "), search_key("DURE 2호점"), search_key("㈜까치")
    ('두레샘랩', 'dure2호점', '주까치')
    """
    if _PLAIN_TEXT.fullmatch(text):
        return text.casefold()
    folded: list[str] = []
    run: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        jamo = _compatibility_jamo(char)
        if jamo is None:
            run.append(char)
            continue
        folded.append(_folded("".join(run)))
        folded.append(jamo)
        run.clear()
    folded.append(_folded("".join(run)))
    return _composed("".join(folded))


def jamo_key(text: str) -> str:
    """Return the search key taken apart into conjoining letters (NFD), the key for partial words.

    text    : any text
    Returns   NFD of `search_key(text)`; a consonant typed last becomes an initial: 한ㅂ finds 한별.

    >>> [jamo_key("한별").startswith(jamo_key(typed)) for typed in ("한벼", "한ㅂ")]
    [True, True]
    """
    key = search_key(text)
    tail = ""
    if len(key) > 1 and key[-1] in INITIALS:
        tail = chr(0x1100 + INITIALS.index(key[-1]))
        key = key[:-1]
    return unicodedata.normalize("NFD", key) + tail


def jamo_key_shifted(text: str) -> str | None:
    """Return the jamo key with the last final consonant read as the next syllable's initial.

    text    : any text
    Returns   the other reading of a half-typed word (두렝 → 두레 + ㅇ), or None when the last
              character is no syllable with a final consonant.

    >>> jamo_key("두레임").startswith(jamo_key_shifted("두렝") or "-"), jamo_key_shifted("두레")
    (True, None)
    """
    key = search_key(text)
    if not key or not _is_syllable(key[-1]):
        return None
    final = FINALS[(ord(key[-1]) - SYLLABLE_FIRST) % FINAL_COUNT]
    if final == "":
        return None
    pair = CLUSTERS.get(final, final)
    kept, moved = (pair[0], pair[1]) if len(pair) == 2 else ("", final)
    open_syllable = ord(key[-1]) - (ord(key[-1]) - SYLLABLE_FIRST) % FINAL_COUNT
    last = chr(open_syllable + FINALS.index(kept))
    return unicodedata.normalize("NFD", key[:-1] + last) + chr(0x1100 + INITIALS.index(moved))


def composed_initial(shifted: str) -> str:
    """Return a shifted jamo key as text again, its last initial as a typed consonant.

    >>> composed_initial(jamo_key_shifted("두렝") or "")
    '두레ㅇ'
    """
    return unicodedata.normalize("NFC", shifted[:-1]) + INITIALS[ord(shifted[-1]) - 0x1100]


def initials_key(text: str) -> str:
    """Return the first consonant of each syllable (초성), doubled letters folded to plain ones.

    text    : any text
    Returns   the search key with each syllable replaced by its initial; ㄲㄸㅃㅆㅉ become plain
              and a typed cluster is split (ㄳ → ㄱㅅ); other characters as they are.

    >>> initials_key("한별나루연합회"), initials_key("꿈꾸는 쌀집"), initials_key("ㄳ")
    ('ㅎㅂㄴㄹㅇㅎㅎ', 'ㄱㄱㄴㅅㅈ', 'ㄱㅅ')
    """
    return search_key(text).translate(_INITIAL_OF)


def beginning_range(text: str) -> tuple[str, str]:
    """Return (low, high) such that search keys in [low, high) begin with a half-typed text.

    text    : a text with at least one letter or digit
    Returns   bounds in code-point order: an open syllable takes any final consonant, a consonant
              typed last any syllable that begins with it (folded as in the initials key).
    Raises    ValueError when nothing is left of the text.

    >>> low, high = beginning_range("한벼")
    >>> low <= "한별나루" < high, low <= "한보" < high
    (True, False)
    """
    key = search_key(text)
    if not key:
        raise ValueError("no letter or digit")
    stem, last = key[:-1], key[-1]
    if _is_syllable(last):
        final = (ord(last) - SYLLABLE_FIRST) % FINAL_COUNT
        return key, stem + chr(ord(last) + (FINAL_COUNT if final == 0 else 1))
    letter = CLUSTERS.get(last, PLAIN.get(last, last))[0]
    if letter not in INITIALS:
        return key, key + "\U0010ffff"
    block = VOWEL_COUNT * FINAL_COUNT
    first = INITIALS.index(letter)
    after = first + 1
    while after < len(INITIALS) and INITIALS[after] in PLAIN:
        after += 1
    return stem + chr(SYLLABLE_FIRST + first * block), stem + chr(SYLLABLE_FIRST + after * block)


def paired_initials(text: str) -> str:
    """Return the initials key with each letter twice, so that two letters carry whole trigrams.

    text    : any text
    Returns   `initials_key(text)`, each character doubled. A doubled query is inside a doubled key
              exactly where the query is inside the key: a trigram index answers two-letter queries.

    >>> paired_initials("두레"), paired_initials("ㄹㅅ") in paired_initials("두레샘랩")
    ('ㄷㄷㄹㄹ', True)
    """
    return "".join(letter * 2 for letter in initials_key(text))


def is_initials(text: str) -> bool:
    """Say whether a text is made of consonants only, so that it asks for the initials key.

    >>> is_initials("ㄷㄹ ㅅㄹ"), is_initials("두ㄹ"), is_initials("")
    (True, False, False)
    """
    key = search_key(text)
    return key != "" and all(char in CONSONANTS for char in key)


def masked_name(name: str) -> str:
    """Return a person's name with only its ends shown (홍*동).

    name    : one name; composed first, surrounding space dropped
    Returns   one syllable `*`; two: first and `*`; more: first, `*` for each between, last.
    Source    practice of masked lists; a list carries no birth year beside it.

    >>> [masked_name(name) for name in ("홍길동", "이산", "남궁민수", "뷁")]
    ['홍*동', '이*', '남**수', '*']
    """
    letters = unicodedata.normalize("NFC", name).strip()
    if len(letters) <= 1:
        return "*"
    if len(letters) == 2:
        return letters[0] + "*"
    return letters[0] + "*" * (len(letters) - 2) + letters[-1]


def josa(word: str, pair: str) -> str:
    """Return the particle (조사) that fits a word's last syllable.

    word    : the word the particle follows
    pair    : `with final/without final`: "을/를", "이/가", "은/는", "과/와", "으로/로"
    Returns   one of the two; both, as `을(를)`, when the word does not end in a Hangul syllable.
              For 으로/로 a final ㄹ counts as none.
    Raises    ValueError when `pair` is not two particles with one stroke between them.

    >>> [josa(word, "을/를") for word in ("두레", "협동조합", "서울")]
    ['를', '을', '을']
    >>> [josa(word, "으로/로") for word in ("두레", "협동조합", "서울", "DURE")]
    ['로', '으로', '로', '(으)로']
    """
    closed, stroke, opened = pair.partition("/")
    if not (closed and stroke and opened) or "/" in opened:
        raise ValueError(pair)
    last = unicodedata.normalize("NFC", word)[-1:]
    if not last or not _is_syllable(last):
        return f"(으){opened}" if closed == "으로" else f"{closed}({opened})"
    final = (ord(last) - SYLLABLE_FIRST) % FINAL_COUNT
    if final == 0 or (closed == "으로" and final == RIEUL):
        return opened
    return closed


def _is_syllable(char: str) -> bool:
    return SYLLABLE_FIRST <= ord(char) <= SYLLABLE_LAST


def _compatibility_jamo(char: str) -> str | None:
    """The compatibility letter a character is, half-width ones widened; None for all else."""
    if char in FILLERS:
        return None
    if JAMO_FIRST <= ord(char) <= JAMO_LAST:
        return char
    if 0xFFA1 <= ord(char) <= 0xFFDC:
        wide = unicodedata.decomposition(char).partition(" ")[2]
        return chr(int(wide, 16)) if wide else None
    return None


def _folded(text: str) -> str:
    plain = "".join(char for char in text if char not in FILLERS)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
