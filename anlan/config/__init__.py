"""Where settings, addresses and processes are put together; the only reader of the environment."""
