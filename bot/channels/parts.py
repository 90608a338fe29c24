"""A long text in parts that a channel takes."""

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` UTF-16 units, none blank, cut at the end of a line or else of a word.

    A single word that is longer is cut between characters that are shown apart. UTF-16 is the stricter count:
    an emoji is two units of an SMS, and a part short enough in units is short enough in characters.
    """
    parts = []
    rest = text.strip()
    while rest:
        end = _end(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return parts


def _end(text: str, limit: int) -> int:
    """How many characters of the text the next part takes."""
    most = _characters(text, limit)
    if most == len(text):
        return most
    # A line's end in the first half would leave a stub; the half keeps the number of parts in bounds.
    if (line := text.rfind("\n", 0, most + 1)) > most // 2:
        return line
    if (word := max(text.rfind(mark, 0, most + 1) for mark in " \n\t")) > 0:
        return word
    return _between_shown(text, most)


def _characters(text: str, units: int) -> int:
    """How many leading characters fit into so many UTF-16 units, at least one."""
    fitting = text[:units].encode("utf-16-le", "surrogatepass")[: units * 2]
    return max(1, len(fitting.decode("utf-16-le", "ignore")))


def _between_shown(text: str, most: int) -> int:
    end = most
    while end > 1 and (_joins(text[end]) or text[end - 1] == _ZERO_WIDTH_JOINER):
        end -= 1
    return end if end > 1 else most


def _joins(character: str) -> bool:
    """Whether it is shown as part of the character before it."""
    is_mark = unicodedata.category(character) in {"Mn", "Me", "Mc"}
    return is_mark or character == _ZERO_WIDTH_JOINER or character in _SKIN_TONES
