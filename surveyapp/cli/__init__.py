"""The command line: `surveyapp`. It mirrors the console; heavy modules are imported inside the commands."""

from __future__ import annotations

import sys

import click

from surveyapp.cli import answers, definitions, delivery, rehearsing, results, rounds, service, tokens, users


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="surveyapp")
def commands() -> None:
    """Ask a partnership's stakeholders what they think, on the web and by text, and show what the answers mean."""


for command in (
    service.demo,
    service.serve,
    service.check,
    service.database,
    service.routes,
    service.simulate_phone,
    delivery.deliver,
    delivery.tick,
    delivery.worker,
    delivery.simulate_gateway,
    users.user,
    definitions.definition,
    rounds.round_,
    answers.answers,
    tokens.token,
    rehearsing.simulate,
    results.export,
    results.scorecard,
    results.comments,
):
    commands.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run a command: exit 0 done, 1 the input or the state is at fault, 2 wrong usage."""
    try:
        # Without its standalone mode click gives the code of a command that asked to leave.
        sys.exit(commands.main(arguments, prog_name="surveyapp", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        sys.exit("Stopped.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        from surveyapp.cli.faults import find_sentences

        sentences = find_sentences(error)
        if sentences is None:
            raise
        for sentence in sentences:
            click.echo(sentence, err=True)
        sys.exit(1)
