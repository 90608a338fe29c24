"""Redemption codes: "ABC-DEFG", six characters at random and one that gives mistakes away."""

import re

from models import checked_code

_RANDOM = 6
_LENGTH = _RANDOM + 1
_GROUP = 3

# digits as the letters that people read in them; vowels I and O are not in the alphabet
_READ_AS = str.maketrans("2345678", "ZEASGTB")
_RUDE = re.compile(
    "ANAL|ANUS|ARSE|ASS|BASTARD|CRAP|CUM|CUNT|DAMN|DEAD|FAG|FART|FCK|FUC|FUK|FUX|GAY|HATE|JAP|JEW|KKK|KRAUT|NAZ"
    "|NEGR|NGR|PEDE|PEDA|PUTA|RAPE|SATAN|SCUM|SEX|SHAG|SHT|SUCK|TWAT|WANK|WEED|WHR|XXX"
)


def new_code() -> str:
    """A code at random, without hyphen, in which nobody reads a word we would not print."""
    while is_rude(code := checked_code.new_code(_RANDOM)):
        pass
    return code


def printed(code: str) -> str:
    """The code as it is shown and read out: "ABC-DEFG"."""
    return f"{code[:_GROUP]}-{code[_GROUP:]}"


def normalised(text: str) -> str | None:
    """The code that was typed, as we keep it; None if it has not the length or the characters of one."""
    code = checked_code.tidied(text)
    return code if len(code) == _LENGTH and set(code) <= set(checked_code.ALPHABET) else None


def is_well_formed(code: str) -> bool:
    """Whether a normalised code carries its own check character: a slip shows without a look-up."""
    return len(code) == _LENGTH and checked_code.is_checked(code)


def is_rude(code: str) -> bool:
    """Whether somebody might read a word in it that we would not print."""
    return bool(_RUDE.search(code) or _RUDE.search(code.translate(_READ_AS)))
