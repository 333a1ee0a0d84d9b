"""Fixed ladders of faults: a picture made worse step by step must score less at each."""
