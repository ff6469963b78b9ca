# SPDX-License-Identifier: Apache-2.0
"""Files without end: a line of a gigabyte is refused with its place, and a file larger than the memory given to the store is
read; in either case the program stays small, which is measured here."""
import datetime
import os
import struct
import subprocess
import zlib

import strata_cli
from strata_cli import CliTest

MB = 1 << 20
GB = 1 << 30
PIECE = 16 * MB
# Measured on amd64 with glibc's malloc: the program with its libraries, and its pieces of 4 MB, takes 90 to 110 MB.
OWN_MB = 200
CSV = b"account_id,at,feature\nA,2026-01-01,f\nA,2026-01-02,"
JSON = b'{"account_id":"A","at":"2026-01-01","feature":"f"}\n{"account_id":"A","at":"2026-01-02","feature":"'


def sparse(path, head, size):
    """Letters beyond the longest record that is allowed, and a hole for the rest."""
    with open(path, "wb") as out:
        out.write(head + b"x" * (40 * MB))
        out.truncate(size)


def packed(path, head, size):
    """A gzip file of one compressed piece many times over: it takes a second where gzip would take many."""
    def deflated(data, end):
        c = zlib.compressobj(1, zlib.DEFLATED, -15)
        return c.compress(data) + c.flush(end)

    block = b"x" * PIECE
    crc = zlib.crc32(head)
    for _ in range(size // PIECE):
        crc = zlib.crc32(block, crc)
    body = deflated(head, zlib.Z_FULL_FLUSH) + deflated(block, zlib.Z_FULL_FLUSH) * (size // PIECE) + deflated(b"", zlib.Z_FINISH)
    length = len(head) + size // PIECE * PIECE
    path.write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + body + struct.pack("<II", crc, length & 0xffffffff))


class Large(CliTest):
    def measured(self, *arguments, project):
        """Exit status, standard error, and the most memory in MB that the program held."""
        command = [strata_cli.PROGRAM, "--project", str(self.folder / project), "--quiet", *arguments, "--today", "2026-06-30"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as child:
            said = child.stderr.read()
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode, said, used.ru_maxrss / 1024

    def project(self, name, usage):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "accounts.csv").write_text("account_id,name,started_on\nA,A,2024-01-01\n")
        (folder / "strata.yaml").write_text(f"strata: 1\nextends: behavioral\nsources: {{accounts: accounts.csv, usage: {usage}}}\n")
        return folder

    def digest(self, project):
        return self.strata("sql", "select value from meta where key = 'data_digest'", "--format", "csv", project=project)

    def refused(self, name, make, head, size, line, what):
        folder = self.project("endless", "good.csv")
        (folder / "good.csv").write_text("account_id,at,feature\nA,2026-01-01,f\n")
        self.strata("ingest", "--today", "2026-06-30", project="endless")
        before = self.digest("endless")
        self.project("endless", name)
        make(folder / name, head, size)
        status, said, peak = self.measured("ingest", project="endless")
        (folder / name).unlink()
        self.assertEqual(status, 65, said)
        self.assertIn(f"{name}:{line}: the {what} that begins here is longer than 16 MB; look for a quote that is not closed or for "
                      "missing line ends", said)
        self.assertLess(peak, OWN_MB)
        self.project("endless", "good.csv")
        self.assertEqual(self.digest("endless"), before)

    def test_a_line_of_a_gigabyte_is_refused_in_a_little_memory(self):
        self.refused("usage.csv", sparse, CSV, GB, 3, "record")

    def test_a_packed_line_of_a_gigabyte_is_refused_in_a_little_memory(self):
        self.refused("usage.csv.gz", packed, CSV, GB, 3, "record")

    def test_a_packed_object_of_a_gigabyte_is_refused_in_a_little_memory(self):
        self.refused("usage.ndjson.gz", packed, JSON, GB, 2, "object")

    def test_an_object_without_end_is_refused_in_a_little_memory(self):
        """64 MB here, four times what an object may be: a gigabyte of the plain file takes seconds to read for its digest alone."""
        self.refused("usage.ndjson", sparse, JSON, 64 * MB, 2, "object")

    def many_rows(self, name, accounts):
        """800 rows of usage for each account."""
        first = datetime.date(2025, 5, 27)
        tails = [f",{first + datetime.timedelta(days=d)},f{k},{d % 7 + 1}\n" for d in range(400) for k in range(2)]
        folder = self.project(name, "usage.csv")
        (folder / "accounts.csv").write_text("account_id,name,started_on\n" + "".join(f"A{a:06d},n,2024-01-01\n" for a in range(accounts)))
        with open(folder / "usage.csv", "w", encoding="ascii") as out:
            out.write("account_id,at,feature,count\n")
            for a in range(accounts):
                account = f"A{a:06d}"
                out.write(account + account.join(tails))
        return os.path.getsize(folder / "usage.csv") / MB

    def test_a_file_larger_than_the_store_s_memory_is_read_within_it(self):
        limit = 40
        small = self.many_rows("small", 1000)
        large = self.many_rows("large", 4000)
        self.assertGreater(large, 1.5 * limit)
        status, said, of_small = self.measured("--memory", f"{limit}MB", "ingest", project="small")
        self.assertEqual((status, said), (0, ""))
        status, said, of_large = self.measured("--memory", f"{limit}MB", "ingest", project="large")
        self.assertEqual((status, said), (0, ""))
        self.assertLess(of_large, limit + OWN_MB)
        self.assertLess(of_large - of_small, 0.75 * (large - small))  # four times the rows
        self.assertEqual(self.strata("sql", "select sum(rows_loaded) from source_file where entity = 'usage'", "--format", "csv",
                                     project="large").split()[-1], str(4000 * 800))


if __name__ == "__main__":
    strata_cli.main()
