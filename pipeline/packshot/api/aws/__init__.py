"""The API behind API Gateway: the same routes over S3, DynamoDB and Step Functions.

function   Lambda's entry: requests and errands
edge       who is asking, from the authoriser's claims; which side answers what
backend    put together from the environment
desks      the ports of a request, with what it asks more than once
links      presigned addresses
uploads    files on their way into the upload bucket
sources    lists of photos in that bucket
asking     a batch is claimed, its rows are left for plan, its execution is started
work       what takes longer than an answer, and how far it is
errands    what goes on after an answer: zips, single photos, results after decisions
zips       a zip that is sent to S3 while it is written
sums       counts and sums from what summarise has left
pictures   links of images
"""
