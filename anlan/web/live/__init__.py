"""What open pages are told at once.

A publisher writes its events in the transaction that made the news. One sequencer numbers committed rows, so that the
order of the numbers is the order in which they can be seen; streams send what has a number, and whoever comes back
names the last number that they got. A NOTIFY only wakes: the table is the truth.
"""

from anlan.web.live.publishing import KEPT_FOR, LiveNews, publish_live, publish_many
from anlan.web.live.reading import is_sequenced, live_number

__all__ = ["KEPT_FOR", "LiveNews", "is_sequenced", "live_number", "publish_live", "publish_many"]
