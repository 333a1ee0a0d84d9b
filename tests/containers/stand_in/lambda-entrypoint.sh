#!/bin/sh
# As in AWS's base image: the handler is the command, and the only word of it.
if [ $# -ne 1 ]; then
  echo "entrypoint requires the handler name to be the first argument" >&2
  exit 142
fi
export _HANDLER="$1"
exec python -m awslambdaric "$_HANDLER"
