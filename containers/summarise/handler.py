"""The sweep and the sums of a batch."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.summing import summarise_batch
from packshot.contracts.environment import RecordEnvironment

handler = edge.handler("summarise", RecordEnvironment, edge.without_context(summarise_batch))
