"""The buckets: what comes in, what lies in between, what goes out."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import accept
from infra.settings import Settings
from packshot.contracts.work_keys import BATCHES, DOWNLOADS


class Buckets(Construct):
    """Uploads (versioned), work (expires), catalogue (versioned); access logs in prod.

    All are encrypted, refuse plain HTTP, and are closed to the public.
    """

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._logs = log_bucket(self, "AccessLogs") if settings.prod else None
        get, post = s3.HttpMethods.GET, s3.HttpMethods.POST
        self.uploads = self._bucket(
            "Uploads",
            versioned=True,
            page_may=(get, post),
            rules=[
                s3.LifecycleRule(
                    id="old-versions",
                    noncurrent_version_expiration=Duration.days(30),
                    expired_object_delete_marker=True,
                ),
                _unfinished(),
            ],
        )
        # By the property itself: the L2 option would deploy a function of its own to set it.
        self._resource(self.uploads).add_property_override(
            "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", True
        )
        days = 14 if settings.prod else 3
        self.work = self._bucket(
            "Work",
            versioned=False,
            rules=[
                s3.LifecycleRule(id="intermediate", prefix=BATCHES, expiration=Duration.days(days)),
                s3.LifecycleRule(id="downloads", prefix=DOWNLOADS, expiration=Duration.days(1)),
                _unfinished(),
            ],
        )
        self.catalogue = self._bucket(
            "Catalogue",
            versioned=True,
            page_may=(get,),
            rules=[
                s3.LifecycleRule(
                    id="replaced-pictures",
                    noncurrent_version_expiration=Duration.days(365 if settings.prod else 7),
                    expired_object_delete_marker=True,
                ),
                _unfinished(),
            ],
        )

    def _bucket(
        self,
        name: str,
        *,
        versioned: bool,
        rules: list[s3.LifecycleRule],
        page_may: tuple[s3.HttpMethods, ...] = (),
    ) -> s3.Bucket:
        keep = self._settings.prod and versioned
        bucket = s3.Bucket(
            self,
            name,
            versioned=versioned,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=rules,
            cors=self._for_page(page_may) if self._settings.site and page_may else None,
            removal_policy=RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY,
            server_access_logs_bucket=self._logs,
            server_access_logs_prefix=f"{name.lower()}/" if self._logs else None,
        )
        if self._logs is None:
            reason = "Access logs are kept in prod; a dev stack holds nobody's data for long."
            accept(bucket, "AwsSolutions-S1", reason)
        return bucket

    def _for_page(self, methods: tuple[s3.HttpMethods, ...]) -> list[s3.CorsRule]:
        """Lets the site's page use presigned addresses; without one it may nothing here."""
        origins = [self._settings.site_origins]
        # For an hour the browser need not ask again before each file.
        return [s3.CorsRule(allowed_methods=list(methods), allowed_origins=origins, max_age=3600)]

    @staticmethod
    def _resource(bucket: s3.Bucket) -> s3.CfnBucket:
        resource = bucket.node.default_child
        if not isinstance(resource, s3.CfnBucket):
            raise TypeError(f"{bucket.node.path} has no bucket resource")
        return resource


def log_bucket(
    scope: Construct,
    name: str,
    ownership: s3.ObjectOwnership = s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
) -> s3.Bucket:
    """A bucket for access logs, which outlive the stack and end after three months."""
    return s3.Bucket(
        scope,
        name,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=ownership,
        lifecycle_rules=[s3.LifecycleRule(id="old-logs", expiration=Duration.days(90)), _unfinished()],
        removal_policy=RemovalPolicy.RETAIN,
    )


def _unfinished() -> s3.LifecycleRule:
    return s3.LifecycleRule(id="unfinished-uploads", abort_incomplete_multipart_upload_after=Duration.days(2))
