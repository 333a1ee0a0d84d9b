"""A batch whose execution failed, was aborted or timed out."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.closing import execution_ended
from packshot.contracts.environment import RecordEnvironment

handler = edge.handler("close", RecordEnvironment, edge.without_context(execution_ended))
