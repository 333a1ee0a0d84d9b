"""`packshot doctor`: is this machine fit, and if not, what to do."""

from __future__ import annotations

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL, ENVIRONMENT
from packshot.cli.options import json_option

_MARKS = {"ok": ("ok", "green"), "warning": ("note", "yellow"), "failed": ("FAIL", "red")}


@click.command(short_help="Check that this machine is fit.")
@json_option
def doctor(as_json: bool) -> int:
    """Check Python, packages, processor, network, temporary folder and disk, and run one test picture.

    Says for everything that is wrong how to put it right. Exit code 3 when Packshot can't work here.
    """
    from packshot.cli.diagnosis import examine

    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            word, tone = _MARKS[finding.level]
            console.result(f"{click.style(f'{word:4}', fg=tone)}  {finding.subject:12} {finding.words}")
            if finding.fix:
                console.result(f"{'':6}{'':12} To do: {finding.fix}")
    failed = any(finding.level == "failed" for finding in findings)
    if as_json:
        checks = [{"subject": f.subject, "level": f.level, "words": f.words, "fix": f.fix} for f in findings]
        console.json_result({"fit": not failed, "checks": checks})
    return ENVIRONMENT if failed else ALL_WELL
