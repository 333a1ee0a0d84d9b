"""Settings are typed and validated, from cdk.json and from the command line's texts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from infra.settings import MEMORY_MB, Settings, SettingsInvalidError, settings_from
from packshot.workflow import STAGES


def of(**values: Any) -> Settings:
    return settings_from(values.get)


def test_the_defaults_of_cdk_json_are_those_of_the_code(context: dict[str, Any]) -> None:
    assert settings_from(context.get) == Settings()


def test_what_is_typed_on_the_command_line_is_text() -> None:
    settings = of(
        concurrency="500",
        memory="detect=3008, align=1024",
        source_buckets="photos-a, photos-b",
        consumer_accounts="111122223333,444455556666",
    )
    assert settings.concurrency == 500
    assert settings.memory == {"detect": 3008, "align": 1024}
    assert settings.source_buckets == ("photos-a", "photos-b")
    assert settings.consumer_accounts == ("111122223333", "444455556666")


CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000"
WEB_ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/0a1b2c3d-0000-4000-8000-000000000000"

#: As typed after -c: something else than the default, and what it becomes.
TYPED: dict[str, tuple[str, Any]] = {
    "stage": ("prod", "prod"),
    "architecture": ("x86_64", "x86_64"),
    "execution": ("fused", "fused"),
    "concurrency": ("500", 500),
    "memory": ("fused=3008,plan=2048", {"fused": 3008, "plan": 2048}),
    "source_buckets": ("photos-of-ours,photos-of-theirs", ("photos-of-ours", "photos-of-theirs")),
    "notification_email": ("shop@example.com", "shop@example.com"),
    "alarms": ("false", False),
    "consumer_accounts": ("111122223333", ("111122223333",)),
    "models": ("spare-matte,house-matte", ("spare-matte", "house-matte")),
    "model": ("house-matte", "house-matte"),
    "base_image": ("registry.example.com/python:3.13", "registry.example.com/python:3.13"),
    "site": ("false", False),
    "site_login_prefix": ("our-photos", "our-photos"),
    "site_domain": ("photos.example.com", "photos.example.com"),
    "site_certificate": (CERTIFICATE, CERTIFICATE),
    "site_web_acl": (WEB_ACL, WEB_ACL),
    "sign_up": ("true", True),
    "mfa": ("optional", "optional"),
}
#: Settings that are only good together.
COMPANIONS = {"site_domain": "site_certificate", "site_certificate": "site_domain"}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_can_be_typed_and_stands_above_cdk_json(name: str, context: dict[str, Any]) -> None:
    typed, becomes = TYPED[name]
    along = {other: TYPED[other][0] for one, other in COMPANIONS.items() if one == name}
    settings = settings_from({**context, **along, name: typed}.get)
    assert getattr(settings, name) == becomes != getattr(Settings(), name)
    assert settings.model_copy(update={one: getattr(Settings(), one) for one in (name, *along)}) == Settings()


def test_every_setting_is_described_on_the_page() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/aws.md").read_text("utf-8")
    table = page.split("| setting (")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Settings.model_fields)


def test_what_is_used_by_default_is_baked_in_too() -> None:
    assert (of().baked_models, of().default_model) == ((), "packshot-matte")
    settings = of(models="b,packshot-matte,a", model="c")
    assert (settings.baked_models, settings.default_model) == (("a", "b", "c"), "c")
    assert of(model="packshot-matte").baked_models == ()


def test_memory_is_the_workflows_unless_it_is_set() -> None:
    settings = of(memory='{"detect": 3008}')
    assert settings.memory_mb("detect") == 3008
    assert settings.memory_mb("align") == next(one.memory_mb for one in STAGES if one.name == "align")
    assert {stage.name for stage in STAGES} < set(MEMORY_MB)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("stage", "production", "dev"),
        ("architecture", "arm", "arm64"),
        ("execution", "both", "staged"),
        ("concurrency", "0", "greater than or equal to 1"),
        ("concurrency", "10001", "10000"),
        ("concurrency", "many", "integer"),
        ("memory", "detekt=3008", "there is no function 'detekt'"),
        ("memory", "detect=64", "128 to 10240"),
        ("memory", "{broken", "memory"),
        ("source_buckets", "*", "no bucket's name"),
        ("source_buckets", "photos/2024", "no bucket's name"),
        ("models", "ours,../up", "'../up' is no background network's name"),
        ("model", "OURS", "'OURS' is no background network's name"),
        ("consumer_accounts", "12345", "twelve digits"),
        ("consumer_accounts", "*", "twelve digits"),
        ("notification_email", "shop", "e-mail"),
        ("alarms", "loud", "bool"),
        ("site", "maybe", "bool"),
        ("mfa", "never", "required"),
        ("site_login_prefix", "our-aws-photos", "no prefix"),
        ("site_login_prefix", "-photos", "no prefix"),
        ("site_domain", "https://photos.example.com", "no domain"),
        ("site_domain", "*.cloudfront.net", "no domain"),
        ("site_certificate", CERTIFICATE.replace("us-east-1", "eu-central-1"), "us-east-1"),
        ("site_web_acl", WEB_ACL.replace("global", "regional"), "for CloudFront"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_what_it_may_be(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsInvalidError, match=name) as refused:
        of(**{name: value})
    assert said in str(refused.value)


@pytest.mark.parametrize("alone", COMPANIONS)
def test_a_name_and_its_certificate_go_together(alone: str) -> None:
    with pytest.raises(SettingsInvalidError, match="site_domain and site_certificate go together"):
        of(**{alone: TYPED[alone][0]})


def test_the_buckets_let_in_the_sites_page_by_its_name() -> None:
    assert of().site_origins == "https://*.cloudfront.net"
    named = of(site_domain="photos.example.com", site_certificate=CERTIFICATE)
    assert named.site_origins == "https://photos.example.com"


@pytest.mark.parametrize(
    ("values", "alarmed"),
    [
        ({"stage": "dev"}, False),
        ({"stage": "prod"}, True),
        ({"stage": "dev", "alarms": "true"}, True),
        ({"stage": "prod", "alarms": "false"}, False),
    ],
)
def test_alarms_are_for_prod_unless_it_is_said(values: dict[str, str], alarmed: bool) -> None:
    assert of(**values).alarmed is alarmed
