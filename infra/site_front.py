"""What people's browsers talk to: one distribution before the page's bucket and the API."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import accept
from infra.buckets import log_bucket
from infra.settings import Settings
from infra.site_headers import security_headers

#: What goes to the API; all else is the page.
API_PATHS: Final = ("/api/*", "/docs*")
_PATHS: Final = Path(__file__).with_name("site_paths.js")


class Front(Construct):
    """The page's bucket, and the distribution.

    Args:
        api: the host of the API.
        connects, shows: addresses that the page's scripts talk to, and that its pictures come from.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        api: str,
        connects: Sequence[str],
        shows: Sequence[str],
    ) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._headers = security_headers(self, "Headers", connects=connects, shows=shows)
        # CloudFront writes its logs with an access list, which a bucket has to allow.
        self._logs = (
            log_bucket(self, "AccessLogs", s3.ObjectOwnership.BUCKET_OWNER_PREFERRED)
            if settings.prod
            else None
        )
        self.bucket = self._bucket()
        self.distribution = self._distribution(api)
        #: Without an ending slash.
        self.address = f"https://{settings.site_domain or self.distribution.distribution_domain_name}"

    def _bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Page",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            # It is built from the repository; nothing in it is anybody's.
            removal_policy=RemovalPolicy.DESTROY,
            server_access_logs_bucket=self._logs,
            server_access_logs_prefix="page/" if self._logs else None,
        )
        if self._logs is None:
            accept(bucket, "AwsSolutions-S1", "Access logs are kept in prod; the page holds nobody's data.")
        return bucket

    def _distribution(self, api: str) -> cloudfront.Distribution:
        settings = self._settings
        own = bool(settings.site_domain)
        certificate = (
            acm.Certificate.from_certificate_arn(self, "Certificate", settings.site_certificate)
            if own
            else None
        )
        to_api = self._to_api(api)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Packshot {settings.stage}: page and API",
            default_root_object="index.html",
            default_behavior=self._to_page(),
            additional_behaviors=dict.fromkeys(API_PATHS, to_api),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            domain_names=[settings.site_domain] if own else None,
            certificate=certificate,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if own else None,
            web_acl_id=settings.site_web_acl or None,
            enable_logging=settings.prod,
            log_bucket=self._logs,
            log_file_prefix="distribution/" if self._logs else None,
        )
        self._accept(distribution)
        return distribution

    def _to_page(self) -> cloudfront.BehaviorOptions:
        paths = cloudfront.Function(
            self,
            "Paths",
            comment="Packshot: every address of the page is one file",
            code=cloudfront.FunctionCode.from_file(file_path=str(_PATHS)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        read, listed = cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST
        return cloudfront.BehaviorOptions(
            # With the list S3 says of a file that is not there that it is not; without, that it is forbidden.
            origin=origins.S3BucketOrigin.with_origin_access_control(
                self.bucket, origin_access_levels=[read, listed]
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers,
            function_associations=[
                cloudfront.FunctionAssociation(
                    function=paths, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                )
            ],
        )

    def _to_api(self, host: str) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                host,
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                # API Gateway itself ends a call at thirty seconds.
                read_timeout=Duration.seconds(30),
            ),
            # Plain HTTP is refused, not redirected: the token would have gone over the line already.
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            # With the token; without Host, by which API Gateway finds the API.
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers,
        )

    def _accept(self, distribution: cloudfront.Distribution) -> None:
        settings = self._settings
        accept(distribution, "AwsSolutions-CFR1", "Its users are those of the pool, wherever they work.")
        if not settings.site_web_acl:
            accept(
                distribution,
                "AwsSolutions-CFR2",
                "A web ACL is a choice by setting (site_web_acl): it costs by the month.",
            )
        if not settings.prod:
            accept(
                distribution,
                "AwsSolutions-CFR3",
                "Access logs are kept in prod; API Gateway logs each call in any case.",
            )
        if not settings.site_domain:
            reason = (
                "CloudFront's own certificate brings its own oldest protocol; site_domain sets it to TLS 1.2."
            )
            accept(distribution, "AwsSolutions-CFR4", reason)
