"""How the survey workbook looks."""

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from anlan.assessment.core.values import Dimension, Kind, Leaf

INK = "#1F2A37"
ACCENT = "#1D4E89"
LINE = "#C9D1DB"
OPEN = "#FFFFFF"
SHUT = "#E8EBEF"
PALE = "#F3F6FA"
FAULT = "FFF4B8B0"
DIMENSION_TINTS = {
    Dimension.ORG: "#DCE8F5",
    Dimension.CAPABILITY: "#DDF0E6",
    Dimension.MATERIALS: "#F6E9D8",
    Dimension.PROCESS: "#E9E2F3",
    Dimension.DIGITAL: "#DCEFF2",
}
NUMBER_FORMATS = {
    Kind.BOOLEAN: "General",
    Kind.NUMBER: "General",
    Kind.RATIO: "0.0##%",
    Kind.DATE: "yyyy-mm-dd",
}
PLAIN: dict[str, object] = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": INK, "valign": "vcenter"}


class Formats:
    """The workbook's cell formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        """Remember the book that formats are added to."""
        self._book = book
        self._made: dict[str, Format] = {}

    def named(self, key: str, **settings: object) -> Format:
        """Return the format of that name, made from the settings when first asked for."""
        if key not in self._made:
            self._made[key] = self._book.add_format(PLAIN | settings)
        return self._made[key]

    @property
    def title(self) -> Format:
        """A sheet's title."""
        return self.named("title", font_size=16, bold=True, font_color=ACCENT)

    @property
    def text(self) -> Format:
        """Running text."""
        return self.named("text", text_wrap=True)

    @property
    def quiet(self) -> Format:
        """A remark."""
        return self.named("quiet", font_color="#5B6776")

    @property
    def label(self) -> Format:
        """The name of a row or a setting."""
        return self.named("label", bold=True, align="right", font_color="#5B6776", indent=1)

    @property
    def head(self) -> Format:
        """A column's title."""
        return self.named(
            "head", bold=True, font_color="#FFFFFF", bg_color=ACCENT, border=1, border_color=LINE, align="center"
        )

    def tinted(self, dimension: Dimension, *, bold: bool = False) -> Format:
        """Return the header of a leaf's column, tinted by its dimension."""
        return self.named(
            f"tint {dimension} {bold}",
            bg_color=DIMENSION_TINTS[dimension],
            bold=bold,
            text_wrap=True,
            align="center",
            border=1,
            border_color=LINE,
        )

    def fixed(self, *, number_format: str = "@") -> Format:
        """Return a locked cell of a table."""
        look = {"bg_color": SHUT, "border": 1, "border_color": LINE, "num_format": number_format}
        return self.named(f"fixed {number_format}", **look)

    def free(self, *, number_format: str = "@") -> Format:
        """Return a cell of a table that may be filled in."""
        look = {"bg_color": OPEN, "border": 1, "border_color": LINE, "num_format": number_format, "locked": False}
        return self.named(f"free {number_format}", **look)

    def answer(self, leaf: Leaf, *, is_open: bool) -> Format:
        """Return the format of a leaf's cells."""
        align = "right" if leaf.kind in (Kind.NUMBER, Kind.RATIO) else "center"
        return self.named(
            f"answer {leaf.kind} {is_open}",
            bg_color=OPEN if is_open else SHUT,
            border=1,
            border_color=LINE,
            num_format=NUMBER_FORMATS[leaf.kind],
            align=align,
            locked=not is_open,
        )
