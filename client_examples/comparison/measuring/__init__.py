"""How each number is found out: one module or folder per kind of measurement.

It has the name of its results in `results/` and of its section in `report/sections/`.
"""
