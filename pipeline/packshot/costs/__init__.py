"""What a batch costs on AWS: measured use, a dated table of prices, and assumptions that are said aloud."""
