"""One file per stage: typed input and workspace in, typed output out."""
