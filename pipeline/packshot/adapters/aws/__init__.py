"""The ports on AWS: S3, DynamoDB, EventBridge. Clients are handed in; nothing is made at import."""
