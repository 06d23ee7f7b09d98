"""Where this computer has its Chromium."""

import functools
import os
import shutil

MISSING = "The browser tests were skipped: there is no Chromium here. On Debian: apt install chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The address bar's lists are pages of their own, made anew for every window, at half a second of computing each. The
# last word about features is the only one that counts, so Playwright's is said again here.
WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
)

# Nothing but the page under test is to be fetched.
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
)


@functools.cache
def path() -> str | None:
    """Return the path of the browser; CHROMIUM names another than the usual ones."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
