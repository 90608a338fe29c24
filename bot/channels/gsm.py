"""GSM-7, the cheap alphabet of SMS: 160 characters a part; one outside it leaves 70 (3GPP TS 23.038)."""

import re

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_GSM_7 = frozenset(_BASIC + _EXTENSION)

_QUOTES = {**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"')}
_DASHES = dict.fromkeys("‐‑‒–—―−•·", "-")
_SPACES = dict.fromkeys("\t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " ")
_INVISIBLE = dict.fromkeys("\u200b\u200e\u200f\u2066\u2067\u2068\u2069\ufeff", "")
_LOOK_ALIKES = str.maketrans({**_QUOTES, **_DASHES, **_SPACES, **_INVISIBLE, "…": "..."})

_CODES = {"₦": "NGN", "₵": "GHS", "₹": "INR", "₱": "PHP", "₩": "KRW", "₫": "VND"}
_SIGN = re.compile(rf"([{''.join(_CODES)}])\s*")


def is_gsm(text: str) -> bool:
    """Whether the text can be sent in GSM-7."""
    return _GSM_7.issuperset(text)


def gsm_friendly(text: str) -> str:
    """The text in GSM-7 where look-alikes and currency codes suffice for that ("₦5,000" is "NGN 5,000").

    Letters are never changed: they are a person's name or a language's own. A text that an emoji or such a
    letter makes expensive anyway stays as it is.
    """
    folded = _SIGN.sub(lambda sign: f"{_CODES[sign[1]]} ", text.translate(_LOOK_ALIKES))
    return folded if is_gsm(folded) else text
