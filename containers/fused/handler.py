"""All stages and the record of some images in one call."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.fused import work_on_images
from packshot.contracts.environment import FusedEnvironment

handler = edge.handler("fused", FusedEnvironment, work_on_images)
