"""Reading lists of photos: CSV, JSON, JSON Lines and folders."""
