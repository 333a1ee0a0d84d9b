"""What can be set with `-c name=value` or in cdk.json, typed and validated before anything is built."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from packshot.contracts.base import DEFAULT_MODEL, MODEL_NAME
from packshot.workflow import (
    API_READ,
    API_WORK,
    API_WRITE,
    CLOSE,
    FUSED,
    PLAN,
    RECORD,
    REFERENCE,
    STAGES,
    SUMMARISE,
    WATCH,
)

API: Final = (API_READ, API_WRITE, API_WORK)
#: Functions whose memory can be set, with what they have else.
MEMORY_MB: Final = {
    step.name: step.memory_mb
    for step in (*STAGES, RECORD, REFERENCE, FUSED, PLAN, SUMMARISE, CLOSE, WATCH, *API)
}

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

#: What the settings of the site look like. Cognito refuses names with these three words.
_SITE: Final = {
    "site_login_prefix": (r"(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", "prefix"),
    "site_domain": (r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", "domain"),
    "site_certificate": (
        r"arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}",
        "ARN of a certificate in us-east-1, where CloudFront looks for them",
    ),
    "site_web_acl": (
        r"arn:aws:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[0-9a-f-]{36}",
        "ARN of a web ACL for CloudFront (global, in us-east-1)",
    ),
}


def _listed(value: Any) -> Any:
    """On the command line lists are separated by commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _mapped(value: Any) -> Any:
    """On the command line: `detect=3008,align=2048`, or JSON."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        return json.loads(value)
    pairs = (part.partition("=") for part in value.split(",") if part.strip())
    return {name.strip(): size.strip() for name, _, size in pairs}


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class SettingsInvalidError(ValueError):
    """A setting that can't be; the text names it and what it may be."""


class Settings(BaseModel):
    """The settings of a deployment.

    Attributes:
        stage: dev can be torn down without a trace; prod keeps its data, and more logs.
        architecture: of the functions.
        execution: staged (one function per stage) or fused (one function for ten images).
        concurrency: images (or tens of images) that the Map works on at once, where the account has room
            for so many; 1-10,000.
        memory: MB by function, where it is not the workflow's.
        source_buckets: whose photos may be read, beside those of the upload bucket.
        notification_email: told of failed batches, and of alarms where there are any; empty for nobody.
        alarms: None for in prod only.
        consumer_accounts: AWS accounts that may attach rules to the event bus.
        base_image: of the containers; empty for the Dockerfile's.
        models: background networks, added on this machine with `packshot models add`, that are baked into
            the images beside the package's own.
        model: the one for which neither a batch nor its preset names another; it is baked in as well.
            Empty for the package's own.
        site: whether the page and the HTTP API are deployed.
        site_login_prefix: of the sign-in page's address, unique in its region; empty for one that is.
        site_domain, site_certificate: a name of one's own for the site, and its certificate; both or none.
        site_web_acl: a web ACL (WAF) that stands before the site.
        sign_up: whether people may make themselves a user; it has no group, and may do nothing, until it
            is given one.
        mfa: whether signing in always asks for a second factor.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Literal["dev", "prod"] = "dev"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    execution: Literal["staged", "fused"] = "staged"
    concurrency: int = Field(default=200, ge=1, le=10_000)
    memory: Annotated[dict[str, int], BeforeValidator(_mapped)] = Field(default_factory=dict)
    source_buckets: Names = ()
    notification_email: str = ""
    alarms: bool | None = None
    consumer_accounts: Names = ()
    base_image: str = ""
    models: Names = ()
    model: str = ""
    site: bool = True
    site_login_prefix: str = ""
    site_domain: str = ""
    site_certificate: str = ""
    site_web_acl: str = ""
    sign_up: bool = False
    mfa: Literal["required", "optional"] = "required"

    @property
    def prod(self) -> bool:
        """True where data outlives the stack."""
        return self.stage == "prod"

    @property
    def default_model(self) -> str:
        """The background network that is used where nobody names one."""
        return self.model or DEFAULT_MODEL

    @property
    def baked_models(self) -> tuple[str, ...]:
        """Background networks that go into the images beside the package's own, by name."""
        return tuple(sorted({*self.models, self.default_model} - {DEFAULT_MODEL}))

    @property
    def prefix(self) -> str:
        """Of the names that consumers type: `packshot-dev`."""
        return f"packshot-{self.stage}"

    @property
    def alarmed(self) -> bool:
        """True where alarms are made."""
        return self.prod if self.alarms is None else self.alarms

    @property
    def site_origins(self) -> str:
        """Where the page comes from, as a bucket's CORS rule says it.

        CloudFront's own name is known only after the buckets: then it is any of CloudFront's (decision 65).
        """
        return f"https://{self.site_domain or '*.cloudfront.net'}"

    def function_name(self, step: str) -> str:
        """A function's name: `packshot-dev-detect`."""
        return f"{self.prefix}-{step}"

    def memory_mb(self, function: str) -> int:
        """Memory of a function."""
        return self.memory.get(function, MEMORY_MB[function])

    @field_validator("memory")
    @classmethod
    def _memory(cls, value: dict[str, int]) -> dict[str, int]:
        for name, size in value.items():
            if name not in MEMORY_MB:
                raise ValueError(f"there is no function {name!r}; there are {', '.join(MEMORY_MB)}")
            if not 128 <= size <= 10_240:
                raise ValueError(f"{name}: Lambda has 128 to 10240 MB, not {size}")
        return value

    @field_validator("models", "model")
    @classmethod
    def _models(cls, value: tuple[str, ...] | str) -> tuple[str, ...] | str:
        for name in value if isinstance(value, tuple) else (value,):
            if name and not re.fullmatch(MODEL_NAME, name):
                raise ValueError(f"{name!r} is no background network's name")
        return value

    @field_validator("source_buckets")
    @classmethod
    def _buckets(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # A star here would open every bucket of the account to whoever writes manifests.
        for name in value:
            if not _BUCKET.fullmatch(name):
                raise ValueError(f"{name!r} is no bucket's name")
        return value

    @field_validator("consumer_accounts")
    @classmethod
    def _accounts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for account in value:
            if not re.fullmatch(r"\d{12}", account):
                raise ValueError(f"{account!r} is no AWS account; it has twelve digits")
        return value

    @field_validator(*_SITE)
    @classmethod
    def _of_site(cls, value: str, info: ValidationInfo) -> str:
        pattern, what = _SITE[str(info.field_name)]
        if value and not re.fullmatch(pattern, value):
            raise ValueError(f"{value!r} is no {what}")
        return value

    @model_validator(mode="after")
    def _name_and_certificate(self) -> Self:
        if bool(self.site_domain) != bool(self.site_certificate):
            raise ValueError("site_domain and site_certificate go together")
        return self

    @field_validator("notification_email")
    @classmethod
    def _email(cls, value: str) -> str:
        if value and not _EMAIL.fullmatch(value):
            raise ValueError(f"{value!r} is no e-mail address")
        return value


def settings_from(context: Callable[[str], Any]) -> Settings:
    """The settings of a CDK context; `context` is a node's `try_get_context`.

    Raises:
        SettingsInvalidError: naming the setting and what is wrong with it.
    """
    values = {name: context(name) for name in Settings.model_fields}
    try:
        return Settings.model_validate({name: one for name, one in values.items() if one is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()
        )
        raise SettingsInvalidError(f"These settings can't be used: {wrong}") from error
