"""People's words as the symbols of a grammar: "tmrw @ half 3" becomes "TOMORROW AT HALF 3".

Symbols are written in capitals, so a pattern over them can tell what was understood from what was not: every
other word stays in lower case. Numbers and punctuation stay as they are.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from flows.senses.wording import one_of

_SHORTEST_GUESS: Final = 6
_NO_LETTER: Final = re.compile(r"[\W\d]")
_LONG: Final = 8


class Lexicon:
    """The spellings of each symbol, and the phrases `plain` that mean nothing to the grammar."""

    def __init__(self, symbols: Mapping[str, Iterable[str]], plain: Iterable[str] = ()) -> None:
        self._symbol = {spelling: symbol for symbol, spellings in symbols.items() for spelling in spellings}
        self._plain = frozenset(plain)
        phrases = [spelling for spelling in (*self._symbol, *self._plain) if not spelling.isalpha()]
        self._token = re.compile(rf"(?<![^\W\d]){one_of(phrases)}(?!\w)|\d+|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]")
        self._guesses = [word for word in self._symbol if len(word) >= _SHORTEST_GUESS and word.isalpha()]
        self._near = lru_cache(maxsize=4096)(self._nearest)

    def read(self, text: str) -> str:
        """The folded text with every known word, phrase and sign in symbols."""
        return self._token.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        token = match[0]
        if token in self._plain:
            return _NO_LETTER.sub("_", token)
        symbol = self._symbol.get(token) or self._near(token)
        if symbol is None:
            return token
        if not token[-1].isalnum() and not token[0].isalnum():
            return f" {symbol} "  # emoji come in rows
        # "feb13" is a month and a number, not the symbol MO213.
        return f"{symbol} " if match.string[match.end() : match.end() + 1].isdigit() else symbol

    def _nearest(self, word: str) -> str | None:
        # A plural is another word ("open on sundays?"), and a first letter is hardly ever mistyped.
        if len(word) < _SHORTEST_GUESS or word.removesuffix("s") in self._symbol:
            return None
        slips = 2 if len(word) >= _LONG else 1
        for known in self._guesses:
            if known[0] == word[0] and OSA.distance(word, known, score_cutoff=slips) <= slips:
                return self._symbol[known]
        return None
