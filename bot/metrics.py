"""What /metrics tells."""

from prometheus_client import Counter

received = Counter("regulars_received", "Messages and turns of calls received", ["channel", "receipt"])
turns = Counter("regulars_turns", "Turns taken")
refused = Counter("regulars_refused", "Webhooks refused", ["reason"])
