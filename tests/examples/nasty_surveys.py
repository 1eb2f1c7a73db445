"""Survey exports as forces' systems really write them, by hand: a function for each kind, all with the same answers."""

from collections.abc import Iterable
from pathlib import Path

import openpyxl

# Twelve respondents; what they worry about, and where and how.
NAMES = ("Ann Other", "Bob Smith", "Cara Jones", "Dev Patel", "Eve Adams", "Fay Brown")
WORRIES = (["Burglary"], ["Speeding", "Litter"], ["Drugs"], ["Fly-tipping"], ["Dog fouling", "Noise"], ["Graffiti"])
CODES = (["burglary"], ["speeding", "litter"], ["drugs"], ["fly_tipping"], ["dog_fouling", "noise"], ["graffiti"])
COUNT = 24
PERSONAL = ("Other", "Smith", "Patel", "example.org", "07700", "Mill Lane")


def day(n: int) -> str:
    return f"{n % 28 + 1:02d}/09/2025 10:{n % 60:02d}"


def postcode(n: int) -> str:
    return f"SN{n % 5 + 1} {n % 9 + 1}AB"


def person(n: int) -> tuple[str, str, str]:
    """Name, e-mail and telephone."""
    return NAMES[n % 6], f"a{n}@example.org", f"07700 9{n:05d}"


def codes() -> list[list[str]]:
    """What the answers are about, in order."""
    return [CODES[n % 6] for n in range(COUNT)]


def text(path: Path, rows: Iterable[Iterable[object]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    def cell(value: object) -> str:
        said = str(value).replace('"', '""')
        return f'"{said}"' if any(sign in said for sign in (delimiter, "\n", '"')) else said

    lines = [delimiter.join(map(cell, row)) for row in rows]
    path.write_text("\n".join([*lines, ""]), encoding=encoding)
    return path


def workbook(path: Path, **sheets: Iterable[Iterable[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


PLAIN = ["Response ID", "Date submitted", "Name", "Email", "Postcode", "What worries you most?", "How often?"]


def plain_rows(between: str = "; ") -> list[list[object]]:
    return [
        [
            f"R{n}",
            day(n),
            person(n)[0],
            person(n)[1],
            postcode(n),
            between.join(WORRIES[n % 6]),
            ("Daily", "Weekly")[n % 2],
        ]
        for n in range(COUNT)
    ]


def title_above_headings(folder: Path) -> Path:
    rows = [["Let's Talk: results to 30 September 2025"], [], PLAIN, *plain_rows()]
    return workbook(folder / "talk.xlsx", Answers=rows)


def ticks_in_one_column_by_semicolons(folder: Path) -> Path:
    return text(folder / "talk.csv", [PLAIN, *plain_rows(";")])


def ticks_in_one_column_by_lines(folder: Path) -> Path:
    return text(folder / "talk.csv", [PLAIN, *plain_rows("\n")])


def one_column_a_tick(folder: Path, yes: str = "Yes", no: str = "No") -> Path:
    labels = [worry for worries in WORRIES for worry in worries]
    heads = ["Response ID", "Date submitted", "Name", "Postcode", "How often?"]
    heads += [f"Which of these worry you? - {label}" for label in labels]
    rows = [
        [
            f"R{n}",
            day(n),
            person(n)[0],
            postcode(n),
            "Daily",
            *(yes if label in WORRIES[n % 6] else no for label in labels),
        ]
        for n in range(COUNT)
    ]
    return text(folder / "talk.csv", [heads, *rows])


def surveymonkey(folder: Path) -> Path:
    labels = [worry for worries in WORRIES for worry in worries]
    first = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name",
             "What is your postcode?", "Which of these worry you?", *[""] * (len(labels) - 1),
             "Please tell us more", "How often does this happen?"]  # fmt: skip
    second = ["", "", "", "", "", "", "", "Open-Ended Response", *labels, "Open-Ended Response", "Response"]
    rows = [
        [11_000_000_000 + n, 4001, f"{n % 28 + 1:02d}/09/2025 10:15", day(n), f"10.0.0.{n}",
         person(n)[1], person(n)[0], postcode(n), *(label if label in WORRIES[n % 6] else "" for label in labels),
         "It happens by the shops when the evenings are dark", "Weekly"]
        for n in range(COUNT)
    ]  # fmt: skip
    return text(folder / "talk.csv", [first, second, *rows])


def month_before_day(folder: Path) -> Path:
    rows = [[row[0], f"09/{n % 28 + 1:02d}/2025 10:15:00 AM", *row[2:]] for n, row in enumerate(plain_rows())]
    return text(folder / "talk.csv", [PLAIN, *rows])


def merged_headings(folder: Path) -> Path:
    labels = [worry for worries in WORRIES for worry in worries]
    first = [
        "Response ID",
        "Date submitted",
        "Your name",
        "Postcode",
        "How often?",
        "What worries you?",
        *[None] * (len(labels) - 1),
    ]
    rows = [
        [
            f"R{n}",
            day(n),
            person(n)[0],
            postcode(n),
            "Daily",
            *("x" if label in WORRIES[n % 6] else None for label in labels),
        ]
        for n in range(COUNT)
    ]
    path = workbook(folder / "talk.xlsx", Results=[["Results of the survey"], first, [*[None] * 5, *labels], *rows])
    book = openpyxl.load_workbook(path)
    sheet = book["Results"]
    sheet.merge_cells(start_row=2, end_row=2, start_column=6, end_column=5 + len(labels))
    for column in range(1, 6):
        sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    book.save(path)
    return path


def nobody_signed_in(folder: Path) -> Path:
    rows = [[*row[:2], "", "anonymous", *row[4:]] for row in plain_rows()]
    return text(folder / "talk.csv", [PLAIN, *rows])


def microsoft_forms(folder: Path) -> Path:
    heads = ["ID", "Start time", "Completion time", "Email", "Name", "What is your postcode?",
             "What are you worried about in your area?", "How often does this happen?"]  # fmt: skip
    rows = [
        [n + 1, 45901.4 + n % 28, 45901.42 + n % 28, person(n)[1], person(n)[0], postcode(n),
         "".join(f"{worry};" for worry in WORRIES[n % 6]), "Every day"]
        for n in range(COUNT)
    ]  # fmt: skip
    return workbook(folder / "talk.xlsx", Sheet1=[heads, *rows])


def microsoft_forms_text(folder: Path) -> Path:
    heads = ["Start time", "Completion time", "Email", "Name", "Postcode", "What are you worried about?", "How often?"]
    rows = [
        [day(n), day(n), person(n)[1], person(n)[0], postcode(n), ",".join(WORRIES[n % 6]), "Weekly"]
        for n in range(COUNT)
    ]
    return text(folder / "talk.csv", [heads, *rows], delimiter=";")


def excel_day_numbers(folder: Path) -> Path:
    rows = [[row[0], 45901 + n % 28 + 0.25, *row[2:]] for n, row in enumerate(plain_rows())]
    return text(folder / "talk.csv", [PLAIN, *rows])


def utf_16_by_tabs(folder: Path) -> Path:
    return text(folder / "talk.txt", [PLAIN, *plain_rows()], delimiter="\t", encoding="utf-16")


def postcode_with_town(folder: Path) -> Path:
    rows = [[*row[:4], f"Swindon {row[4]}", *row[5:]] for row in plain_rows()]
    return text(folder / "talk.csv", [[*PLAIN[:4], "Town and postcode", *PLAIN[5:]], *rows])


def degrees_swapped(folder: Path) -> Path:
    heads = [*PLAIN[:4], "Latitude", "Longitude", *PLAIN[5:]]
    rows = [[*row[:4], f"-1.7{n:03d}", f"51.5{n:03d}", *row[5:]] for n, row in enumerate(plain_rows())]
    return text(folder / "talk.csv", [heads, *rows])


def what3words(folder: Path) -> Path:
    heads = [*PLAIN[:4], "what3words", *PLAIN[5:]]
    rows = [[*row[:4], f"///filled.count.soap{'abcdef'[n % 6]}", *row[5:]] for n, row in enumerate(plain_rows())]
    return text(folder / "talk.csv", [heads, *rows])


def respondent_twice(folder: Path) -> Path:
    rows = plain_rows()
    return text(
        folder / "talk.csv", [PLAIN, *rows, *rows[:3], *[[f"R{90 + n}", *row[1:]] for n, row in enumerate(rows[:2])]]
    )


def without_consent(folder: Path) -> Path:
    rows = [[*row, ("Yes", "No")[n % 3 == 2]] for n, row in enumerate(plain_rows())]
    return text(folder / "talk.csv", [[*PLAIN, "Do you consent to your answers being used?"], *rows])


def empty(folder: Path) -> Path:
    return text(folder / "survey.csv", [])


def two_sheets(folder: Path) -> Path:
    return workbook(folder / "survey.xlsx", Wave_1=[PLAIN, *plain_rows()], Wave_2=[PLAIN, *plain_rows()])
