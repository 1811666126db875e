"""How workbooks look."""

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INK = "#1F2A37"
ACCENT = "#1D4E89"
LINE = "#C9D1DB"
PALE = "#F3F6FA"
PLAIN: dict[str, object] = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": INK, "valign": "vcenter"}


class BookFormats:
    """A workbook's cell formats, each made once."""

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
