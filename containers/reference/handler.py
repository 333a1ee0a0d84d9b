"""A reference of the batch, made ready."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.preparing import prepare_reference
from packshot.contracts.environment import FetchEnvironment

handler = edge.handler("reference", FetchEnvironment, edge.without_context(prepare_reference))
