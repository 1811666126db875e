"""Tags of the shell: icons, islands of script, fields of forms, links that are there only if a context offers them."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, "choices"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.CheckboxInput, "check"),
    (forms.Select, "select"),
)
# What an island fetches later; scripts cannot guess addresses that carry a hash.
MAPLIBRE = (("maplibre", "maplibre.js"), ("worker", "maplibre-worker.js"))
AT_ONCE = frozenset({"maplibre"})  # not one after the other: the page asks for it while the island is still coming
PARTS = {"map": MAPLIBRE, "onemap": (*MAPLIBRE, ("charts", "charts.js")), "wall": MAPLIBRE}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a picture beside a word; it says nothing by itself."""
    sprite = static("built/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#tabler-{}"/></svg>', sprite, name)


@register.simple_tag
def island(name: str) -> SafeString:
    """Return the script of an island, for the block `scripts`: map, charts."""
    parts = format_html_join("", ' data-{}="{}"', ((key, static(f"built/{file}")) for key, file in PARTS.get(name, ())))
    early = format_html_join(
        "",
        '<link rel="modulepreload" href="{}">',
        ((static(f"built/{file}"),) for key, file in PARTS.get(name, ()) if key in AT_ONCE),
    )
    return early + format_html('<script type="module" src="{}"{}></script>', static(f"built/{name}.js"), parts)


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> SafeString:
    """Return a block's words once more: the page's title as its heading."""
    rendered: SafeString = context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context)
    return rendered


@register.simple_tag
def url_if_any(name: str, *args: object) -> str:
    """Return the address, or nothing where no context offers it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return how the field is laid out: choices, check, select or input."""
    return next((kind for widget, kind in KINDS if isinstance(field.field.widget, widget)), "input")


@register.simple_tag
def dressed(field: BoundField, look: str) -> SafeString:
    """Return the field's widget in Tabler's clothes; what the form itself asked for stays."""
    own = field.field.widget.attrs.get("class", "")
    wrong = "is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": " ".join(filter(None, (look, wrong, own)))})
