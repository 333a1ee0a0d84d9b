"""Use cases on a batch, shared by the command line, the API and the Lambda functions.

plan       claim a batch, turn its rows into tasks, name its references
outcome    what the stages left of an image, as a record
record     files delivered, record kept, event published, exactly once
summarise  counts, the batch's end, images that never reported
again      retry, rework, and taking over what is finished
"""
