"""What stations say and what it means: protocols and numbers, without a wire and without a store."""
