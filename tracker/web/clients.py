"""Who asks, as far as it matters for counting: the address of a request, never stored and never logged as it is."""

import ipaddress

from flask import current_app, request

from tracker.settings import Settings


def client_address() -> str:
    """The address that a request is counted by: of the peer, or as one's own proxy saw it; of IPv6 the network."""
    settings: Settings = current_app.extensions["tracker_settings"]
    hops = settings.trusted_proxies
    seen = [one.strip() for one in ",".join(request.headers.getlist("X-Forwarded-For")).split(",") if one.strip()]
    # Only what one's own proxies have written is believed: the last so many of the list.
    told = seen[-hops] if hops and len(seen) >= hops else request.remote_addr or ""
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told[:64]
    if isinstance(address, ipaddress.IPv6Address):
        # A server that listens on both kinds of address sees readers of the older kind so.
        address = address.ipv4_mapped or address
    return str(address) if address.version == 4 else str(ipaddress.ip_network((int(address), 64), strict=False))
