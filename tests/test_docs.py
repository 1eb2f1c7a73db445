"""The pages say what the code does; the site builds without a warning and asks the network for nothing."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import documentation
import pytest
import reference_tables
from documentation import PAGES, ROOT

from hotspots import categories, tables

README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
COMMANDS = reference_tables.commands()
SETTINGS = {name for name, _, _ in reference_tables.settings_rows()}
SECTIONS = {name.rsplit(".", depth)[0] for name in SETTINGS for depth in range(1, name.count(".") + 1)}
# Settings that are tables of the user's own names, or lists of tables.
OPEN_SECTIONS = {name for name, default, _ in reference_tables.settings_rows() if default == "none"}
OPTIONS = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}
# Names with a dot that are no settings.
OTHERS = {"datetime.strptime"}
FILE_ENDS = "csv|xlsx|gpkg|geojson|kml|html|json|pdf|md|py|toml|txt|ipynb|shp|key"


# sizes


@pytest.mark.parametrize(("page", "most"), [(README, 12_000), (CONTRIBUTING, 6_000)])
def test_the_first_pages_are_short(page: Path, most: int) -> None:
    assert page.stat().st_size <= most


# the generated reference


def test_the_generated_pages_are_those_of_the_code() -> None:
    made = reference_tables.pages()
    kept = {name: (reference_tables.FOLDER / name).read_text(encoding="utf-8") for name in made}
    assert kept == made, "run 'python docs/reference_tables.py'"


def test_everything_in_the_reference_is_described() -> None:
    pages = reference_tables.pages()
    for name, least in {"settings.md": 90, "data_dictionary.md": 250, "commands.md": 60}.items():
        rows = re.findall(r"^\| (`.+?`) \| .*? \| (.*) \|$", pages[name].replace("\\|", "/"), re.MULTILINE)
        assert len(rows) >= least
        assert [code for code, text in rows if not text.strip()] == []
    assert all(f"`{code}`" in pages["issue_codes.md"] for code in categories.ISSUES)


# what the pages name


def test_every_command_is_on_the_first_page_and_in_the_reference() -> None:
    for page in (README, ROOT / "docs" / "reference" / "commands.md"):
        named = set(re.findall(r"hotspots ([a-z]+)(?:`|$)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert set(COMMANDS) <= named


@pytest.mark.parametrize("name", NAMES)
def test_commands_in_a_sentence_can_be_given_as_they_stand(name: str) -> None:
    for code in documentation.inline_code(ROOT / name):
        words = code.replace('"Dorset Police"', "Dorset").split()
        if words[0] == "hotspots" and len(words) > 1 and words[1] != "COMMAND":
            assert words[1] in COMMANDS, code
            if len(words) > 2:
                COMMANDS[words[1]].make_context(words[1], words[2:])


@pytest.mark.parametrize("name", NAMES)
def test_options_exist(name: str) -> None:
    named = {word for code in documentation.inline_code(ROOT / name) for word in code.split() if word[:2] == "--"}
    named -= {"--help"} | {word for word in named if name == "docs/evidence.md"}  # those are of the benchmarks
    assert named <= OPTIONS


def test_options_of_the_benchmarks_exist() -> None:
    for code in documentation.inline_code(ROOT / "docs" / "evidence.md"):
        if code.startswith("python "):
            _, script, *words = code.split()
            text = (ROOT / script).read_text(encoding="utf-8")
            assert all(word in text for word in words), code


@pytest.mark.parametrize("name", NAMES)
def test_settings_exist(name: str) -> None:
    for code in documentation.inline_code(ROOT / name):
        section = re.fullmatch(r"\[+([a-z_.]+)\]+", code)
        if section:
            assert section[1] in SECTIONS | SETTINGS, code
        elif re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", code) and not re.search(rf"\.({FILE_ENDS})$", code):
            assert code in SECTIONS | SETTINGS | OTHERS or code.rpartition(".")[0] in OPEN_SECTIONS, code


@pytest.mark.parametrize("name", NAMES)
def test_settings_in_blocks_can_be_read(name: str) -> None:
    from pipelines import settings

    head = '[force]\nslug = "barset"\nname = "Barset"\n'
    for block in documentation.blocks(ROOT / name):
        if block.language == "toml":
            settings.from_toml(head + block.text, name)


@pytest.mark.parametrize("name", NAMES)
def test_columns_codes_and_other_names_exist(name: str) -> None:
    """Names with an underscore that are no setting: a column, a code, a listed value or a word of the code."""
    known = {leaf for setting in SETTINGS for leaf in setting.split(".")} | set(categories.ISSUES)
    for table in tables.TABLES.values():
        known |= {table.name, *table.columns, *table.prefixes}
        known |= {choice for column in table.columns.values() for choice in column.choices}
    code = _code_of_the_project()
    for word in documentation.inline_code(ROOT / name):
        if re.fullmatch(r"[a-z]+(_[a-z]+)+|([A-Z][a-z]+){2,}", word) and word not in known:
            assert re.search(rf"\b{word}\b", code), word


@pytest.mark.parametrize("name", NAMES)
def test_environment_variables_exist(name: str) -> None:
    code = _code_of_the_project()
    for word in documentation.inline_code(ROOT / name):
        if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", word):
            assert word in code or word == "PREFECT_API_URL", word


def _code_of_the_project() -> str:
    folders = ("hotspots", "pipelines", "tests")
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.name not in ("test_docs.py",))


@pytest.mark.parametrize("name", NAMES)
def test_files_and_folders_of_the_project_exist(name: str) -> None:
    tops = ("hotspots/", "pipelines/", "docs/", "tests/", "notebooks/", ".ci/")
    for code in documentation.inline_code(ROOT / name):
        for word in code.split():
            if word.startswith(tops):
                assert list(ROOT.glob(word.rstrip("/"))), word


def test_the_folders_in_the_overview_are_all_there_are() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\b([a-z_]+)/", re.search(r"```text\n(.*?)```", text, re.DOTALL)[1]))
    there = {
        path.name
        for top in ("hotspots", "pipelines")
        for path in (ROOT / top).rglob("*/")
        if path.is_dir() and list(path.glob("*.py"))
    }
    there |= {"hotspots", "pipelines", "docs", "tests", "notebooks"}
    assert there - {"templates"} <= shown
    assert all(any(ROOT.rglob(name)) for name in shown)


# links


@pytest.mark.parametrize("name", [*NAMES, "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link in documentation.links(page):
        target, _, anchor = unquote(link).partition("#")
        if target.startswith("https://"):
            assert target.startswith("https://doi.org/10."), link
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), link
        assert not anchor or anchor in documentation.anchors(path), link


# the site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(folder / "doctrees"), "-b", "html"]
    done = subprocess.run(
        [*build, str(ROOT / "docs"), str(folder / "html")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_the_site_has_a_page_for_each_page(site: Path) -> None:
    sources = [path for path in PAGES if path.is_relative_to(ROOT / "docs")]
    assert all((site / path.relative_to(ROOT / "docs")).with_suffix(".html").is_file() for path in sources)


def test_no_page_of_the_site_loads_anything_from_the_network(site: Path) -> None:
    loads = re.compile(r"<(?:script|img|iframe|source)[^>]*\bsrc=\"([^\"]+)\"|<link[^>]*\bhref=\"([^\"]+)\"")
    for path in site.rglob("*.html"):
        found = [first or second for first, second in loads.findall(path.read_text(encoding="utf-8"))]
        assert found and not [address for address in found if "//" in address], path.name
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", text), path.name


@pytest.mark.browser
def test_the_site_opens_and_is_searched_from_a_folder_without_network(site: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():
        pytest.skip(f"no Chromium: {chromium} is missing")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index.html", "method.html", "reference/settings.html"):
            page.goto((site / name).as_uri())
        page.goto((site / "search.html").as_uri() + "?q=Knox")
        page.get_by_role("link", name="Method").first.wait_for()
        browser.close()
    assert asked and all(url.startswith(("file://", "data:", "blob:")) for url in asked)


# the notebook


def test_the_notebook_runs_and_finds_what_is_planted() -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    path = ROOT / "notebooks" / "01-first-look.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert all(output["output_type"] != "error" for cell in notebook.cells for output in cell.get("outputs", []))
    assert all(not cell.get("outputs") for cell in nbformat.read(path, as_version=4).cells)
