"""What all commands share: lazy loading, the options that work everywhere, and errors told in one line.

Nothing heavy is imported here: `tribunwatch --help` must stay within 8 times a bare `python -c pass`.
"""

import importlib
import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.errors import FAILED, INTERRUPTED, WRONG_USE, CrawlerError
from crawler.nearest import nearest

if TYPE_CHECKING:
    from config.settings import Settings
    from crawler.archive.connect import Archive

_Table = Mapping[str, Any]


@dataclass
class Door:
    """What the options that work everywhere asked for, and what follows from them."""

    config: Path | None = None
    archive: str | None = None
    as_json: bool = False
    verbose: int = 0
    quiet: bool = False
    debug: bool = False
    no_color: bool = False

    @cached_property
    def settings(self) -> "Settings":
        """The settings, checked once; raises SettingsError."""
        from config.settings import load_settings

        flags = {"archive.path": self.archive} if self.archive else {}
        return load_settings(self.config, os.environ, flags)

    def open_archive(self, *, write: bool = False, demo_will_do: bool = True) -> "Archive":
        """Open the archive that the settings name; only `write` makes it where there is none.

        A reader who has no archive yet, but has run the demo, is shown the demo's archive and told so.
        """
        from crawler.archive.connect import Archive
        from crawler.commands.places import demo_archive

        path, demo = self.settings.archive_path, demo_archive()
        is_unnamed = self.settings.origin("archive.path") == "default"
        if not write and demo_will_do and is_unnamed and demo.exists() and not Path(path).exists():
            self.say(f"no archive yet at {path}; this is the demo's, {demo}")
            path = str(demo)
        if not write:
            return Archive.open(path, readonly=True, wait_s=self.settings.archive.wait_s)
        from crawler.commands.progress import steps
        from crawler.opening import open_up_to_date

        with steps(self) as tell:
            return open_up_to_date(self.settings, say=self.say, tell=tell, create=True)

    def say(self, line: str) -> None:
        """Tell the person one line on stderr, unless --quiet."""
        if not self.quiet:
            click.echo(line, err=True)

    def start_logging(self) -> None:
        """Send log lines to stderr: warnings, with -v what happens, with -vv and --debug everything."""
        level = logging.DEBUG if self.debug or self.verbose > 1 else logging.INFO if self.verbose else logging.WARNING
        if self.quiet and not self.debug:
            level = logging.ERROR
        logging.basicConfig(
            level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr, force=True
        )
        # More than is shown may be told: the log of a crawl hears it too.
        for shown in logging.getLogger().handlers:
            shown.setLevel(level)


def _remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
    if context.get_parameter_source(parameter.name or "") is click.core.ParameterSource.COMMANDLINE:
        door = context.ensure_object(Door)
        name = parameter.name or ""
        setattr(door, name, door.verbose + int(str(value)) if name == "verbose" else value)


def _everywhere() -> list[click.Parameter]:
    """Return the options that every command takes, before or after its name."""

    def option(*names: str, text: str, **settings: Any) -> click.Option:
        return click.Option(names, help=text, expose_value=False, callback=_remember, **settings)

    return [
        option("-c", "--config", metavar="FILE", type=click.Path(path_type=Path), text="Settings file to use."),
        option("--archive", metavar="FILE-or-URL", text="Archive to use; also TRIBUNWATCH_ARCHIVE."),
        option("--json", "as_json", is_flag=True, text="Print JSON."),
        option("-v", "verbose", count=True, text="Tell what happens; -vv tells everything."),
        option("-q", "--quiet", "quiet", is_flag=True, text="No progress and no remarks."),
        option("--debug", is_flag=True, text="Show where an error comes from."),
        option("--no-color", is_flag=True, text="No colours; also NO_COLOR."),
    ]


class Command(click.Command):
    """A command that also takes the options that work everywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _everywhere()


class LazyGroup(click.Group):
    """A group whose commands are a table of name → (where it lives, one-line help), loaded when called."""

    def __init__(self, *, name: str, help: str, table: _Table) -> None:  # noqa: A002 - click's own word
        super().__init__(name=name, help=help, no_args_is_help=True)
        self.table = {key: value for key, value in table.items() if key != "help"}
        self.params += _everywhere()
        if name == "tribunwatch":
            self.params.append(_version_option())

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Load one command."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        if isinstance(entry, Mapping):
            return LazyGroup(name=cmd_name, help=str(entry["help"]), table=entry)
        module, _, attribute = entry[0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args[0] not in self.table and not args[0].startswith("-"):
            ctx.fail(f"no command {args[0]!r}{nearest(args[0], self.table)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write the table of commands without loading any."""
        rows = [
            (name, str(entry["help"]) if isinstance(entry, Mapping) else entry[1]) for name, entry in self.table.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _version_option() -> click.Option:
    def show(context: click.Context, _: click.Parameter, value: object) -> None:
        if value and not context.resilient_parsing:
            from importlib.metadata import version

            click.echo(f"tribunwatch {version('tribunwatch')}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help="Print the version."
    )


def run(group: click.Group, arguments: Sequence[str] | None) -> int:  # noqa: PLR0911 - one exit for each kind of end
    """Run a command line and return its exit code; every failure is one line on stderr.

    0 done; 1 failed or partly failed; 2 wrong use or settings; 3 another process holds the archive; 4 the site cannot
    be reached; 130 interrupted.
    """
    door = Door()
    try:
        result = group.main(args=arguments, prog_name="tribunwatch", standalone_mode=False, obj=door)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG_USE
    except click.ClickException as error:
        return _tell(_usage_line(error), WRONG_USE, debug=door.debug)
    except (KeyboardInterrupt, click.Abort):
        return _tell("interrupted", INTERRUPTED, debug=door.debug)
    except CrawlerError as error:
        return _tell(f"error: {error}", error.exit_code, debug=door.debug)
    except (BrokenPipeError, SystemExit):
        # The reader of our output went away (`| head`), for which click leaves with SystemExit: nothing is wrong, and
        # Python must not complain at its end. The shell's completion leaves the same way, rightly.
        if "_TRIBUNWATCH_COMPLETE" in os.environ:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last door: whatever it is, the person gets one line
        line = f"error: unexpected {type(error).__name__}: {error}; please report it with what --debug prints"
        return _tell(line, FAILED, debug=door.debug)
    return result if isinstance(result, int) else 0


def _usage_line(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    where = context.command_path if context else "tribunwatch"
    message = " ".join(error.format_message().split()).rstrip(".")
    return f"error: {message}; see '{where} --help'"


def _tell(line: str, code: int, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    click.echo(" ".join(line.split()), err=True)
    return code
