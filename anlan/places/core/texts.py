"""The text of a file of Chinese names: UTF-8 or GB18030, told apart and judged.

GB18030 decodes almost every byte sequence without complaint, so what it yields must look like Chinese.
"""

from dataclasses import dataclass

from anlan.kernel.refusal import Refusal

LEAST_COMMON = 0.9  # share of the Chinese characters that stand in GB 2312, which holds nearly every place name


class BadText(Refusal):
    """The file's encoding is not one that is taken."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text and the encoding that it was read by."""

    content: str
    encoding: str


def read_text(content: bytes) -> Text:
    """Return the text.

    Raises:
        BadText: it is in neither encoding.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadText("The file is in UTF-16; save it as CSV UTF-8 and try again")
    try:
        return Text(content.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if not _is_chinese(text):
        raise BadText("The file is neither in UTF-8 nor in GB18030; save it as CSV UTF-8 and try again")
    return Text(text, "GB18030")


def _is_chinese(text: str) -> bool:
    foreign = [letter for letter in text if not letter.isascii()]
    common = sum(_is_common(letter) for letter in foreign)
    return bool(foreign) and common >= LEAST_COMMON * len(foreign)


def _is_common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
