"""The plan's targets: their definitions, current values, paths, projections and assessments.

Folders build on one another in this order: values and calendar, official, reading, formulas, targets,
projection, paths, assessment. Start with `assessment/assessing.py`, which uses all of them.
"""
