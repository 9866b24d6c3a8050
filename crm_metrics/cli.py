"""The command line: one module a command.

Exit 0 done, 1 the input can't be used (one plain sentence on stderr), 2 wrong usage.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from typing import NoReturn

import click

from crm_metrics import __version__
from crm_metrics.cli_options import language, language_asked
from crm_metrics.errors import CrmMetricsError, UsageError
from crm_metrics.texts import error_text, on_command_line, t

# A command is loaded when it is called: a plan need not wait for the reader of workbooks.
_COMMANDS = (
    *("inspect", "metrics", "customers", "voice", "segment", "audit"),
    *("abtest", "plan", "recheck", "report"),
)
# What no file could make right: an option's own value.
_WRONG_USAGE = frozenset(
    (
        *("no_such_check", "no_such_threshold", "threshold_range", "not_listable", "audit_day"),
        *("unknown_metric", "no_such_metric", "several_metrics", "metric_not_yet"),
        *("unknown_field", "unknown_grain", "bad_number"),
        *("plan_baseline", "plan_lift", "plan_n", "plan_power"),
    )
)


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"crm_metrics.cli_{cmd_name}"), cmd_name)
        return command


@click.group(cls=_Commands)
@click.version_option(version=__version__, prog_name="crm_metrics")
def commands() -> None:
    """Channel metrics, A/B tests and findings from the exports of any tool."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command; every error becomes one sentence and an exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    with on_command_line():
        _ran(arguments)
    sys.exit(0)


def _ran(arguments: list[str]) -> None:
    try:
        commands.main(arguments, prog_name="python -m crm_metrics", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except CrmMetricsError as error:
        click.echo(error_text(error, language(language_asked(arguments))), err=True)
        wrong_usage = isinstance(error, UsageError) or error.code in _WRONG_USAGE
        sys.exit(2 if wrong_usage else 1)
    except Exception:  # the border: a traceback helps no reader of a terminal
        logging.getLogger(__name__).debug("unexpected error", exc_info=True)
        click.echo(t("error.unexpected", language(language_asked(arguments))), err=True)
        sys.exit(1)
