"""Keys of the demo's devices: the simulator finds them again without keeping them anywhere."""

from anlan.ground.fields import keyed_hash


def demo_key(device_code: str) -> str:
    """Return the key of a demo device: the same for the same site, another for every other."""
    return keyed_hash(f"demo device {device_code}")[:40]
