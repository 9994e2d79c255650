"""Second-hand lots by stage, and turnover: sold, less reversed after sale."""

from tidemark.streams.contracts.definition import ONE, Addition, Additions, Definition, IsOneOf, sums
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.text import Text

from . import CIRCULAR_STAGE, CIRCULAR_TURNOVER, LotChanged

_LOT = (ONE, "quantity", "amount_fen")

DEFINITION = Definition(
    name=Text("循环经济", "Circular economy"),
    label=Text("循环经济", "circular"),
    stale_after_ms=7 * DAY,
    adds=(
        Additions(
            LotChanged,
            (
                Addition(CIRCULAR_STAGE, ("device_class", "stage"), _LOT),
                Addition(
                    CIRCULAR_TURNOVER,
                    ("device_class", "channel"),
                    _LOT,
                    adds_if=(IsOneOf("stage", ("sold",)),),
                    takes_if=(IsOneOf("stage", ("reversed",)), IsOneOf("previous", ("sold",))),
                ),
            ),
        ),
    ),
    exports=(
        *sums(
            CIRCULAR_TURNOVER,
            (
                "tidemark_circular_turnover_lots",
                "lots",
                "Lots of second-hand devices sold, less those reversed after sale",
            ),
            (
                "tidemark_circular_turnover_devices",
                "quantity",
                "Second-hand devices sold, less those reversed after sale",
            ),
            (
                "tidemark_circular_turnover_yuan",
                "amount_fen",
                "Turnover of second-hand devices, less those reversed after sale",
            ),
        ),
        *sums(
            CIRCULAR_STAGE,
            ("tidemark_circular_stage_lots", "lots", "Second-hand lots that reached the stage"),
        ),
    ),
)
