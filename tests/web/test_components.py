"""What the components promise: words beside colours, labels tied to fields, links that keep filters."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.forms import BaseForm
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django_htmx import __file__ as htmx_package

from compliance.models import RuleResult, StandingState, WaiverState
from policy.models import PolicyVersion, Rule
from policy.verdicts import Standing
from procurement.states import Status
from records.models import MailEntry
from registry.models import Declaration, Drone, ImportSession, OwnershipLink
from web.elements import PageLinks, Tab
from web.states import LOOKS, UnknownStateError
from web.templatetags.components import form_problems

ROOT = Path(settings.BASE_DIR)
CSS = (ROOT / "static/css/registry.css").read_text()
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FILES_OF_THEIR_OWN = {ROOT / "templates" / "purchases" / "evidence.html"}
"""Given out as files, which carry their style with them: no page of the site."""


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def shown(source: str, path: str = "/", **context: object) -> str:
    """A template with the tags loaded, on the request of an address."""
    request = RequestFactory().get(path)
    template = Template("{% load components formats %}" + source)
    return template.render(Context({"request": request, **context}))


def ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


def attribute(html: str, name: str) -> list[str]:
    return re.findall(rf'\b{name}="([^"]*)"', html)


# ---- Numbers, money and dates


@pytest.mark.parametrize(
    ("source", "english", "japanese"),
    [
        ("{{ 1234567|number }}", "1,234,567", "1,234,567"),
        ("{{ 0|number }}", "0", "0"),
        ("{{ 'withheld'|number }}", "withheld", "withheld"),
        ("{{ 512600|money }}", "¥512,600", "512,600円"),
        ("{{ 4999|money:'USD' }}", "USD 4,999", "USD 4,999"),
    ],
)
def test_numbers_and_money_read_as_in_the_language(
    source: str, english: str, japanese: str
) -> None:
    assert shown(source) == english
    with translation.override("ja"):
        assert shown(source) == japanese


@pytest.mark.parametrize(
    ("source", "english", "japanese"),
    [
        ("{{ on|day }}", "22 Nov 2026", "2026年11月22日"),
        ("{{ on|era }}", "22 Nov 2026", "令和8年11月22日（2026年）"),
        ("{{ at|moment }}", "23 Nov 2026, 00:30", "2026年11月23日 00:30"),
        ("{{ at|day }}", "23 Nov 2026", "2026年11月23日"),
        ("{{ early|era }}", "1 Jan 1850", "1850年1月1日"),
    ],
)
def test_dates_read_as_in_the_language_and_in_local_time(
    source: str, english: str, japanese: str
) -> None:
    values: dict[str, Any] = {
        "on": date(2026, 11, 22),
        "at": datetime(2026, 11, 22, 15, 30, tzinfo=UTC),
        "early": date(1850, 1, 1),
    }
    assert f">{english}</time>" in shown(source, **values)
    with translation.override("ja"):
        assert f">{japanese}</time>" in shown(source, **values)


@pytest.mark.parametrize("filter_name", ["number", "money", "day", "era", "moment"])
def test_a_value_nobody_recorded_is_said_in_words(filter_name: str) -> None:
    assert "not recorded" in shown(f"{{{{ nothing|{filter_name} }}}}", nothing=None)


def test_a_fact_that_is_zero_is_not_missing() -> None:
    assert "<dd>0</dd>" in shown("{% fact 'Flights' 0 %}")
    assert "not recorded" in shown("{% fact 'Flights' '' %}")


# ---- States


@pytest.mark.parametrize("kind", LOOKS)
def test_states_of_one_kind_are_told_apart_without_colour(kind: str) -> None:
    looks = LOOKS[kind].values()
    assert len({look.shape for look in looks}) == len(looks)
    assert len({str(look.word) for look in looks}) == len(looks)


@pytest.mark.parametrize("kind", LOOKS)
def test_every_shape_is_drawn_and_every_tone_is_defined(kind: str) -> None:
    for look in LOOKS[kind].values():
        assert f"shape-{look.shape}" in SPRITE
        assert f".tone-{look.tone} {{" in CSS


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("standing", set(Standing) - {Standing.CONSULT} | set(StandingState)),
        ("acquisition", set(Standing) - {Standing.PHASE_OUT}),
        ("outcome", set(RuleResult.Outcome)),
        ("level", set(Rule.Level)),
        ("purchase", set(Status)),
        ("drone", set(Drone.Status)),
        ("link", set(OwnershipLink.Status)),
        ("grade", {str(grade) for grade in Declaration.Grade.values}),
        ("version", {*PolicyVersion.Status}),
        ("import", set(ImportSession.State)),
        ("waiver", set(WaiverState)),
        ("mail", set(MailEntry.State)),
    ],
)
def test_every_state_a_record_can_have_has_a_look(kind: str, codes: set[str]) -> None:
    assert {str(code) for code in codes} - set(LOOKS[kind]) == set()


def test_what_is_not_known_and_nothing_else_has_a_look_of_its_own() -> None:
    for kind, looks in LOOKS.items():
        for code, look in looks.items():
            not_known = code in {"undetermined", "unknown", "disputed", "not_known"}
            assert (look.tone == "unknown") is not_known, (kind, code)
            assert (look.shape == "question") is not_known, (kind, code)


def test_a_badge_has_a_word_a_shape_and_a_tone() -> None:
    badge = shown("{% state 'standing' 'phase_out' note='by 31 Mar 2028' %}")
    assert "Phase out by 31 Mar 2028" in badge
    assert "#shape-deadline" in badge
    assert "tone-serious" in badge


@pytest.mark.parametrize(
    ("kind", "code", "named"), [("standing", "fine", "undetermined"), ("mood", "clear", "outcome")]
)
def test_a_state_without_a_look_is_refused_and_the_choices_are_named(
    kind: str, code: str, named: str
) -> None:
    with pytest.raises(UnknownStateError, match=named):
        shown(f"{{% state '{kind}' '{code}' %}}")


# ---- Forms


class Aircraft(forms.Form):
    serial = forms.CharField(label="Serial <b>", help_text="As on the plate.")
    missions = forms.MultipleChoiceField(
        label="Missions",
        choices=[("a", "Rescue"), ("b", "Training")],
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.BooleanField(label="Seen")
    note = forms.CharField(label="Note", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        self.add_error(None, "Nothing fits together.")


def form_html(form: BaseForm) -> str:
    return shown("{% for item in form %}{% field item %}{% endfor %}", form=form)


def test_every_visible_control_has_a_label_and_its_descriptions_exist() -> None:
    html = form_html(Aircraft({}))
    controls = re.findall(r"<input[^>]*>", html)
    visible = [control for control in controls if 'type="hidden"' not in control]
    assert len(visible) == 5
    assert {i for control in visible for i in attribute(control, "id")} <= set(
        attribute(html, "for")
    )
    described = {part for value in attribute(html, "aria-describedby") for part in value.split()}
    assert described >= {"id_serial_helptext", "id_serial_error", "id_missions_error"}
    assert described <= ids(html)


def test_a_wrong_field_is_marked_for_everybody_and_a_right_one_is_not() -> None:
    wrong = form_html(Aircraft({}))
    assert 'class="field invalid"' in wrong
    assert 'aria-invalid="true"' in wrong
    right = form_html(Aircraft({"serial": "A1", "missions": ["a"], "seen": "on"}))
    assert "invalid" not in right


def test_a_group_of_boxes_is_a_fieldset_and_one_box_is_not() -> None:
    html = form_html(Aircraft())
    assert re.findall(r"<legend>\s*(\w+)", html) == ["Missions"]
    assert html.count("<fieldset") == 1


def test_required_is_said_only_where_something_is_required() -> None:
    assert form_html(Aircraft()).count('class="required"') == 3


def test_a_label_is_text_and_never_markup() -> None:
    assert "Serial &lt;b&gt;" in form_html(Aircraft())


def test_the_summary_links_every_error_to_a_control_that_exists() -> None:
    form = Aircraft({})
    summary = shown("{% errors form %}", form=form)
    anchors = re.findall(r'href="#([^"]+)"', summary)
    assert len(anchors) == 3
    assert set(anchors) <= ids(form_html(form))
    assert "Nothing fits together." in summary
    assert "4 things need your attention" in summary


def test_the_summary_covers_formsets_and_is_silent_when_all_is_well() -> None:
    lines = forms.formset_factory(Aircraft, extra=2, max_num=1, validate_max=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-serial": "x"}
    data["form-1-serial"] = "y"
    problems = form_problems(lines(data))
    assert problems[0] == {"message": "Please submit at most 1 form."}
    assert "id_form-1-seen" in [problem.get("anchor") for problem in problems]
    assert shown("{% errors form %}", form=forms.Form({})).strip() == ""


# ---- Lists


def test_a_sortable_column_turns_round_keeps_filters_and_starts_at_the_first_page() -> None:
    source = "{% column 'Price' sort='price' %}"
    assert 'href="?q=x&amp;order=price"' in shown(source, "/?q=x&after=cursor")
    turned = shown(source, "/?order=price")
    assert 'href="?order=-price"' in turned
    assert 'aria-sort="ascending"' in turned
    assert 'aria-sort="descending"' in shown(source, "/?order=-price")


def test_a_column_without_sort_is_no_link() -> None:
    plain = shown("{% column 'Agency' %}", "/?order=")
    assert "<a " not in plain
    assert "aria-sort" not in plain


def test_paging_keeps_filters_and_replaces_the_cursor() -> None:
    page = PageLinks(shown=50, previous="p", next="n", total=1978, estimated=True)
    html = shown("{% pagination page %}", "/?q=x&after=old", page=page)
    assert attribute(html, "href") == [
        "?q=x&amp;before=p",
        "/static/icons/sprite.svg#previous",
        "?q=x&amp;after=n",
        "/static/icons/sprite.svg#next",
    ]
    assert "50 shown of about 1,978" in html


def test_one_page_has_no_links_and_an_exact_count_does_not_say_about() -> None:
    html = shown("{% pagination page %}", page=PageLinks(shown=3, total=3))
    assert "<a " not in html
    assert "3 shown of 3" in html


def test_a_tile_is_a_link_exactly_when_it_opens_something() -> None:
    assert '<a class="tile tone-critical" href="/drones/"' in shown(
        "{% tile 'Ground now' 12 url='/drones/' tone='critical' %}"
    )
    assert "<a " not in shown("{% tile 'Cost' 'withheld' %}")


def test_a_tab_shows_a_count_of_zero_but_none_when_nothing_is_counted() -> None:
    html = shown(
        "{% tabs tabs 'Record' %}", tabs=[Tab("/a/", "Files", 0), Tab("/b/", "All", current=True)]
    )
    assert html.count('class="count"') == 1
    assert '<a href="/b/" aria-current="page">' in html


def test_a_breadcrumb_without_the_name_of_the_page_is_refused() -> None:
    with pytest.raises(Exception, match="then the name of the page"):
        shown("{% breadcrumb '/drones/' 'Drones' %}")


def test_an_error_interrupts_a_screen_reader_and_other_messages_wait() -> None:
    assert 'role="alert"' in shown("{% message 'error' 'No.' %}")
    assert 'role="status"' in shown("{% message 'success' 'Done.' %}")


# ---- Templates and style sheet as a whole


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_style_or_script_and_only_icons_that_are_drawn(path: Path) -> None:
    source = path.read_text()
    if path not in FILES_OF_THEIR_OWN:
        assert not re.search(r"<style", source)
    assert not re.search(r"\sstyle=|\son[a-z]+=|hx-on|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert set(re.findall(r'{% icon "([\w-]+)"', source)) <= SPRITE


def test_colours_are_named_in_the_tokens_and_nowhere_else() -> None:
    body = CSS[CSS.index("@layer base {") : CSS.index("@layer print {")]
    assert re.findall(r"#[0-9a-f]{3,8}\b|\brgb\(|\bhsl\(", body) == []


def test_style_sheet_and_scripts_weigh_no_more_than_sixty_kilobytes() -> None:
    files = [
        ROOT / "static/css/registry.css",
        ROOT / "static/js/registry.js",
        Path(htmx_package).parent / "static/django_htmx/htmx-2.min.js",
    ]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 60_000


def scheme(dark: bool) -> dict[str, str]:
    """The colours of a scheme, by token."""
    light, rest = CSS.split("@media (prefers-color-scheme: dark)", 1)
    tokens = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
    return dict(tokens.findall(light)) | (
        dict(tokens.findall(rest[: rest.index("@media")])) if dark else {}
    )


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    digits = colour.lstrip("#")
    full = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


TONES = ("critical", "serious", "caution", "unknown", "positive", "active", "neutral")
GROUNDS = ("ground", "ground-sunken", "ground-raised", "ground-hover")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa_on_every_ground(dark: bool) -> None:
    colours = scheme(dark)
    pairs = [(ink, on) for ink in ("ink", "ink-soft", "key", "key-strong") for on in GROUNDS]
    pairs += [(f"{tone}-ink", f"{tone}-ground") for tone in TONES]
    pairs += [("on-key", "key"), ("on-key", "key-strong"), ("on-critical", "critical-ink")]
    pairs += [("critical-ink", on) for on in GROUNDS] + [
        ("key", f"{tone}-ground") for tone in TONES
    ]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_edges_of_controls_and_badges_stand_out(dark: bool) -> None:
    colours = scheme(dark)
    pairs = [("line-control", on) for on in GROUNDS]
    pairs += [(f"{tone}-line", "ground") for tone in TONES]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}
