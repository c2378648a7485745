#!/usr/bin/env python3
"""Verify an open-data bundle with nothing but Python: written from docs/open-data-format.md alone.

    python3 verify_release.py release-0003.zip [--heads heads.txt]

Exit 0: everything that could be checked held. 1: something did not. 2: wrong use.
"""

import argparse
import csv
import hashlib
import io
import re
import struct
import sys
import zlib
from collections import defaultdict
from pathlib import Path

FLAGS, DATE = 1 << 11, 0x0021
HEAD_LINE = (
    r"(day \d{4}-\d\d-\d\d|release [1-9]\d{0,8}) [a-z][a-z0-9_.]{0,39} [1-9]\d{0,17} "
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9a-f]{64}"
)
REASONS = {"no_report", "no_factor", "late_source", "not_collected", "budget_spent"}
NAMES = ["number", "period", "since", "vintage", "synthetic", "cut-seq", "cut-day", "frozen-at"]


class Broken(Exception):
    """A check that did not hold."""


def need(condition, message):
    if not condition:
        raise Broken(message)


def unzip(data):
    """Walk the central directory from the end and demand the one form of every header."""
    need(len(data) >= 22 and data[-22:-18] == b"PK\5\6", "no end record")
    *disks, here, total, size, offset, comment = struct.unpack("<4H2IH", data[-18:])
    need([*disks, comment] == [0, 0, 0] and here == total, "end record")
    need(offset + size + 22 == len(data), "bytes outside the entries")
    files, at, expected = {}, offset, 0
    for _ in range(total):
        need(data[at : at + 4] == b"PK\1\2" and at + 46 <= len(data), "directory")
        (made, wanted, flags, method, time, date, crc, packed, plain, name_size,
         extra, note, disk, inside, outside, where) = struct.unpack(
            "<6H3I5H2I", data[at + 4 : at + 46])  # fmt: skip
        name = data[at + 46 : at + 46 + name_size]
        fixed = made, wanted, flags, method, time, date, extra, note, disk, inside, outside
        need(fixed == (20, 20, FLAGS, 0, 0, DATE, *[0] * 5), "a directory entry")
        need(packed == plain and where == expected, "an entry's place")
        local = b"PK\3\4" + struct.pack(
            "<5H3I2H", 20, FLAGS, 0, 0, DATE, crc, plain, plain, name_size, 0
        )
        body = where + 30 + name_size
        need(data[where:body] == local + name and body + plain <= offset, "an entry's header")
        content = data[body : body + plain]
        need(zlib.crc32(content) == crc, "a checksum")
        path = name.decode("utf-8")
        need(path not in files, f"{path} twice")
        files[path] = content
        expected, at = body + plain, at + 46 + name_size
    need(expected == offset and at == offset + size, "a gap")
    need(list(files) == sorted(files), "order of entries")
    return files


def read_heads(data):
    """The list of heads: {(occasion, name): {chain: (number, instant, digest)}}, in its order."""
    lines = data.decode("ascii").split("\n")
    need(lines[0] == "dure-heads 1" and lines[-1] == "" and len(lines) > 1, "not a list of heads")
    found, newest, order = defaultdict(dict), {}, {}
    for line in lines[1:-1]:
        need(re.fullmatch(HEAD_LINE, line, re.ASCII), f"not a head: {line}")
        occasion, name, chain, number, instant, digest = line.split(" ")
        place = (len(name), name)
        need(place >= order.get(occasion, place), f"{occasion} {name} comes too late")
        need(chain not in found[occasion, name], f"{chain} twice on {occasion} {name}")
        before, told = newest.get(chain, (0, "", "")), (int(number), instant, digest)
        need(told[0] > before[0] or told == before, f"{chain} {number} was another one before")
        order[occasion], newest[chain], found[occasion, name][chain] = place, told, told
    return found


def check_heads(inside, heads, number, top, previous):
    """The heads inside the bundle, and the bundle against a published list (None: not given)."""
    name = ("release", str(number))
    chains = list(inside[name])  # an empty list names no chain
    need(set(inside) == {name}, "heads.txt: another occasion")
    need(chains == sorted(chains) and "indicators.release" not in chains, "heads.txt: chains")
    if heads is None:
        return
    own = heads[name].get("indicators.release", (0, "", ""))
    need((own[0], own[2]) == (number, top), "the published head is another one")
    before = heads["release", str(number - 1)].get("indicators.release", (0, "", ""))
    need(previous == (before[2] if number > 1 else "0" * 64), "the chain of releases is broken")
    others = {chain: told for chain, told in heads[name].items() if chain != "indicators.release"}
    need(others == inside[name], "the published head of another chain is not the one inside")


def read_head(files, heads):
    need("head.txt" in files, "head.txt is missing")
    body, mark, last = files["head.txt"].rpartition(b"head ")
    need(mark and body.endswith(b"\n") and body.isascii(), "head.txt has no head")
    top = hashlib.sha256(body).hexdigest()
    need(last == top.encode() + b"\n", "head.txt was changed")
    lines = [line.split(" ") for line in body.decode().splitlines()]
    need(lines[0] == ["dure-release", "1"], "another format")
    need([line[0] for line in lines[1:9]] == NAMES, "head.txt order")
    head = {line[0]: line[1] for line in lines[1:9]}
    need(lines[9][0] == "cells" and lines[-1][0] == "previous", "head.txt order")
    listed = {}
    for word, path, size, digest in lines[10:-1]:
        need(word == "file" and path in files, f"{path} is missing")
        found = hashlib.sha256(files[path]).hexdigest()
        need((len(files[path]), found) == (int(size), digest), f"{path} was changed")
        listed[path] = digest
    need(set(listed) == set(files) - {"head.txt"}, "a file that the head does not name")
    root = hashlib.sha256(b"\1")
    rows = files["cells.csv"].split(b"\r\n")[1:-1]
    for row in rows:
        root.update(hashlib.sha256(b"\0" + row).digest())
    need([str(len(rows)), root.hexdigest()] == lines[9][1:], "the leaves do not make the root")
    need("heads.txt" in files, "heads.txt is missing")
    number = int(head["number"])
    check_heads(read_heads(files["heads.txt"]), heads, number, top, lines[-1][1])
    return head, top


def table(files, path):
    text = files[path].decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    need(all(None not in row and None not in row.values() for row in rows), f"{path}: a short row")
    return rows


def months_in(period):
    if re.fullmatch(r"\d{4}", period):
        return [f"{period}-{m:02d}" for m in range(1, 13)]
    if "Q" in period:
        year, quarter = period.split("-Q")
        return [f"{year}-{3 * int(quarter) - 2 + i:02d}" for i in range(3)]
    return [period]


def grain_name(period):
    return "year" if len(period) == 4 else "quarter" if "Q" in period else "month"


def all_periods(since, period):
    end, months = months_in(period)[-1], []
    year, month = map(int, since.split("-"))
    while f"{year}-{month:02d}" <= end:
        months.append(f"{year}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    quarters = [f"{y}-Q{q}" for y in sorted({m[:4] for m in months}) for q in (1, 2, 3, 4)]
    years = sorted({m[:4] for m in months})
    whole = [p for p in quarters + years if set(months_in(p)) <= set(months)]
    by_grain = {g: [p for p in whole if grain_name(p) == g] for g in ("quarter", "year")}
    return {"period": [period], "month": months, **by_grain}


def grid_of(definition, head, gu):
    calendar, cells = all_periods(head["since"], head["period"]), set()
    for block in definition["grid"].split("; "):
        grains, places, breakdown = block.split("@")
        key, _, values = breakdown.partition("=")
        names = [""] if breakdown == "-" else [f"{key}={v}" for v in values.split("|")]
        where = (gu if "gu" in places.split(",") else []) + (["00000"] if "city" in places else [])
        for grain in grains.split(","):
            for period in calendar[grain]:
                cells |= {(grain_name(period), period, p, b) for p in where for b in names}
    return cells


def decimal(definition, num, den):
    scale, digits = int(definition["scale"]), int(definition["digits"])
    top = num * scale * 10**digits
    cut = top // den if definition["better"] == "more" else -((-top) // den)
    text = str(abs(cut)).rjust(digits + 1, "0")
    body = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return ("-" if cut < 0 else "") + body


def check_row(definition, row):
    numbers = [row[name] for name in ("numerator", "denominator", "coverage_ppm")]
    need(all(re.fullmatch(r"(-?[1-9]\d*|0)?", n, re.ASCII) for n in numbers), "not a plain integer")
    need(row["version"] == definition["version"], "another version")
    need((row["reason"] == "not_collected") == (definition["measured"] == "no"), "measured or not")
    if row["state"] == "":
        need(numbers[0] != "" and row["reason"] == "", "a value without a number")
        ratio = definition["aggregation"] == "ratio"
        need((numbers[1] != "") == ratio and numbers[1] != "0", "denominator")
        value = decimal(definition, int(numbers[0]), int(numbers[1])) if ratio else numbers[0]
        need(row["value"] == value, "the value does not follow from its parts")
    else:
        need(row["state"] in (":", ":c", ":z"), "unknown state")
        need(not any(numbers) and row["value"] == "", "a number where there is none")
        need((row["state"] == ":") == (row["reason"] in REASONS), "reason")
        need(row["state"] == ":" or row["reason"] == "", "reason")


def check_sums(definition, rows, gu):
    def total_is(row, keys):
        parts = [rows[k] for k in keys if k in rows]
        if len(parts) == len(keys) and not any(p["state"] for p in [row, *parts]):
            whole = int(row["numerator"])
            need(sum(int(p["numerator"]) for p in parts) == whole, f"{row['period']} total")

    if definition["aggregation"] == "ratio":
        return
    for (grain, period, place, breakdown), row in rows.items():
        if place == "00000":
            total_is(row, [(grain, period, g, breakdown) for g in gu])
        if grain != "month" and definition["aggregation"] == "sum":
            total_is(row, [("month", m, place, breakdown) for m in months_in(period)])
        for block in definition["grid"].split("; "):
            key, equals, values = block.split("@")[2].partition("=")
            if breakdown == "" and equals:
                total_is(row, [(grain, period, place, f"{key}={v}") for v in values.split("|")])


def formula(text):
    for part in text.split(" + ") if text else []:
        measure, label, *conditions = part.split(" ")
        wanted = [c.split("=") for c in conditions]
        yield measure, label, {key: values.split("|") for key, values in wanted}


def amount(event, measure):
    sign, grams = int(event["sign"]), event["gco2e"]
    if measure in ("count", "qty"):
        return sign * (int(event["quantity"]) if measure == "qty" else 1)
    return sign * (int(grams) if measure == "gco2e" else 1) if grams else 0


def recompute(definition, rows, events):
    sums = {name: defaultdict(int) for name in ("numerator", "denominator", "known", "all_of")}
    keys = {key.partition("=")[0] for key in (k[3] for k in rows) if key}
    for event in events:
        dims = dict(pair.split("=") for pair in event["dims"].split("|") if pair)
        breakdowns = [""] + [f"{key}={dims.get(key, 'none')}" for key in keys]
        month = event["date"][:7]
        periods = [month, f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}", month[:4]]
        for name, counter in sums.items():
            add = sum(
                amount(event, measure)
                for measure, label, wanted in formula(definition[name])
                if label == event["label"]
                and all(dims.get(key, "") in values for key, values in wanted.items())
            )
            for period in periods if add else ():
                for place in (event["place"], "00000"):
                    for breakdown in breakdowns:
                        counter[grain_name(period), period, place, breakdown] += add
    for key, row in rows.items():
        num, den, known, everything = (sums[name][key] for name in sums)
        told = (row["state"], row["numerator"], row["denominator"], row["coverage_ppm"])
        again = ("", str(num), "", "")
        if definition["aggregation"] == "ratio":
            again = ("", str(num), str(den), "") if den else (":z", "", "", "")
        elif definition["all_of"]:
            enough = known * 10**6 >= int(definition["floor_ppm"]) * everything
            coverage = known * 10**6 // everything if everything else 10**6
            again = ("", str(num), "", str(coverage)) if enough else (":", "", "", "")
        need(told == again, f"{key}: the events give {again}, the release says {told}")


def levels(files, head):
    definitions = {row["indicator"]: row for row in table(files, "definitions.csv")}
    gu = [row["place"] for row in table(files, "places.csv") if row["place"] != "00000"]
    cells = defaultdict(dict)
    for row in table(files, "cells.csv"):
        key = (row["grain"], row["period"], row["place"], row["breakdown"])
        need(row["indicator"] in definitions, "a cell without a definition")
        need(key not in cells[row["indicator"]], "a cell twice")
        cells[row["indicator"]][key] = row
    for row in table(files, "revisions.csv"):
        key = (row["grain"], row["period"], row["place"], row["breakdown"])
        now = cells[row["indicator"]].get(key)
        need(now and (now["value"], now["state"]) == (row["value"], row["state"]), "revisions.csv")
        before = (row["value_before"], row["state_before"])
        need((now["value"], now["state"]) != before, "revisions.csv lists what did not change")
    paths = [path for path in files if path.startswith("public-events/")]
    events = [row for path in paths for row in table(files, path)]
    for code, definition in sorted(definitions.items()):
        rows, level = cells[code], "V1 intact only"
        try:
            need(set(rows) == grid_of(definition, head, gu), "cells differ from the grid")
            for row in rows.values():
                check_row(definition, row)
            check_sums(definition, rows, gu)
            level = "V2 consistent, not recomputed"
            if definition["recomputable"] == "yes":
                recompute(definition, rows, events)
                level = "V3 recomputed from public events"
            yield code, level, ""
        except (Broken, ValueError, KeyError) as error:
            yield code, level, str(error)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle")
    parser.add_argument("--heads", help="the published heads: a copy of /data/heads.txt")
    options = parser.parse_args(arguments)
    data = Path(options.bundle).read_bytes()
    failed = False
    try:
        heads = read_heads(Path(options.heads).read_bytes()) if options.heads else None
        files = unzip(data)
        head, top = read_head(files, heads)
        print(f"release {head['number']}, {head['period']}, head {top}")
        for code, level, fault in levels(files, head):
            failed = failed or bool(fault)
            print(f"{code}: {level}" + (f" — FAILED: {fault}" if fault else ""))
    except (Broken, ValueError, KeyError, UnicodeDecodeError, struct.error) as error:
        print(f"FAILED: {error}")
        return 1
    print("published head: " + ("equal" if heads else "not compared"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
