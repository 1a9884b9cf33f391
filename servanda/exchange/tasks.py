"""Schedules of the exchange. `refresh` and `decide_in_background` are imported so that tasks queued by an earlier
version are still found here."""

from datetime import timedelta

from servanda.exchange.decisions.tasks import decide_in_background as decide_in_background
from servanda.exchange.feeds.tasks import pull_due_feeds
from servanda.exchange.sharing.refreshing_tasks import refresh as refresh
from servanda.exchange.sharing.refreshing_tasks import refresh_own
from servanda.jobs.declare import scheduled

scheduled("refresh-shared", every=timedelta(minutes=5))(refresh_own)
scheduled("pull-due-feeds", every=timedelta(minutes=5))(pull_due_feeds)
