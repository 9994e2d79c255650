"""How a number is told: its unit, and Prometheus' templates that write it in Chinese and English."""

from typing import NamedTuple

from tidemark.streams.contracts.text import Text


class Unit(NamedTuple):
    """A unit: its symbol, and templates with `$value` for the number."""

    symbol: str
    zh: str
    en: str

    def of_value(self) -> Text:
        """Templates of the number that an alert is about."""
        return Text(self.zh, self.en)

    def of(self, number: str) -> Text:
        """Templates of another number: a literal, or a template's expression in brackets."""
        return Text(self.zh.replace("$value", number), self.en.replace("$value", number))


_DURATION = '{{ $value | humanizeDuration | reReplaceAll "( 0[hms])+$" ""'
_IN_CHINESE = {" ": "", "d": "天", "h": "小时", "m": "分钟", "s": "秒"}
_DURATION_ZH = "".join(f' | reReplaceAll "{en}" "{zh}"' for en, zh in _IN_CHINESE.items())

SHARE = Unit("%", "{{ $value | humanizePercentage }}", "{{ $value | humanizePercentage }}")
SECONDS = Unit("s", f"{_DURATION}{_DURATION_ZH} }}}}", f"{_DURATION} }}}}")
DAYS = Unit("d", '{{ printf "%.0f" $value }} 天', '{{ printf "%.0f" $value }} days')
COUNT = Unit("1", '{{ printf "%.0f" $value }}', '{{ printf "%.0f" $value }}')
INDEX = Unit("1", '{{ printf "%.2f" $value }}', '{{ printf "%.2f" $value }}')
BYTES = Unit("B", "{{ $value | humanize1024 }}B", "{{ $value | humanize1024 }}B")
