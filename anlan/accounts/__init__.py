"""Who uses the system: people, their posts and areas, passwords and log-ins, modules, API tokens.

Everything else asks `queries.scope_of(person, capability)` and never looks at posts itself.
"""
