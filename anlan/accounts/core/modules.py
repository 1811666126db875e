"""The modules that a deployment may switch off, registered by the contexts that they consist of."""

from dataclasses import dataclass

from anlan.ground.registries import Registry
from anlan.kernel.refusal import Refusal


class UnknownModule(Refusal):
    """No context registered the module."""


@dataclass(frozen=True, slots=True)
class SwitchableModule:
    """A part of the system: what it is called, what it does, and the beginnings of its addresses."""

    key: str
    name: str
    purpose: str
    paths: tuple[str, ...]
    order: int = 0


MODULES: Registry[SwitchableModule] = Registry(key=lambda module: (module.order, module.key))


def name_of(key: str) -> str:
    """Return the module's name.

    Raises:
        UnknownModule: there is none of that key.
    """
    for module in MODULES:
        if module.key == key:
            return module.name
    raise UnknownModule("There is no module %(key)s", key=key)


def module_at(path: str) -> str | None:
    """Return the key of the module that owns the address, None where it belongs to no module."""
    owners = [module.key for module in MODULES if path.startswith(module.paths)]
    return owners[0] if owners else None
