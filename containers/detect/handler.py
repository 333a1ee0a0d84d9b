"""detect on one image: see packshot.stages.detect."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.staging import stage_work
from packshot.contracts.environment import FetchEnvironment

handler = edge.handler("detect", FetchEnvironment, stage_work("detect"))
