"""Tidemark: exact, live totals of a business district's events on the way to its 2030 targets.

The folders of this package are links to those at the top of the tree, so that everything is
imported by one name that is ours: `tidemark.streams.log` lies in streams/log (decision 0022).
"""
