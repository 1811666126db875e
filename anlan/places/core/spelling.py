"""How a name is found by typing Latin letters."""

from pypinyin import Style, lazy_pinyin


def spelling(name: str) -> tuple[str, str]:
    """Return the name in pinyin without tones, and its initials; other letters stay, in small.

    >>> spelling("柳溪镇")
    ('liuxizhen', 'lxz')
    """
    syllables = [syllable.lower() for syllable in lazy_pinyin(name, style=Style.NORMAL)]
    kept = ["".join(letter for letter in syllable if letter.isalnum()) for syllable in syllables]
    return "".join(kept)[:400], "".join(syllable[:1] for syllable in kept)[:60]
