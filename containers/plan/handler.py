"""From an uploaded manifest to a batch and its lists."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.planning import plan_batch
from packshot.contracts.environment import PlanEnvironment

handler = edge.handler("plan", PlanEnvironment, edge.without_context(plan_batch))
