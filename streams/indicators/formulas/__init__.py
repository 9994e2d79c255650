"""The formulas of live values, one module per subject.

`Live` lists those that the catalogue may name; a new one is a class and an entry there.
"""

from .activity import ActivitiesHeld, TopBrandDebutShare
from .footfall import Visits
from .registry import CapabilityShare, Registered
from .retail import LargeComplexes, RetailSales
from .trade import CircularTurnover, CrossBorderEcommerce, ExportsOfChapters, GoodsTrade, ServiceTrade

Live = (
    Registered
    | CapabilityShare
    | ActivitiesHeld
    | TopBrandDebutShare
    | RetailSales
    | LargeComplexes
    | Visits
    | GoodsTrade
    | CrossBorderEcommerce
    | ExportsOfChapters
    | ServiceTrade
    | CircularTurnover
)
"""What `live` may be in a file of the catalogue, chosen by `formula`."""
