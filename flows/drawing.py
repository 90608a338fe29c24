"""A flow as a diagram, from the tables that run."""

from flows.flow import Flow
from flows.tables import BACK, CANCEL, LEFT, NEXT, START

PAGE = """# {name}

{about}

| question | what answers it | depends on | then | asked only |
|---|---|---|---|---|
{rows}

```mermaid
stateDiagram-v2
{lines}
```

Made from `flows/{module}.py` by `make flows`. Every question can also be left (cancel), gone back from (back), said
again (repeat) and begun anew (restart).
"""


def draw(flow: type[Flow]) -> str:
    """A page of Markdown with the flow's questions and its moves as a mermaid state diagram."""
    rows = [
        f"| {ask.state.value} | {', '.join(sense.name for sense in ask.hears)} |"
        f" {', '.join(ask.needs)} | {ask.then or ''} | {'if ' + ask.when if ask.when else ''} |"
        for ask in flow.asks
    ]
    about = (flow.__doc__ or "").strip()
    module = flow.__module__.rpartition(".")[2]
    lines = "\n".join(_lines(flow))
    return PAGE.format(
        name=flow.name, about=about, rows="\n".join(rows) or "| none | | | | |", lines=lines, module=module
    )


def _lines(flow: type[Flow]) -> list[str]:
    """START is mermaid's [*]; of the house moves only "next" to the following question is drawn."""
    shape = flow.shape
    following = dict(zip([START, *shape.questions], shape.questions, strict=False))
    lines = [f"    {state}" for state in shape.states if state not in (START, LEFT)]
    for one in shape.transitions():
        if one.happened in (CANCEL, BACK) or (one.happened == NEXT and following.get(one.source) != one.dest):
            continue
        lines.append(f"    {_drawn(one.source)} --> {_drawn(one.dest)}: {one.happened}")
    return lines + [f"    {end} --> [*]" for end in shape.ends if end != LEFT]


def _drawn(state: str) -> str:
    return {START: "[*]", LEFT: "[*]"}.get(state, state)
