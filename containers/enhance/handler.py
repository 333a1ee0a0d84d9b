"""enhance on one image: see packshot.stages.enhance."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.staging import stage_work
from packshot.contracts.environment import StageEnvironment

handler = edge.handler("enhance", StageEnvironment, stage_work("enhance"))
