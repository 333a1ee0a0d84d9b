"""The self-contained HTML page and the tables made of finished records.

`page` writes it, of what `selection` has chosen and `thumbnails` has drawn. Nothing is imported here:
who only wants `words` or `numbers` needs no pictures.
"""
