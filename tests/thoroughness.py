"""How long the drawn tests try: THOROUGHNESS=20 draws twenty times as many examples as an ordinary run."""

import os


def examples(usual: int) -> int:
    return usual * int(os.environ.get("THOROUGHNESS", "1"))
