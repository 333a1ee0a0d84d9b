"""The ports' implementations: local (folder, SQLite, event log) and aws (S3, DynamoDB, EventBridge)."""
