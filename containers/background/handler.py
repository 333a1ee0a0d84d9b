"""background on one image: see packshot.stages.background."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.staging import stage_work
from packshot.contracts.environment import StageEnvironment

handler = edge.handler("background", StageEnvironment, stage_work("background"))
