"""The README's picture: Littleham's map in headless Chromium, without network.

Run from the project's root after `hotspots weekly`: python docs/screenshots.py
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

REPORT = sorted(Path("reports/littleham").glob("????-??-??"))[-1]

with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
    page = browser.new_page(viewport={"width": 1300, "height": 820})
    page.goto((REPORT / "map.html").resolve().as_uri())
    page.wait_for_timeout(800)
    page.screenshot(path="docs/images/map.png")
    browser.close()
