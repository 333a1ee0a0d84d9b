"""The two container images, both from containers/Dockerfile."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from aws_cdk import IgnoreMode
from aws_cdk import aws_ecr_assets as assets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.settings import Settings

Target = Literal["vision", "service"]

ROOT: Final = Path(__file__).resolve().parents[1]

DOCKERFILE: Final = "containers/Dockerfile"
_PLATFORMS: Final = {
    "arm64": assets.Platform.LINUX_ARM64,
    "x86_64": assets.Platform.LINUX_AMD64,
}


class Images(Construct):
    """One asset per target: CDK hashes and builds it once, whatever the number of functions."""

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        self._assets: dict[Target, assets.DockerImageAsset] = {
            "vision": self._asset("vision", settings),
            "service": self._asset("service", settings),
        }

    def code(self, target: Target, function: str) -> lambda_.DockerImageCode:
        """The image of a target, started as a function."""
        asset = self._assets[target]
        return lambda_.DockerImageCode.from_ecr(
            asset.repository,
            tag_or_digest=asset.image_tag,
            cmd=[f"containers.{function}.handler.handler"],
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
