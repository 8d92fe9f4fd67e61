from registry.models.aliases import AgencyAlias, CommonAlias
from registry.models.catalogue import Build, Component, DroneModel
from registry.models.certificates import DroneCertificate
from registry.models.drones import Drone
from registry.models.duplicates import DistinctVendors
from registry.models.events import DroneEvent, DroneTransition
from registry.models.facts import CatalogueRecord, Declaration
from registry.models.identifiers import VendorIdentifier
from registry.models.imports import ImportedRow, ImportSession
from registry.models.properties import Attribute, Measure
from registry.models.transfers import IncomingTransfer, TransferOffer, TransferStatus
from registry.models.vendors import OwnershipLink, Vendor, VendorName

__all__ = [
    "AgencyAlias",
    "Attribute",
    "Build",
    "CatalogueRecord",
    "CommonAlias",
    "Component",
    "Declaration",
    "DistinctVendors",
    "Drone",
    "DroneCertificate",
    "DroneEvent",
    "DroneModel",
    "DroneTransition",
    "ImportSession",
    "ImportedRow",
    "IncomingTransfer",
    "Measure",
    "OwnershipLink",
    "TransferOffer",
    "TransferStatus",
    "Vendor",
    "VendorIdentifier",
    "VendorName",
]
