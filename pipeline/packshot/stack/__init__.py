"""A deployed stack as its operator sees it; what the command line does with `--stack`.

deployed   finds a stack's buckets, table and state machine by its CloudFormation outputs
photos     sends a batch's local photos, those that are not there yet
submit     a manifest or folder becomes a batch on AWS
follow     a batch's progress, to its end
again      retry and rework
place      a batch on AWS, as the commands of an output folder take it
"""
