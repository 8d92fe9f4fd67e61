"""The components that need more than markup. What they look like: `/styleguide/`."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from standards.glossary import WORDS
from web.elements import PageLinks, Tab, Text
from web.states import look
from web.values import language

register = template.Library()

FormSource: TypeAlias = "BaseForm | BaseFormSet[Any]"

ORDER, AFTER, BEFORE = "order", "after", "before"
"""Names of the parameters of a list's address: column to sort by (`-` descends), and the two cursors."""

MESSAGE_TONES = {
    "debug": "neutral",
    "info": "active",
    "success": "positive",
    "warning": "caution",
    "error": "critical",
}
MESSAGE_ICONS = {"debug": "info"}


@register.simple_tag
def icon(name: str, label: Text = "") -> SafeString:
    """A drawing of the sprite. Without a label it is decoration and hidden from screen readers."""
    url = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, url
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', url)


@register.simple_tag
def state(kind: str, code: str, note: Text = "", large: bool = False) -> SafeString:
    """A badge: `{% state "standing" "phase_out" note="by 31 Mar 2028" %}`. Kinds and codes: `web.states`."""
    found = look(kind, str(code))
    return format_html(
        '<span class="state tone-{}{}">{}{}</span>',
        found.tone,
        " state-large" if large else "",
        icon(f"shape-{found.shape}"),
        format_html("{} {}", found.word, note) if note else found.word,
    )


@register.simple_tag
def meaning(code: str) -> SafeString:
    """A way to what a word means: `{% meaning "standing" %}`. Codes: `standards.glossary`."""
    label = _("What “%(word)s” means") % {"word": WORDS[code].label(language())}
    return format_html(
        '<a class="meaning" href="{}#{}" title="{}">{}</a>',
        reverse("glossary"),
        code,
        label,
        icon("info", label),
    )


@register.inclusion_tag("components/message.html")
def message(level: str, text: Text, title: Text = "") -> dict[str, object]:
    """A message to the reader; `level` is info, success, warning or error."""
    return {
        "tone": MESSAGE_TONES[level],
        "icon_name": MESSAGE_ICONS.get(level, level),
        "text": text,
        "title": title,
        "role": "alert" if level == "error" else "status",
    }


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: Text) -> dict[str, object]:
    """`{% breadcrumb "/drones/" _("Drones") drone.name %}`: pairs of address and label, then this page."""
    if len(parts) % 2 == 0:
        raise template.TemplateSyntaxError(
            "breadcrumb takes pairs of address and label, then the name of the page."
        )
    return {"links": list(zip(parts[:-1:2], parts[1:-1:2], strict=True)), "here": parts[-1]}


@register.inclusion_tag("components/breadcrumb.html")
def trail(links: Sequence[tuple[str, Text]], here: Text) -> dict[str, object]:
    """As `breadcrumb`, from a list of (address, label) that the view made."""
    return {"links": links, "here": here}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Tab], label: Text) -> dict[str, object]:
    """Links to the pages of one record; `label` names the group for screen readers."""
    return {"tabs": items, "label": label}


@register.inclusion_tag("components/tile.html")
def tile(
    label: Text, figure: object, url: str = "", unit: Text = "", note: Text = "", tone: str = ""
) -> dict[str, object]:
    """A figure that opens the list it counts; text in its place, such as "withheld", is set smaller."""
    is_text = not isinstance(figure, int | float | Decimal)
    return {
        "label": label,
        "figure": figure,
        "is_text": is_text,
        "url": url,
        "unit": unit,
        "note": note,
        "tone": tone,
    }


@register.inclusion_tag("components/fact.html")
def fact(label: Text, value: object = None, note: Text = "") -> dict[str, object]:
    """One line of `<dl class="facts">`; a value that is None or empty reads "not recorded"."""
    return {"label": label, "value": value, "missing": value is None or value == "", "note": note}


def field_layout(field: BoundField) -> str:
    """How a field is laid out: hidden, choice (one box to tick), group (fieldset) or control."""
    if field.is_hidden:
        return "hidden"
    if isinstance(field.field.widget, CheckboxInput):
        return "choice"
    return "group" if field.use_fieldset else "control"


@register.inclusion_tag("components/field.html", name="field")
def form_field(field: BoundField) -> dict[str, object]:
    """A form field with label, help and errors, tied together for screen readers."""
    return {"field": field, "layout": field_layout(field)}


def _forms(sources: Sequence[FormSource]) -> Iterator[BaseForm]:
    for source in sources:
        yield from source.forms if isinstance(source, BaseFormSet) else [source]


def _anchor(field: BoundField) -> str:
    """The id of the first control: a group of boxes has no id of its own to focus."""
    return field.id_for_label or f"{field.auto_id}_0"


def form_problems(*sources: FormSource) -> list[dict[str, object]]:
    """Every error of the forms as (message, anchor, label); those of no field have neither of the last."""
    problems: list[dict[str, object]] = []
    for source in sources:
        if isinstance(source, BaseFormSet):
            problems += [{"message": error} for error in source.non_form_errors()]
    for form in _forms(sources):
        problems += [{"message": error} for error in form.non_field_errors()]
        problems += [
            {"message": error, "anchor": _anchor(bound), "label": bound.label}
            for bound in form
            for error in bound.errors
        ]
    return problems


@register.inclusion_tag("components/errors.html")
def errors(*sources: FormSource, focus: bool = True) -> dict[str, object]:
    """The summary above a form: every error as a link to its field. Takes forms and formsets.

    It takes the focus when the page opens, unless the page is about something else.
    """
    return {"problems": form_problems(*sources), "focus": focus}


def _query(context: Context, **changes: str) -> str:
    """The query of this request without cursors and with these changes; an empty value removes."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in {AFTER: "", BEFORE: "", **changes}.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/column.html", takes_context=True)
def column(
    context: Context, label: Text, sort: str = "", number: bool = False
) -> dict[str, object]:
    """A table's `<th>`. With `sort` it is a link that orders by this column, and turns it round."""
    request = context.get("request")
    order = request.GET.get(ORDER, "") if request else ""
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(order, "") if sort else ""
    turned = f"-{sort}" if direction == "ascending" else sort
    url = _query(context, **{ORDER: turned}) if sort else ""
    return {"label": label, "url": url, "direction": direction, "number": number}


@register.simple_tag
def list_count(page: PageLinks) -> str:
    """How much of a list is shown, in one sentence."""
    words = {"shown": f"{page.shown:,}", "total": f"{page.total or 0:,}"}
    if page.total is None:
        return _("%(shown)s shown") % words
    if page.estimated:
        return _("%(shown)s shown of about %(total)s") % words
    return _("%(shown)s shown of %(total)s") % words


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: PageLinks) -> dict[str, object]:
    """Previous and next of a keyset list, keeping filters and order; nothing where all is on one page."""
    return {
        "page": page,
        "previous_url": _query(context, **{BEFORE: page.previous}) if page.previous else "",
        "next_url": _query(context, **{AFTER: page.next}) if page.next else "",
    }
