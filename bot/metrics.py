"""What /metrics tells."""

from prometheus_client import Counter

received = Counter("regulars_received", "Messages and turns of calls received", ["channel", "receipt"])
turns = Counter("regulars_turns", "Turns taken")
refused = Counter("regulars_refused", "Webhooks refused", ["reason"])
jobs = Counter("regulars_jobs", "Jobs run, each round of one business for itself", ["job", "outcome"])
