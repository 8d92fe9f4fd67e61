"""The words of the registry: each is there in both languages, and every way to one of them leads somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from standards.glossary import WORDS
from tests.people import People
from tests.web.journeys import main_of, seen_by, text_of

TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_word_stands_on_the_page_with_its_meaning(people: People, language: str) -> None:
    page = text_of(seen_by(people.aiko, language).get("/glossary/"))
    for word in WORDS:
        assert word.meaning(language) in page
        assert word.en in page
        assert word.ja in page


def test_a_word_points_to_words_that_are_there() -> None:
    assert [code for word in WORDS for code in word.see if code not in WORDS] == []


def test_a_reader_of_english_is_told_how_a_word_is_written_in_japanese(people: People) -> None:
    page = main_of(seen_by(people.aiko).get("/glossary/"))
    assert 'Dossier <small lang="ja">審査調書</small>' in page


def test_every_way_to_a_word_names_one_of_the_glossary() -> None:
    named = {
        code
        for file in TEMPLATES.rglob("*.html")
        for code in re.findall(r'{% meaning "([^"]*)" %}', file.read_text())
    }
    assert "standing" in named
    assert sorted(named - set(WORDS.codes)) == []


def test_a_page_leads_to_the_word_that_it_uses(people: People) -> None:
    page = main_of(seen_by(people.aiko).get("/lists/"))
    assert 'href="/glossary/#list"' in page
    assert "What “List” means" in page
