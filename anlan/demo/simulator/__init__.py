"""The demo county's devices: they stand at the edge and speak to the gateway over the real wires, well or badly."""
