import pytest

from standards.look_alikes import hidden_characters, skeleton, suspicious_words

CYRILLIC_JE = "\u0408"
GREEK_OMICRON = "\u03bf"


@pytest.mark.parametrize(
    "word", [f"D{CYRILLIC_JE}I", f"S{GREEK_OMICRON}ten", "ドロ一ン", "ソニ一", "カ口リー"]
)
def test_a_word_with_letters_of_another_script_is_reported(word: str) -> None:
    assert suspicious_words(f"Technology {word} ドローン") == (word,)


@pytest.mark.parametrize(
    "name",
    ["DJI社製 Mavic", "ACSL株式会社", "DJIドローン", "ドローン一式", "第一航空", "Δ-Wing", "Завод"],
)
def test_ordinary_mixtures_are_not_reported(name: str) -> None:
    assert suspicious_words(name) == ()


def test_a_disguised_name_has_the_skeleton_of_the_plain_one() -> None:
    assert skeleton(f"D{CYRILLIC_JE}I") == skeleton("DJI") == "dji"
    assert skeleton("D\u200bJI") == "dji"
    assert skeleton("ドロ一ン") == "ドローン"


def test_different_names_keep_different_skeletons() -> None:
    assert skeleton("DJI") != skeleton("DJT")


def test_invisible_characters_are_named_by_their_code() -> None:
    assert hidden_characters("D\u200bJ\u202eI") == ("U+200B", "U+202E")
    assert hidden_characters("深圳 DJI") == ()
