"""The engine room of decomposition: wishes, weights, patterns, whole units, the proof of every sum."""
