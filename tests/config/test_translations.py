"""The catalogue is gathered from the sources by our own reader: nothing marked is missed, nothing is guessed."""

import gettext
from pathlib import Path

import polib
import pytest

from config import translations
from config.translations import ExtractionError, Message, in_python, in_template

PYTHON = [
    ('_("Drones")', [Message("Drones")]),
    ('gettext_lazy("Two " "halves")', [Message("Two halves")]),
    ('ngettext("%(n)s drone", "%(n)s drones", n)', [Message("%(n)s drone", "", "%(n)s drones")]),
    ('pgettext("month", "May")', [Message("May", "month")]),
    ('translation.gettext("By attribute")', [Message("By attribute")]),
    ('label("Not marked")', []),
    ("_('Outer %(x)s') % {'x': _('Inner')}", [Message("Inner"), Message("Outer %(x)s")]),
]

TEMPLATES = [
    ('{% translate "Drones" %}', [Message("Drones")]),
    ('{% translate "May" context "month" %}', [Message("May", "month")]),
    ("{% translate 'It said \"no\"' as answer %}", [Message('It said "no"')]),
    ('{{ value|default:_("none") }}', [Message("none")]),
    ('{% field form.name label=_("Name") %}', [Message("Name")]),
    (
        "{% blocktranslate trimmed %}\n  Made by\n  {{ maker }}\n{% endblocktranslate %}",
        [Message("Made by %(maker)s")],
    ),
    (
        "{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
        [Message("%(n)s row", "", "%(n)s rows")],
    ),
    ("<p>Not marked: _(plain)</p>", []),
]


@pytest.mark.parametrize(("source", "messages"), PYTHON)
def test_marked_texts_are_found_in_python(source: str, messages: list[Message]) -> None:
    assert sorted(in_python(source, "x.py")) == messages


@pytest.mark.parametrize(("source", "messages"), TEMPLATES)
def test_marked_texts_are_found_in_templates(source: str, messages: list[Message]) -> None:
    assert in_template(source, "x.html") == messages


@pytest.mark.parametrize(
    "source", ["\n_(name)", "\n_(5)", '\n_(f"Hello {name}")', '\nngettext("one", many, n)']
)
def test_a_text_that_is_not_plain_is_an_error_with_its_place(source: str) -> None:
    with pytest.raises(ExtractionError, match=r"x\.py:2"):
        in_python(source, "x.py")


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"msgid": "Drones", "msgstr": ""}, "no Japanese"),
        ({"msgid": "Drones", "msgstr": "機体", "flags": ["fuzzy"]}, "fuzzy"),
        ({"msgid": "By %(name)s", "msgstr": "%(nome)sによる"}, "placeholders"),
        ({"msgid": "By {name}", "msgstr": "による"}, "placeholders"),
        ({"msgid": "row", "msgid_plural": "rows", "msgstr_plural": {0: ""}}, "no Japanese"),
        ({"msgid": "By %(name)s", "msgstr": "%(name)sによる"}, ""),
        ({"msgid": "100%% sure", "msgstr": "100%%確実"}, ""),
        ({"msgid": "%(n)s row", "msgid_plural": "%(n)s rows", "msgstr_plural": {0: "%(n)s行"}}, ""),
    ],
)
def test_a_bad_translation_is_named(entry: dict[str, object], complaint: str) -> None:
    found = list(translations.entry_problems(polib.POEntry(**entry)))
    assert [complaint in line for line in found] == ([True] if complaint else [])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one module, with no catalogue yet."""
    catalogue = tmp_path / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(translations, "PROJECT", tmp_path)
    monkeypatch.setattr(translations, "CATALOGUE", catalogue)
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "pages.py").write_text('_("Drones")\n_("Vendors")\n')
    return tmp_path


def _translate(**texts: str) -> None:
    catalogue = polib.pofile(str(translations.CATALOGUE))
    for entry in catalogue:
        entry.msgstr = texts[entry.msgid]
    catalogue.save(str(translations.CATALOGUE))


def test_the_catalogue_follows_the_sources_and_keeps_translations(project: Path) -> None:
    assert "is missing" in translations.problems()[0]
    translations.update()
    assert translations.problems() == ["no Japanese: 'Drones'", "no Japanese: 'Vendors'"]
    _translate(Drones="機体", Vendors="事業者")
    assert translations.problems() == []
    (project / "web" / "pages.py").write_text('_("Drones")\n_("Models")\n')
    assert translations.problems() == [
        "not in the catalogue: 'Models' (web/pages.py)",
        "no longer in any source: 'Vendors'",
    ]
    translations.update()
    assert translations.problems() == ["no Japanese: 'Models'"]


def test_compiling_makes_what_gettext_reads(project: Path) -> None:
    translations.update()
    _translate(Drones="機体", Vendors="事業者")
    translations.compile_all()
    with translations.CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Drones") == "機体"


def test_nothing_is_compiled_twice(project: Path) -> None:
    translations.update()
    translations.compile_all()
    compiled = translations.CATALOGUE.with_suffix(".mo")
    compiled.write_bytes(b"untouched")
    translations.compile_all()
    assert compiled.read_bytes() == b"untouched"
