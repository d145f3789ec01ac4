"""The book in a browser: no error in the console, every formula set, and readable on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="the browser's tests need selenium")
BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
FORMULAS = """
const done = arguments[0];
const count = () => done([
  document.querySelectorAll("span.math, div.math").length,
  document.querySelectorAll("mjx-container").length,
  [...document.querySelectorAll("mjx-merror, .MathJax_Error")].map(node => node.textContent),
]);
window.MathJax && MathJax.startup && MathJax.startup.promise ? MathJax.startup.promise.then(count) : count();
"""
TOO_WIDE = """
const width = document.documentElement.clientWidth;
const hidden = node => !!node.closest(".bd-sidebar-primary, .bd-sidebar-secondary, dialog");
const scrolls = node => { for (let up = node.parentElement; up; up = up.parentElement)
  if (["auto", "scroll", "hidden"].includes(getComputedStyle(up).overflowX)) return true; return false; };
return [document.documentElement.scrollWidth, [...document.querySelectorAll("article *")]
  .filter(node => node.getBoundingClientRect().right > width + 1 && !hidden(node) && !scrolls(node))
  .map(node => node.tagName + ": " + node.textContent.trim().slice(0, 60)).slice(0, 3)];
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="no Chromium with its driver on this machine"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def addresses(book: Path) -> list[str]:
    pages = [path for path in sorted(book.rglob("*.html")) if "_static" not in path.parts]
    assert len(pages) > 30
    return [path.as_uri() for path in pages]


def test_no_page_has_an_error_in_the_console_and_every_formula_is_set(
    browser: Any, addresses: list[str]
) -> None:
    wrong, formulas = [], 0
    for address in addresses:
        browser.get(address)
        written, made, errors = browser.execute_async_script(FORMULAS)
        log = browser.get_log("browser")
        said = [entry["message"] for entry in log if entry["level"] in ("WARNING", "SEVERE")]
        formulas += made
        if errors or said or made < written:
            wrong.append((address, written, made, errors, said))
    assert wrong == []
    assert formulas > 100


def test_no_page_is_wider_than_a_phone(browser: Any, addresses: list[str]) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    wide = []
    for address in addresses:
        browser.get(address)
        browser.execute_async_script(FORMULAS)
        width, nodes = browser.execute_script(TOO_WIDE)
        if width > PHONE["width"] or nodes:
            wide.append((address, width, nodes))
    assert wide == []
