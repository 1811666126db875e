"""How the survey workbook looks."""

from xlsxwriter.format import Format

from anlan.assessment.core.values import Dimension, Kind, Leaf
from anlan.web.book_formats import LINE, BookFormats

OPEN = "#FFFFFF"
SHUT = "#E8EBEF"
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


class Formats(BookFormats):
    """The formats of the survey workbook beside those of any workbook."""

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
