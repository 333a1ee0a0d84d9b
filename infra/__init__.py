"""What is deployed. A stack only composes; one construct per file; of the product only pure data is read."""
