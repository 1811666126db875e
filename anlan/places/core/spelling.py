"""How a name is found by typing Latin letters."""


def spelling(name: str) -> tuple[str, str]:
    """Return the name in pinyin without tones, and its initials; other letters stay, in small.

    >>> spelling("柳溪镇")
    ('liuxizhen', 'lxz')
    """
    from pypinyin import Style, lazy_pinyin  # its dictionaries are fifty megabytes: only who enters a name loads them

    syllables = [syllable.lower() for syllable in lazy_pinyin(name, style=Style.NORMAL)]
    kept = ["".join(letter for letter in syllable if letter.isalnum()) for syllable in syllables]
    return "".join(kept)[:400], "".join(syllable[:1] for syllable in kept)[:60]
