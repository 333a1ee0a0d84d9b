"""The built page in its bucket, and the file that tells it where to sign in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aws_cdk import Annotations, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct, IConstruct

from infra.acknowledgements import accept
from infra.build_folder import ROOT
from infra.grants import shown
from infra.settings import Settings

#: Where `make page` leaves it.
BUILT: Final = ROOT / "pipeline/packshot/api/static"
_STAND_IN: Final = Path(__file__).with_name("site_stand_in")
INDEX: Final = "index.html"
#: What the page reads first; the page as built has one that says "nowhere".
CONFIG: Final = "config.json"
#: Vite's folder of files that carry their hash in the name.
ASSETS: Final = "assets"
_YEAR: Final = Duration.days(365)


class PageNotBuiltError(RuntimeError):
    """There is no page to deploy."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The page is not built: there is no {folder / INDEX}. Build it with `make page`, or leave the"
            " site out with `-c site=false`."
        )


def page_folder(scope: Construct, settings: Settings, built: Path) -> Path:
    """The built page; in dev a stand-in that says what is missing, with a warning.

    So a synthesis needs no Node, and yet nothing unfinished replaces a page that people work with.

    Raises:
        PageNotBuiltError: in prod, there is none.
    """
    if (built / INDEX).is_file():
        return built
    if settings.prod:
        raise PageNotBuiltError(built)
    words = "The page is not built, and one that says so is deployed in its place. `make page` builds it."
    Annotations.of(scope).add_warning_v2("packshot:page-not-built", words)
    return _STAND_IN


class Page(Construct):
    """Copies the page into its bucket at every deployment.

    First the files with a hash in their name, which may be kept for good, then those that lead to them, which
    are asked for anew each time. Files of earlier versions stay, so that an open window finds its own.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        folder: Path,
        bucket: s3.Bucket,
        config: Mapping[str, Any],
    ) -> None:
        super().__init__(scope, name)
        self._bucket = bucket
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Of the function that copies the page",
        )
        self._log = logs.LogGroup(
            self,
            "Log",
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.DESTROY,
        )
        control = deployment.CacheControl
        copies = []
        if (folder / ASSETS).is_dir():
            hashed = [deployment.Source.asset(str(folder / ASSETS))]
            kept = [control.set_public(), control.max_age(_YEAR), control.immutable()]
            copies.append(self._copy("Hashed", hashed, kept, under=ASSETS))
        leading = [
            deployment.Source.asset(str(folder), exclude=[ASSETS, CONFIG]),
            deployment.Source.json_data(CONFIG, dict(config)),
        ]
        copies.append(self._copy("Leading", leading, [control.no_cache()], after=copies))
        for further in copies[1:]:
            # CDK makes a layer for each copy; the function they share has the first one's.
            further.node.try_remove_child("AwsCliLayer")
        self._allow(copies)
        self._accept_runtime()

    def _copy(
        self,
        name: str,
        sources: list[deployment.ISource],
        cache: list[deployment.CacheControl],
        under: str | None = None,
        after: Sequence[IConstruct] = (),
    ) -> deployment.BucketDeployment:
        copy = deployment.BucketDeployment(
            self,
            name,
            sources=sources,
            destination_bucket=self._bucket,
            destination_key_prefix=under,
            cache_control=cache,
            prune=False,
            # With the stack the bucket goes, and S3 removes only an empty one.
            retain_on_delete=False,
            # CDK's own grants are whole buckets and `s3:List*`; ours stand in `_allow`.
            role=self._role.without_policy_updates(),
            log_group=self._log,
        )
        # Else the copy could begin before its role may do anything, and end after.
        copy.node.add_dependency(self._role, *after)
        return copy

    def _allow(self, copies: list[deployment.BucketDeployment]) -> None:
        sources = [one for copy in copies for one in copy.node.find_all() if isinstance(one, assets.Asset)]
        self._log.grant_write(self._role)
        read = [one.bucket.arn_for_objects(one.s3_object_key) for one in sources]
        written = self._bucket.arn_for_objects("*")
        for actions, resources in (
            (["s3:GetObject"], read),
            (["s3:ListBucket", "s3:GetBucketTagging"], [self._bucket.bucket_arn]),
            (["s3:PutObject", "s3:DeleteObject"], [written]),
        ):
            self._role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))
        reason = "It writes the page's files, whose names hold their hashes, into the page's own bucket."
        accept(self._role, f"AwsSolutions-IAM5[Resource::{shown(self._bucket)}/*]", reason)

    def _accept_runtime(self) -> None:
        (function,) = (one for one in Stack.of(self).node.children if isinstance(one, lambda_.Function))
        reason = "CDK's own function, in the runtime that it is tested with; an upgrade of CDK upgrades it."
        accept(function, "AwsSolutions-L1", reason)
