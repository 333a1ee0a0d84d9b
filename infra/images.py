"""The two container images, both from containers/Dockerfile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from aws_cdk import Annotations, IgnoreMode
from aws_cdk import aws_ecr_assets as assets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.build_folder import DOCKERFILE, build_folder, excluded
from infra.settings import Settings

Target = Literal["vision", "service"]
TARGETS: Final[tuple[Target, ...]] = ("vision", "service")

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
        with build_folder(settings.baked_models) as (folder, baked):
            self._assets = {target: self._asset(target, settings, folder) for target in targets}
        # Once for both stacks.
        for model in baked if "vision" in targets else ():
            words = f"{model.name} is baked in: {model.kind}, licence {model.licence}, SHA-256 {model.sha256}"
            Annotations.of(self).add_info_v2(f"packshot:model-{model.name}", words)

    def code(self, target: Target, command: str) -> lambda_.DockerImageCode:
        """The image of a target, started with a command: `package.module.function`."""
        asset = self._assets[target]
        return lambda_.DockerImageCode.from_ecr(
            asset.repository,
            tag_or_digest=asset.image_tag,
            cmd=[command],
        )

    def _asset(self, target: Target, settings: Settings, folder: Path) -> assets.DockerImageAsset:
        return assets.DockerImageAsset(
            self,
            target.capitalize(),
            directory=str(folder),
            file=DOCKERFILE,
            target=target,
            platform=_PLATFORMS[settings.architecture],
            build_args={"BASE": settings.base_image} if settings.base_image else None,
            exclude=excluded(),
            ignore_mode=IgnoreMode.DOCKER,
            display_name=f"{settings.prefix}-{target}",
        )
