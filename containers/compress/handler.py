"""compress on one image: see packshot.stages.compress."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.staging import stage_work
from packshot.contracts.environment import StageEnvironment

handler = edge.handler("compress", StageEnvironment, stage_work("compress"))
