"""Tickets: their reducer and exports."""

from tidemark.streams.contracts.definition import Definition, sums
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.text import Text

from . import TICKET_ADMITTED, TICKET_BENEFITS, TICKET_SCANS
from .reducer import REDUCER

DEFINITION = Definition(
    name=Text("票务", "Ticket"),
    label=Text("票根", "ticket"),
    stale_after_ms=7 * DAY,
    adds=REDUCER,
    exports=(
        *sums(TICKET_SCANS, ("tidemark_ticket_scans", "scans", "Tickets read at the gates, by result")),
        *sums(
            TICKET_ADMITTED,
            ("tidemark_ticket_admitted", "tickets", "Distinct tickets admitted"),
            (
                "tidemark_ticket_admitted_face_value_yuan",
                "face_value_fen",
                "Face value of the tickets admitted",
            ),
            (
                "tidemark_ticket_admitted_cross_city",
                "cross_city",
                "Tickets admitted whose holder came from another city",
            ),
            (
                "tidemark_ticket_stub_used",
                "used",
                "Tickets admitted in the period whose stub was redeemed so far",
            ),
            (
                "tidemark_ticket_stub_converted",
                "converted",
                "Tickets admitted in the period with a paid order linked to the stub",
            ),
            (
                "tidemark_ticket_stub_linked_yuan",
                "linked_fen",
                "Spending linked to the stubs of tickets admitted in the period",
            ),
        ),
        *sums(
            TICKET_BENEFITS,
            ("tidemark_ticket_benefits", "benefits", "Stub benefits that reached the stage"),
            ("tidemark_ticket_benefit_order_yuan", "order_fen", "Orders linked to stub benefits"),
            ("tidemark_ticket_benefit_discount_yuan", "discount_fen", "Discounts given for stub benefits"),
        ),
    ),
)
