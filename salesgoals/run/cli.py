"""The command line: one command for each step, from ``salesgoals new`` to ``salesgoals report``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from salesgoals.problems import SalesgoalsError
from salesgoals.run.console import prepare_streams
from salesgoals.words import LANGUAGES, all_words, language, say, system_language, use_language

STOPPED, USAGE, INTERRUPTED = 1, 2, 130  # exit codes; 0 is "done", 3 "done, but look at the issues"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 done, 1 stopped, 2 wrong usage or 3 done but look at the issues.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows ``salesgoals``; by default what was typed.
    """
    prepare_streams()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    before = language()
    try:
        use_language(_language_of(arguments))
        return int(build_commands().main(arguments, prog_name="salesgoals", standalone_mode=False) or 0)
    except SalesgoalsError as error:
        click.echo(say("cli.stopped", text=str(error)), err=True)
        return STOPPED
    except click.UsageError as error:
        click.echo(_usage_text(error), err=True)
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo(say("cli.interrupted"), err=True)
        return INTERRUPTED
    except OSError as error:
        click.echo(say("cli.no_access", file=error.filename or "", found=error.strerror or error), err=True)
        return STOPPED
    except Exception as error:  # a mistake of ours: users get a sentence, developers the trace on request
        if os.environ.get("SALESGOALS_DEBUG"):
            raise
        click.echo(say("cli.unexpected", kind=type(error).__name__, found=error), err=True)
        return STOPPED
    finally:
        use_language(before)


def _language_of(arguments: list[str]) -> str:
    """--lang, else the workspace's own language, else the system's."""
    for position, word in enumerate(arguments):
        value = word[7:] if word.startswith("--lang=") else (
            arguments[position + 1] if word == "--lang" and position + 1 < len(arguments) else None)
        if value in LANGUAGES:
            return value
        if value is not None:
            use_language(system_language())
            raise click.UsageError(say("cli.language", found=value))
    for word in arguments[1:]:
        if (Path(word) / "workspace.toml").is_file():
            from salesgoals.workspace import open_workspace
            try:
                return open_workspace(word).settings.language
            except SalesgoalsError:
                break
    return system_language()


def _usage_text(error: click.UsageError) -> str:
    """Say click's own complaints in the reader's language."""
    if isinstance(error, click.NoSuchOption):
        text = say("cli.no_such_option", found=error.option_name)
        near = ", ".join(sorted(error.possibilities or []))
        text += say("cli.did_you_mean", nearest=near) if near else ""
    elif isinstance(error, click.MissingParameter):
        name = error.param.opts[0] if error.param and error.param.param_type_name == "option" else (
            error.param.make_metavar(error.ctx) if error.param and error.ctx else "")
        text = say("cli.missing", name=name)
    elif error.ctx is not None and isinstance(error.ctx.command, click.Group):
        known = ", ".join(error.ctx.command.commands)
        text = say("cli.no_such_command", known=known)
    elif isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param else ""
        text = say("cli.bad_value", name=name, found=error.format_message())
    else:
        text = error.format_message()
    command = error.ctx.command_path if error.ctx else "salesgoals"
    return f"{text}\n{say('cli.see_help', command=command)}"


def build_commands() -> click.Group:
    """Make the commands, with their help in the language in use."""
    from salesgoals.run import commands

    group = click.Group(help=say("cli.help"), no_args_is_help=True,
                        context_settings={"max_content_width": 100})
    group.params.append(click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False,
                                     callback=_show_version, help=say("cli.version_help")))
    group.params.append(_language_option())  # before the command or after it: read by _language_of
    for name, arguments, options, work in commands.COMMANDS:
        params: list[click.Parameter] = [
            click.Argument([word.rstrip(".")], metavar=say(f"cli.metavar_{word.rstrip('.')}"),
                           required=required, nargs=-1 if word.endswith("...") else 1)
            for word, required in arguments]
        params += [_option(name, *option) for option in options]
        params.append(_language_option())
        group.add_command(click.Command(name, params=params, callback=work, help=say(f"cli.help_{name}"),
                                        options_metavar=say("cli.options"), add_help_option=True))
    return group


def _language_option() -> click.Option:
    return click.Option(["--lang"], metavar="zh|en", help=say("cli.option_lang"), expose_value=False)


def _option(command: str, name: str, metavar: str | None = None, multiple: bool = False,
            default: Any = None) -> click.Option:
    key = name.lstrip("-").replace("-", "_")
    own = f"cli.option_{key}_{command}"  # an option that means something else in this command
    help_text = say(own if own in all_words() else f"cli.option_{key}")
    if metavar is None:
        return click.Option([name], is_flag=True, help=help_text)
    return click.Option([name, {"from": "start"}.get(key, key)], metavar=metavar, multiple=multiple,
                        default=default, show_default=default is not None, help=help_text)


def _show_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version
        click.echo(version("salesgoals"))
        context.exit()


if __name__ == "__main__":
    sys.exit(main())
