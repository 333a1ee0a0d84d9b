"""What browsers are told about every answer of the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

#: As `packshot serve` has it; a test holds the two together.
POLICY: Final[Mapping[str, Sequence[str]]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "blob:", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "manifest-src": ("'self'",),
    "worker-src": ("'self'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}
_OTHERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def security_headers(
    scope: Construct, name: str, *, connects: Sequence[str], shows: Sequence[str]
) -> cloudfront.ResponseHeadersPolicy:
    """The local server's headers, with the hosts that the page needs on AWS.

    Args:
        scope: where it stands.
        name: of the construct.
        connects: addresses that scripts may talk to: the sign-in page's, the bucket of uploads.
        shows: addresses of pictures.
    """
    more = {"connect-src": connects, "img-src": shows}
    policy = "; ".join(" ".join((rule, *sources, *more.get(rule, ()))) for rule, sources in POLICY.items())
    return cloudfront.ResponseHeadersPolicy(
        scope,
        name,
        comment="Packshot: what a browser may do with the page",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=policy, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=Duration.days(365), include_subdomains=True, override=True
            ),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(header=header, value=value, override=True)
                for header, value in _OTHERS.items()
            ]
        ),
        remove_headers=["Server"],
    )
