import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from standards.asset_tags import (
    ALPHABET,
    LENGTH,
    LIMIT,
    AssetTagError,
    asset_tag,
    new_asset_tag,
    printed_asset_tag,
    read_asset_tag,
)

NUMBERS = st.integers(0, LIMIT - 1)


@given(NUMBERS)
def test_a_printed_tag_is_read_back_however_it_is_typed(number: int) -> None:
    tag = asset_tag(number)
    assert read_asset_tag(printed_asset_tag(tag).lower()) == tag
    assert read_asset_tag(f" {tag[:6]} {tag[6:]}".replace("1", "I")) == tag


@given(NUMBERS, NUMBERS)
def test_different_numbers_have_different_tags(one: int, other: int) -> None:
    assume(one != other)
    assert asset_tag(one) != asset_tag(other)


@given(NUMBERS, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(number: int, place: int, wrong: str) -> None:
    tag = asset_tag(number)
    assume(tag[place] != wrong)
    with pytest.raises(AssetTagError, match="check character"):
        read_asset_tag(tag[:place] + wrong + tag[place + 1 :])


@given(NUMBERS, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_two_characters_that_changed_places_are_noticed(
    number: int, one: int, other: int
) -> None:
    characters = list(asset_tag(number))
    assume(characters[one] != characters[other])
    characters[one], characters[other] = characters[other], characters[one]
    with pytest.raises(AssetTagError, match="check character"):
        read_asset_tag("".join(characters))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has 12 characters; '' has 0"),
        ("7K2M", "has 12 characters; '7K2M' has 4"),
        ("11111111111U", "'U' at position 12 is not used"),
        ("0" + "1" * 11, "'0' at position 1 is not used"),
    ],
)
def test_what_is_no_tag_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(AssetTagError, match=reason):
        read_asset_tag(text)


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_a_number_outside_the_range_has_no_tag(number: int) -> None:
    with pytest.raises(AssetTagError, match="is outside"):
        asset_tag(number)


def test_new_tags_are_not_in_sequence() -> None:
    tags = [new_asset_tag() for _ in range(50)]
    assert len(set(tags)) == 50
    assert tags != sorted(tags)
