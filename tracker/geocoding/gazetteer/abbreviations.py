"""How newspapers shorten the names of states and provinces beside their postal codes: "Portland, Ore."."""

_SHORT = {
    "US": "AL Ala, AZ Ariz, AR Ark, CA Calif, CO Colo, CT Conn, DE Del, FL Fla, IL Ill, IN Ind, KS Kan, KS Kans, "
    "MA Mass, MI Mich, MN Minn, MS Miss, MT Mont, NE Neb, NE Nebr, NV Nev, ND N Dak, OK Okla, "
    "OR Ore, PA Penn, PA Penna, SD S Dak, TN Tenn, TX Tex, WA Wash, WV W Va, WI Wis, WI Wisc, WY Wyo",
    "CA": "AB Alta, MB Man, NL Nfld, ON Ont, PE PEI, QC Que, QC PQ, SK Sask",
    "AU": "NSW N S W, QLD Qld, TAS Tas, VIC Vic",
    "MX": "AGU Ags, BCN BC, BCS BCS, CAM Camp, CHP Chis, CHH Chih, CMX CDMX, CMX DF, COA Coah, COL Col, DUR Dgo, "
    "GUA Gto, GRO Gro, HID Hgo, JAL Jal, MEX Edomex, MEX Edo Méx, MEX Edo de México, MEX Méx, MIC Mich, MOR Mor, "
    "NAY Nay, NLE NL, OAX Oax, PUE Pue, QUE Qro, ROO QR, ROO Q Roo, SLP SLP, SIN Sin, SON Son, TAB Tab, TAM Tamps, "
    "TLA Tlax, VER Ver, YUC Yuc, ZAC Zac",
}


def abbreviations() -> dict[str, list[str]]:
    """The short forms by ISO 3166-2 code."""
    found: dict[str, list[str]] = {}
    for country, listed in _SHORT.items():
        for each in listed.split(", "):
            code, short = each.split(" ", 1)
            found.setdefault(f"{country}-{code}", []).append(short)
    return found
