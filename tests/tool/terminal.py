# SPDX-License-Identifier: BSL-1.0
"""Runs a program in a terminal of its own and plays the user in front of it.

    terminal.py STEP... -- PROGRAM ARGUMENTS...

    see:TEXT     waits until TEXT is shown
    hidden       checks that what is typed now is not shown
    type:TEXT    types TEXT and Enter
    press:^C     presses Ctrl-C, Ctrl-D or Ctrl-\\ (press:^D, press:^\\)
    run:COMMAND  runs a command of the shell elsewhere, and waits for its end

Prints what the terminal showed. Ends with the program's exit code, or with 99 where something else was expected or
the terminal was left without echo."""
import os
import pty
import select
import subprocess
import sys
import termios
import time

PATIENCE = 60  # seconds
KEYS = {"^C": b"\x03", "^D": b"\x04", "^\\": b"\x1c"}


def give_up(shown, why):
    sys.stdout.buffer.write(bytes(shown))
    print(f"\nterminal: {why}")
    sys.exit(99)


class Terminal:
    def __init__(self, command):
        self.keyboard, self.screen = pty.openpty()
        self.shown = bytearray()
        self.seen = 0  # how much of it earlier steps waited for
        self.program = subprocess.Popen(command, stdin=self.screen, stdout=self.screen, stderr=self.screen,
                                        preexec_fn=lambda: os.login_tty(self.screen))

    def read(self, seconds):
        if select.select([self.keyboard], [], [], seconds)[0]:
            self.shown += os.read(self.keyboard, 65536)

    def echoes(self):
        return bool(termios.tcgetattr(self.screen)[3] & termios.ECHO)

    def see(self, text):
        end = time.monotonic() + PATIENCE
        while (found := self.shown.find(text, self.seen)) < 0:
            if time.monotonic() > end:
                give_up(self.shown, f"never saw {text!r}")
            self.read(0.1)
        self.seen = found + len(text)

    def take(self, step):
        what, _, text = step.partition(":")
        if what == "see":
            self.see(text.encode())
        elif what == "hidden":
            if self.echoes():
                give_up(self.shown, "what is typed would be shown")
        elif what == "type":
            os.write(self.keyboard, text.encode() + b"\n")
        elif what == "press":
            os.write(self.keyboard, KEYS[text])
        elif what == "run":
            subprocess.run(text, shell=True, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        else:
            give_up(self.shown, f"no such step: {step}")

    def finish(self):
        end = time.monotonic() + PATIENCE
        while self.program.poll() is None:
            if time.monotonic() > end:
                self.program.kill()
                give_up(self.shown, "the program does not end")
            self.read(0.05)
        self.read(0)
        if not self.echoes():
            give_up(self.shown, "the terminal was left without echo")
        sys.stdout.buffer.write(bytes(self.shown))
        code = self.program.returncode
        return 128 - code if code < 0 else code


if not hasattr(os, "login_tty"):  # Python before 3.11
    import fcntl

    def login_tty(fd):
        os.setsid()
        fcntl.ioctl(fd, termios.TIOCSCTTY, 0)

    os.login_tty = login_tty

split = sys.argv.index("--")
terminal = Terminal(sys.argv[split + 1:])
for step in sys.argv[1:split]:
    terminal.take(step)
sys.exit(terminal.finish())
