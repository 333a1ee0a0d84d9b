"""The two container images, both from containers/Dockerfile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from aws_cdk import IgnoreMode
from aws_cdk import aws_ecr_assets as assets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.settings import Settings

Target = Literal["vision", "service"]
TARGETS: Final[tuple[Target, ...]] = ("vision", "service")

ROOT: Final = Path(__file__).resolve().parents[1]

DOCKERFILE: Final = "containers/Dockerfile"
_PLATFORMS: Final = {
    "arm64": assets.Platform.LINUX_ARM64,
    "x86_64": assets.Platform.LINUX_AMD64,
}


class Images(Construct):
    """One asset per target: CDK hashes and builds it once, whatever the number of functions and stacks."""

    def __init__(
        self, scope: Construct, name: str, settings: Settings, targets: Sequence[Target] = TARGETS
    ) -> None:
        super().__init__(scope, name)
        self._assets = {target: self._asset(target, settings) for target in targets}

    def code(self, target: Target, command: str) -> lambda_.DockerImageCode:
        """The image of a target, started with a command: `package.module.function`."""
        asset = self._assets[target]
        return lambda_.DockerImageCode.from_ecr(
            asset.repository,
            tag_or_digest=asset.image_tag,
            cmd=[command],
        )

    def _asset(self, target: Target, settings: Settings) -> assets.DockerImageAsset:
        return assets.DockerImageAsset(
            self,
            target.capitalize(),
            directory=str(ROOT),
            file=DOCKERFILE,
            target=target,
            platform=_PLATFORMS[settings.architecture],
            build_args={"BASE": settings.base_image} if settings.base_image else None,
            exclude=excluded(),
            ignore_mode=IgnoreMode.DOCKER,
            display_name=f"{settings.prefix}-{target}",
        )


def excluded() -> list[str]:
    """What stays out of the images' build and hash: the ignore file that `docker build` reads as well."""
    name = f"{DOCKERFILE}.dockerignore"
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [*(line for line in lines if line and not line.startswith("#")), name]
