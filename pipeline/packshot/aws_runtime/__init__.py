"""What the Lambda functions do, between their event and the use cases; only `containers/` uses it.

edge        the rim of each function: its event in, its answer or a step's error out, one line of log
metrics     what a call measures, as lines of its log
counting    counting what is said on the bus
ports       the ports of a function, of its environment
batch       settings of a batch, and its lists of items, in the work bucket
planning    from an uploaded manifest to a batch and its lists
planning_claimed  the lists of a batch that the HTTP API has claimed
lists       writing the lists of a batch, from its rows
places      how many children a Map may have at once
staging     one stage on one image
references  making a reference ready
recording   one image's final word
fused       all stages and the record in one call
replanning  images of a batch once more: retry and rework
summing     sweeping and summing up, part by part
parts       a batch's results in parts, and the files made of them
watching    measuring the review queue
side_by_side  many small waits at a time
closing     batches whose execution ended badly
"""
