"""News of accounts. A successor is whoever takes over the open work, None where nobody was named."""

ACCOUNT_DISABLED = "accounts.account_disabled"  # person_id, successor_id
POST_MOVED = "accounts.post_moved"  # person_id, successor_id
