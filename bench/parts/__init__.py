"""The parts of the measurement, each a module whose ``run(env, parameters)`` returns rows.

They run inside Odoo, each in a process of its own; see script/ground/bench.py.
"""
