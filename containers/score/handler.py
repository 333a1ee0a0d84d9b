"""score on one image: see packshot.stages.score."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.staging import stage_work
from packshot.contracts.environment import StageEnvironment

handler = edge.handler("score", StageEnvironment, stage_work("score"))
