"""Our speed and a peer's in the same run on the same machine, as ratios: `python -m benchmarks [NAME…]`."""
