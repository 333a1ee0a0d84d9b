"""Settings are typed and validated, from cdk.json and from the command line's texts."""

from __future__ import annotations

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
        ("consumer_accounts", "12345", "twelve digits"),
        ("consumer_accounts", "*", "twelve digits"),
        ("notification_email", "shop", "e-mail"),
        ("alarms", "loud", "bool"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_what_it_may_be(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsInvalidError, match=name) as refused:
        of(**{name: value})
    assert said in str(refused.value)


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
