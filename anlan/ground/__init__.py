"""Django parts that every context shares.

Fields, versions, published content, the audit trail, news between contexts, registries and logs.
"""
