"""What every backend keeps as documents, and how it goes by them; a backend adds where the bytes lie.

names    paths of files from outside
uploads  folders, and the files that were announced for them
sources  lists of photos, found by what a request names
lists    imports
orders   what a job needs to be begun
ordering from requests to orders
zips     which files of a batch go into a zip
"""
