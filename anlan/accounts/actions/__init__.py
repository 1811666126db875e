"""Every change to people and what they may do."""

from anlan.accounts.actions.setting_up import create_first_administrator, load_people

__all__ = ["create_first_administrator", "load_people"]
