from registry.models.catalogue import Build, Component, DroneModel
from registry.models.drones import Drone
from registry.models.facts import CatalogueRecord, Declaration
from registry.models.vendors import OwnershipLink, Vendor, VendorName

__all__ = [
    "Build",
    "CatalogueRecord",
    "Component",
    "Declaration",
    "Drone",
    "DroneModel",
    "OwnershipLink",
    "Vendor",
    "VendorName",
]
