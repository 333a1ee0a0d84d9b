"""align on one image: see packshot.stages.align."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.staging import stage_work
from packshot.contracts.environment import StageEnvironment

handler = edge.handler("align", StageEnvironment, stage_work("align"))
