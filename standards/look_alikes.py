"""Names written with letters of another script that look the same, or with invisible characters.

"DJI" with a Cyrillic "Ј" looks right on a page and is found by no search.
"""

import re
import unicodedata

_LATIN_OF = {
    "CYRILLIC": dict(
        zip(
            "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445"
            "\u0455\u0456\u0458\u04bb\u0501\u051b\u051d",
            "abekmhopctyxsijhdqw",
            strict=True,
        )
    ),
    "GREEK": dict(
        zip(
            "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
            "abeznikmvoptyx",
            strict=True,
        )
    ),
}
_TO_LATIN = str.maketrans({k: v for table in _LATIN_OF.values() for k, v in table.items()})
_KATAKANA_OF_KANJI = dict(zip("一口力二工夕卜八才三千", "ーロカニエタトハオミチ", strict=True))
_KANJI_IN_KATAKANA = re.compile(
    rf"(?<=[\u30a0-\u30ff])[{''.join(_KATAKANA_OF_KANJI)}](?![\u3400-\u9fff])"
)
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_WORD = re.compile(r"[^\W_]+")
LOST = "\ufffd"
"""What programs write for bytes that are no text in the encoding they expected."""


def hidden_characters(text: str) -> tuple[str, ...]:
    """The invisible and direction-changing characters in the text, as "U+200B", in order."""
    return tuple(f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in _HIDDEN)


def suspicious_words(name: str) -> tuple[str, ...]:
    """The words that mix Latin with Cyrillic or Greek letters, or have a kanji within katakana
    that looks like one ("ドロ一ン"). Japanese mixed with Latin is ordinary and not reported."""
    words = _WORD.findall(unicodedata.normalize("NFKC", name))
    return tuple(word for word in words if _is_mixed(word) or _KANJI_IN_KATAKANA.search(word))


def skeleton(name: str) -> str:
    """The name in lower case with every look-alike letter replaced by the one it looks like, so
    that a disguised spelling equals the plain one; for comparing only, never for showing."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_TO_LATIN)
    text = "".join(c for c in text if unicodedata.category(c) not in _HIDDEN)
    return _KANJI_IN_KATAKANA.sub(lambda found: _KATAKANA_OF_KANJI[found[0]], text)


def _is_mixed(word: str) -> bool:
    scripts = {unicodedata.name(character, "").split(" ")[0] for character in word}
    return len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1
