"""How the shipped background network is made: data, network, training, evaluation, export.

Nothing in here is part of the wheel. Every step is a module with a command of its own; see README.md.
"""
