"""The built page gets into its bucket whole, in the right order, and told where to sign in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.node import use_packaged_node
from infra.site_page import CONFIG
from tests.infra.templates import Synthesised, listed, read, text_of

Json = dict[str, Any]
COPY = "Custom::CDKBucketDeployment"


def resource(made: Synthesised, part: str) -> Json:
    (found,) = (
        one for name, one in made.template["Resources"].items() if one["Type"] == COPY and part in name
    )
    return dict(found)


def archives(made: Synthesised, part: str) -> list[list[str]]:
    """Names of the files of each archive that a copy reads."""
    keys = resource(made, part)["Properties"]["SourceObjectKeys"]
    folders = [made.folder / f"asset.{key.removesuffix('.zip')}" for key in keys]
    return [
        sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        for folder in folders
    ]


@pytest.fixture(params=["dev_site", "prod_site"])
def made(request: pytest.FixtureRequest) -> Synthesised:
    found: Synthesised = request.getfixturevalue(request.param)
    return found


def test_files_with_a_hash_come_first_and_are_kept_for_good(made: Synthesised) -> None:
    hashed, leading = resource(made, "PageHashed"), resource(made, "PageLeading")
    assert archives(made, "PageHashed") == [["index-abc.js"]]
    assert hashed["Properties"]["DestinationBucketKeyPrefix"] == "assets"
    control = hashed["Properties"]["SystemMetadata"]["cache-control"]
    assert control == "public, max-age=31536000, immutable"
    (first,) = (name for name in made.all_of(COPY) if "PageHashed" in name)
    assert first in leading["DependsOn"]


def test_what_leads_to_them_is_asked_for_anew(made: Synthesised) -> None:
    leading = resource(made, "PageLeading")["Properties"]
    # The page's own config.json would say that nobody signs in.
    assert archives(made, "PageLeading") == [["index.html"], [CONFIG]]
    assert "DestinationBucketKeyPrefix" not in leading
    assert leading["SystemMetadata"] == {"cache-control": "no-cache"}


def test_nothing_is_removed_but_with_the_stack(made: Synthesised) -> None:
    for part in ("PageHashed", "PageLeading"):
        facts = resource(made, part)["Properties"]
        assert facts["Prune"] is False
        assert facts["RetainOnDelete"] is False
        assert facts["DestinationBucketName"]["Ref"].startswith("FrontPage")
        # Nothing has to be made invalid: what may change is never kept.
        assert "DistributionId" not in facts


def test_the_page_is_told_where_to_sign_in(made: Synthesised) -> None:
    facts = resource(made, "PageLeading")["Properties"]
    key = facts["SourceObjectKeys"][1].removesuffix(".zip")
    text = (made.folder / f"asset.{key}" / CONFIG).read_text("utf-8")
    for marker, value in facts["SourceMarkers"][1].items():
        text = text.replace(marker, text_of(value))
    told = json.loads(text)["sign_in"]
    (client,) = made.all_of("AWS::Cognito::UserPoolClient")
    (authorizer,) = made.all_of("AWS::ApiGatewayV2::Authorizer").values()
    assert told["client_id"] == f"<{client}>"
    # Exactly what the API will ask of its tokens.
    assert told["issuer"] == text_of(authorizer["JwtConfiguration"]["Issuer"])
    assert told["scope"] == "openid packshot/api"
    assert told["address"] == text_of(made.template["Outputs"]["SignInUrl"]["Value"])
    assert not told["address"].endswith("/")


def test_the_copying_function_reads_its_archives_and_writes_one_bucket(made: Synthesised) -> None:
    may = {action: one for one in made.statements("PageRole") for action in listed(one["Action"])}
    assert set(may) == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:GetBucketTagging",
        "s3:PutObject",
        "s3:DeleteObject",
    }
    read_ = [text_of(one) for one in may["s3:GetObject"]["Resource"]]
    copies = (resource(made, part)["Properties"] for part in ("PageHashed", "PageLeading"))
    keys = {key for copy in copies for key in copy["SourceObjectKeys"]}
    assert {one.split("/")[-1] for one in read_} >= keys
    assert not [one for one in read_ if "*" in one]
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert text_of(may[action]["Resource"]).startswith("<FrontPage")


def test_outputs_say_where_it_is(dev_site: Synthesised, prod_site: Synthesised) -> None:
    names = {"SiteUrl", "SiteHost", "ApiUrl", "UserPoolId", "UserPoolClientId", "SignInUrl", "PageBucket"}
    for site in (dev_site, prod_site):
        assert names <= set(site.template["Outputs"])
    assert text_of(prod_site.template["Outputs"]["SiteUrl"]["Value"]) == "https://photos.example.com/"
    # What a name of one's own has to be made to point to.
    assert text_of(prod_site.template["Outputs"]["SiteHost"]["Value"]).startswith("<FrontDistribution")
    assert text_of(prod_site.template["Outputs"]["ApiUrl"]["Value"]) == "https://photos.example.com/api/v1"
    tags = dev_site.the("AWS::S3::Bucket", "FrontPage")["Tags"]
    assert {"Key": "project", "Value": "packshot"} in tags
    assert {"Key": "stage", "Value": "dev"} in tags


def build(context: Json, out: Path, page: Path) -> None:
    use_packaged_node()
    from infra.application import build as app  # noqa: PLC0415  # jsii starts Node when it is imported

    app(context, str(out), page).synth()


def test_without_a_page_dev_says_so_in_its_place_and_warns(context: Json, tmp_path: Path) -> None:
    build(context, tmp_path / "out", tmp_path / "nowhere")
    made = read(tmp_path / "out", "site")
    assert not [name for name in made.all_of(COPY) if "PageHashed" in name]
    assert archives(made, "PageLeading") == [["index.html"], [CONFIG]]
    key = resource(made, "PageLeading")["Properties"]["SourceObjectKeys"][0].removesuffix(".zip")
    assert "make page" in (made.folder / f"asset.{key}" / "index.html").read_text("utf-8")
    # From where the CDK's command line tells it.
    told = [one for one in (tmp_path / "out").glob("*.json") if "packshot:page-not-built" in one.read_text()]
    assert told


def test_without_a_page_prod_is_not_made_at_all(context: Json, tmp_path: Path) -> None:
    use_packaged_node()
    from infra.site_page import PageNotBuiltError  # noqa: PLC0415  # as above

    with pytest.raises(PageNotBuiltError, match="make page"):
        build({**context, "stage": "prod"}, tmp_path / "out", tmp_path / "nowhere")


def test_the_site_can_be_left_out(synthesise: Callable[[Json], Synthesised]) -> None:
    made = synthesise({"site": "false", "alarms": "true"})
    assert not list(made.folder.glob("*-site.template.json"))
    assert not [one for one in made.all_of("AWS::S3::Bucket").values() if "CorsConfiguration" in one]
    monitoring = read(made.folder, "monitoring")
    alarms = monitoring.all_of("AWS::CloudWatch::Alarm").values()
    assert not [one for one in alarms if "-api-" in one["AlarmName"]]
