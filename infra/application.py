"""The app: settings from the context, the stacks, the rules that they are held to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.monitoring_stack import MonitoringStack
from infra.pipeline_stack import PipelineStack
from infra.settings import settings_from
from infra.site_page import BUILT
from infra.site_stack import SiteStack


def build(context: Mapping[str, Any] | None = None, outdir: str | None = None, page: Path = BUILT) -> App:
    """The app, ready to synthesise.

    Args:
        context: on top of what the CDK command line hands over (cdk.json and `-c`).
        outdir: of the cloud assembly; the command line's when None.
        page: the folder of the built page.

    Raises:
        SettingsInvalidError: a setting that can't be.
        PageNotBuiltError: in prod, there is no page to deploy.
    """
    app = App(context=dict(context) if context is not None else None, outdir=outdir)
    settings = settings_from(app.node.try_get_context)
    pipeline = PipelineStack(app, f"Packshot-{settings.stage}", settings)
    site = None
    if settings.site:
        site = SiteStack(app, f"Packshot-{settings.stage}-site", settings, pipeline=pipeline, page=page)
    MonitoringStack(app, f"Packshot-{settings.stage}-monitoring", settings, pipeline=pipeline, site=site)
    Tags.of(app).add("project", "packshot")
    Tags.of(app).add("stage", settings.stage)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app
