"""The command line: `regulars …`."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import commands
from bot.log import configure
from bot.settings import Settings
from models.errors import RegularsError

app = typer.Typer(
    help="One bot for a small business on its WhatsApp, SMS and phone number.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print the values of local variables
)
errors = Console(stderr=True)

Files = Annotated[list[Path], typer.Argument(help="Business files (TOML)")]
Port = Annotated[int | None, typer.Option(help="Port of the demo page; PORT by default")]


@app.command()
def serve() -> None:
    """Answer customers: Twilio's webhooks, the outbox, the housekeeping."""
    _run(commands.serve)


@app.command()
def migrate() -> None:
    """Make the tables, or bring them up to date."""
    _run(commands.migrate_database)


@app.command()
def apply(files: Files) -> None:
    """Create or update businesses from their files."""
    _run(lambda settings: commands.apply_files(settings, files))


@app.command()
def export(slug: Annotated[str, typer.Argument(help="The business's slug")]) -> None:
    """Write a business back as a file, on standard output. PINs are never exported."""
    _run(lambda settings: commands.export_business(settings, slug))


@app.command()
def jobs() -> None:
    """List what happens by the clock: when it ran, when it is due, what failed."""
    _run(commands.list_jobs)


@app.command()
def demo(port: Port = None) -> None:
    """Try everything in the browser, with four example businesses and no account anywhere."""
    _run(lambda settings: commands.demo(settings, port))


@app.command()
def chat() -> None:
    """The same in the terminal."""
    _run(commands.chat)


@app.command()
def flows(folder: Annotated[Path, typer.Option(help="Where the diagrams go")] = Path("docs/flows")) -> None:
    """Draw every flow as a diagram, from the tables that run."""
    for path in commands.draw_flows(folder):
        typer.echo(path)


def _run(command: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Runs a command to its end; what we foresaw going wrong is told in one sentence."""
    try:
        settings = Settings.load()
        configure(settings.log_level, settings.log_format)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(command(settings))
    except RegularsError as error:
        errors.print("regulars:", str(error), highlight=False, markup=False)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not to be had on Windows

    return uvloop.new_event_loop


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
