"""How long the drawn tests try: THOROUGHNESS=20 draws twenty times as many examples as an ordinary run.

An ordinary run is short and, where it is said so, the same each time; a thorough one draws what nobody has drawn yet:
`THOROUGHNESS=20 pytest --timeout=0 tests/models`.
"""

import os

_TIMES = int(os.environ.get("THOROUGHNESS", "1"))


def examples(usual: int) -> int:
    return usual * _TIMES


def is_thorough() -> bool:
    return _TIMES > 1
