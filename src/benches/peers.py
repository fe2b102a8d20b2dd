#!/usr/bin/env python3
"""Measures astrascope and other terminal programs side by side, in pseudo-terminals, on the same text in the same run.

    python3 src/benches/peers.py files --astrascope target/release/astrascope --jless ~/.cargo/bin/jless
    python3 src/benches/peers.py calls --astrascope target/release/astrascope --slumber ~/.cargo/bin/slumber

A program that is not named is left out. Times are medians in milliseconds, from the key or the start of the program to the
arrival of the bytes that complete what is waited for on the screen; memory is what the system counts as resident. Runs of
the programs alternate, so that other work on the machine hits all of them alike: compare within a run, not between runs.
Needs nothing but Python.
"""

import argparse
import fcntl
import http.server
import multiprocessing
import os
import pty
import queue
import re
import select
import shutil
import signal
import statistics
import struct
import tempfile
import termios
import threading
import time
import unicodedata

FIRST, LAST = "first-of-all", "last-of-all"
WAIT = 60  # seconds until a program is given up
AGAIN = 0.02  # seconds between two presses of a key that has no effect before all is read
COLUMNS, ROWS = 200, 60

# ---------------------------------------------------------------- texts


def accounts(size, run="run-0000"):
    """An array of account objects on one line, of about `size` bytes."""
    account = (
        '{"id":"%s","official_name":"Everyday Checking %07d","name":"Checking","mask":"%04d",'
        '"institution_name":"First Platypus Bank","type":"checking","current_balance":%d.50,"available_balance":1250.5,'
        '"last_balance_update_on":"2026-03-02T11:58:03.120000","connection_status":"connected","balance_owner":null}'
    )
    step = len(account % ("account-0000000", 0, 0, 1000)) + 1
    count = max(3, size // step)
    items = (account % (f"account-{n:07}", n, n % 10000, 1000 + n % 9000) for n in range(2, count))
    first = account % (FIRST, 1, 1, 1000)
    return "".join(
        ['[{"run":"', run, '"},', first, ",", ",".join(items), ',{"id":"', LAST, '"}]']
    )


# ---------------------------------------------------------------- a terminal


ESCAPE = re.compile(
    r"\x1b\[([?>=<]?)([0-9;:]*)[ !$]?([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\x1b[()][A-Z0-9]|\x1b[=>78cDEHMNOZ]"
)
INCOMPLETE = re.compile(r"\x1b(\[[?>=<]?[0-9;:]*[ !$]?|\][^\x07]*|P[^\x1b]*|[()]?)?$")


class Screen:
    """As much of a terminal as these programs use."""

    def __init__(self, reply):
        self.rows = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.saved = (0, 0)
        self.rest = ""
        self.reply = reply

    def text(self):
        return "\n".join("".join(row) for row in self.rows)

    def feed(self, text):
        text = self.rest + text
        cut = INCOMPLETE.search(text[-4096:])
        end = len(text) - len(cut.group(0)) if cut else len(text)
        self.rest = text[end:]
        at = 0
        while at < end:
            if text[at] == "\x1b":
                found = ESCAPE.match(text, at)
                if not found:
                    at += 1
                    continue
                if found.group(3):
                    self.control(*found.groups())
                elif found.group(0) == "\x1b7":
                    self.saved = (self.row, self.column)
                elif found.group(0) == "\x1b8":
                    self.row, self.column = self.saved
                at = found.end()
                continue
            self.put(text[at])
            at += 1

    def put(self, letter):
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            if self.row == ROWS - 1:
                self.rows = self.rows[1:] + [[" "] * COLUMNS]
            else:
                self.row += 1
        elif letter == "\b":
            self.column = max(0, self.column - 1)
        elif letter >= " ":
            if self.column >= COLUMNS:
                self.column = 0
                self.put("\n")
            self.rows[self.row][self.column] = letter
            self.column += 2 if unicodedata.east_asian_width(letter) in "WF" else 1

    def control(self, private, numbers, final):
        values = [int(n) if n.isdigit() else 0 for n in re.split("[;:]", numbers)] if numbers else []
        first = values[0] if values else 0
        count = max(1, first)
        if private:
            if final == "u":
                self.reply(b"\x1b[?0u")
            elif final == "J" or final == "h" and first in (1049, 47):
                self.rows = [[" "] * COLUMNS for _ in range(ROWS)]
            return
        row = self.rows[self.row]
        if final in "Hf":
            self.row = min(ROWS, max(1, first)) - 1
            self.column = min(COLUMNS, max(1, values[1] if len(values) > 1 else 1)) - 1
        elif final in "AF":
            self.row = max(0, self.row - count)
        elif final in "BE":
            self.row = min(ROWS - 1, self.row + count)
        elif final == "C":
            self.column = min(COLUMNS - 1, self.column + count)
        elif final == "D":
            self.column = max(0, self.column - count)
        elif final == "G":
            self.column = min(COLUMNS, count) - 1
        elif final == "d":
            self.row = min(ROWS, count) - 1
        elif final == "J":
            if first == 0:
                row[self.column :] = [" "] * (COLUMNS - self.column)
                for below in self.rows[self.row + 1 :]:
                    below[:] = [" "] * COLUMNS
            else:
                self.rows = [[" "] * COLUMNS for _ in range(ROWS)]
        elif final == "K":
            start, end = [(self.column, COLUMNS), (0, self.column + 1), (0, COLUMNS)][min(first, 2)]
            row[start:end] = [" "] * (end - start)
        elif final == "X":
            end = min(COLUMNS, self.column + count)
            row[self.column : end] = [" "] * (end - self.column)
        elif final == "L":
            for _ in range(count):
                self.rows.insert(self.row, [" "] * COLUMNS)
                self.rows.pop()
        elif final == "M":
            for _ in range(count):
                self.rows.pop(self.row)
                self.rows.append([" "] * COLUMNS)
        elif final == "n":
            self.reply(b"\x1b[%d;%dR" % (self.row + 1, self.column + 1))
        elif final == "c":
            self.reply(b"\x1b[?62;22c")


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, command, variables=None, folder=None):
        self.began = time.perf_counter()
        self.process, self.end = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            if folder:
                os.chdir(folder)
            environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(variables or {})}
            os.execvpe(command[0], command, environment)
        self.screen = Screen(self.type)
        self.pieces = queue.Queue()
        self.decode = __import__("codecs").getincrementaldecoder("utf-8")("replace").decode
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        # Told apart from what is done with it, so that a slow reader delays no program.
        while True:
            try:
                piece = os.read(self.end, 1 << 16)
            except OSError:
                piece = b""
            self.pieces.put((time.perf_counter(), piece))
            if not piece:
                return

    def type(self, keys):
        os.write(self.end, keys if isinstance(keys, bytes) else keys.encode())

    def step(self, limit):
        """Takes the next piece of output; answers with when it came, or None."""
        try:
            at, piece = self.pieces.get(timeout=max(0.0, limit))
        except queue.Empty:
            return None
        if not piece:
            raise SystemExit(f"a program ended too early; its screen:\n{self.screen.text()}")
        self.screen.feed(self.decode(piece))
        return at

    def until(self, is_there, again=None):
        """Waits until the screen satisfies `is_there`; answers with when that came. Presses `again` while it waits."""
        if isinstance(is_there, str):
            wanted = is_there
            is_there = lambda text: wanted in text
        at = pressed = time.perf_counter()
        end = at + WAIT
        while not is_there(self.screen.text()):
            now = time.perf_counter()
            if now > end:
                raise SystemExit(f"waited too long; the screen:\n{self.screen.text()}")
            if again and now > pressed + AGAIN:
                self.type(again)
                pressed = now
            at = self.step(AGAIN if again else end - now) or at
        return at

    def quiet(self, pause=0.15):
        while self.step(pause):
            pass

    def key(self, keys):
        """From a key to the first output that follows, in milliseconds."""
        began = time.perf_counter()
        self.type(keys)
        came = self.step(WAIT)
        self.quiet(0.02)
        return (came - began) * 1000

    def keys(self, keys):
        """Median from key to output, and the time on a processor that a key takes, which other work does not change."""
        before = self.processor()
        times = [self.key(key) for key in keys]
        return statistics.median(times), (self.processor() - before) / len(keys)

    def processor(self):
        """Milliseconds that the program has spent on processors."""
        total = 0
        for task in os.listdir(f"/proc/{self.process}/task"):
            try:
                with open(f"/proc/{self.process}/task/{task}/schedstat") as stat:
                    total += int(stat.read().split()[0])
            except OSError:
                pass  # a thread that has just ended
        return total / 1e6

    def memory(self, what="VmRSS"):
        with open(f"/proc/{self.process}/status") as status:
            for line in status:
                if line.startswith(what + ":"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.end)


def since(terminal, at):
    return (at - terminal.began) * 1000


# ---------------------------------------------------------------- what is measured


def files(options):
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        for size in options.megabytes:
            path = os.path.join(folder, f"{size}.json")
            with open(path, "w") as file:
                file.write(accounts(size * 1_000_000))
            for _ in range(options.runs):
                for name, command in options.viewers(path):
                    look(table, f"{size} MB", name, command, size)
            os.remove(path)
    table.show()


def look(table, size, name, command, megabytes):
    terminal = Terminal(command, {"ASTRASCOPE_HOME": "/nonexistent"})
    note = lambda work, value, unit="ms": table.note(f"{size}: {work}", name, value, unit)
    note("start to first screen", since(terminal, terminal.until(FIRST)))
    note("start to the last line", since(terminal, terminal.until(LAST, again="G")))
    note("start to the last line, on a processor", terminal.processor())
    terminal.quiet()
    note("memory", terminal.memory(), "MB")
    note("memory at most", terminal.memory("VmHWM"), "MB")
    terminal.key("g")
    page = "\x06" if name == "jless" else "\x1b[6~"
    ways = [("down", ["j"] * 40), ("page down", [page] * 40), ("end and back", ["G", "g"] * 20)]
    if name == "astrascope":
        ways += [("fold and unfold all", ["-", "+"] * 5)]
    for way, keys in ways:
        wall, processor = terminal.keys(keys)
        note(f"key to frame, {way}", wall)
        note(f"a key on a processor, {way}", processor)
    terminal.key("g")
    note("search to the only match, at the end", search(terminal))
    terminal.close()


def search(terminal):
    """From the first letter of what is searched for to the match on the screen, in milliseconds."""
    terminal.key("/")
    terminal.quiet()
    began = time.perf_counter()
    terminal.type(LAST + "\r")
    return (terminal.until(shows_last) - began) * 1000


def shows_last(text):
    """The match itself, besides the line in which it was typed."""
    return any(LAST in line and "id" in line for line in text.split("\n"))


class Table:
    """Medians by work and program."""

    def __init__(self):
        self.values = {}

    def note(self, work, program, value, unit="ms"):
        self.values.setdefault((work, unit), {}).setdefault(program, []).append(value)

    def show(self):
        programs = list(dict.fromkeys(name for row in self.values.values() for name in row))
        print("| work | " + " | ".join(programs) + " |")
        print("|---" * (len(programs) + 1) + "|")
        for (work, unit), row in self.values.items():
            cells = [f"{statistics.median(row[name]):.1f} {unit}" if name in row else "" for name in programs]
            print(f"| {work} | " + " | ".join(cells) + " |")


# ---------------------------------------------------------------- calls over loopback


def serve(size, ports):
    text = accounts(size).encode()
    at = text.index(b"run-0000") + 4
    count = 0

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            nonlocal count
            count += 1
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text[:at] + b"%04d" % count + text[at + 4 :])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ports.put(server.server_address[1])
    server.serve_forever()


def calls(options):
    table = Table()
    for size in options.megabytes:
        ports = multiprocessing.Queue()
        server = multiprocessing.Process(target=serve, args=(size * 1_000_000, ports), daemon=True)
        server.start()
        url = f"http://127.0.0.1:{ports.get()}"
        for _ in range(options.runs):
            for name, begin in options.clients():
                call(table, f"{size} MB", name, begin, url)
        server.terminate()
    table.show()


def call(table, size, name, begin, url):
    with tempfile.TemporaryDirectory() as home:
        terminal, send = begin(url, home)
        run = int(re.search(r"run-(\d+)", terminal.screen.text()).group(1))
        terminal.quiet()
        table.note(f"{size}: memory after the first answer", name, terminal.memory(), "MB")
        times = []
        for _ in range(5):
            run += 1
            began = time.perf_counter()
            terminal.type(send)
            times.append((terminal.until(f"run-{run:04}") - began) * 1000)
            terminal.quiet(0.3)
        table.note(f"{size}: key to first screen of the answer", name, statistics.median(times))
        table.note(f"{size}: memory after six answers", name, terminal.memory(), "MB")
        if name == "astrascope":
            table.note(f"{size}: search to the only match", name, search(terminal))
        terminal.close()


def with_astrascope(program):
    def begin(url, home):
        os.makedirs(f"{home}/config", exist_ok=True)
        with open(f"{home}/config/config.toml", "w") as file:
            file.write(
                f'default_profile = "bench"\n[profiles.bench]\nenvironment = "custom"\nclient_id = "bench"\n'
                f'redirect_uri = "http://127.0.0.1:8765/callback"\napi_url = "{url}"\n'
            )
        terminal = Terminal([program], {"ASTRASCOPE_HOME": home, "ASTRASCOPE_CLIENT_SECRET": "s"})
        terminal.until("help")
        terminal.type("o")
        terminal.quiet()
        terminal.type("bins.get\r")
        terminal.quiet()
        terminal.type("411111\x12")
        terminal.until("run-")
        terminal.type("5z")
        terminal.quiet()
        return terminal, "r"

    return begin


def with_slumber(program):
    def begin(url, home):
        with open(f"{home}/slumber.yml", "w") as file:
            file.write(f"requests:\n  big:\n    method: GET\n    url: {url}/\n")
        terminal = Terminal([program], {"HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}, home)
        terminal.until("big")
        terminal.quiet()
        terminal.type("\r")
        terminal.until("run-")
        return terminal, "\r"

    return begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["files", "calls"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megabytes", type=lambda text: [int(n) for n in text.split(",")], default=None)
    for program in ("astrascope", "jless", "slumber"):
        parser.add_argument(f"--{program}", type=shutil.which)
    options = parser.parse_args()
    options.megabytes = options.megabytes or ([50, 200] if options.what == "files" else [1, 10, 50])
    options.viewers = lambda path: [
        (name, command)
        for name, program, command in (
            ("astrascope", options.astrascope, [options.astrascope, "view", path]),
            ("jless", options.jless, [options.jless, path]),
        )
        if program
    ]
    options.clients = lambda: [
        (name, begin(program))
        for name, program, begin in (
            ("astrascope", options.astrascope, with_astrascope),
            ("slumber", options.slumber, with_slumber),
        )
        if program
    ]
    (files if options.what == "files" else calls)(options)


if __name__ == "__main__":
    main()
