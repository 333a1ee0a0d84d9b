"""What is measured on a finished picture's product; one measure per file.

The measures of light and detail work on a `ProductView`, the product shrunk to a standard size, so
that they cost the same and mean the same whatever the canvas is. `rating` turns them into parts of
0-1, and `score` these into one number of 0-100.
"""
