/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_FAILING_IO_H
#define STRATA_FAILING_IO_H

/* Makes a chosen system call of the code under test fail: full disks, broken drives, interrupted
 * and short transfers. A test that wants it names `failing_io` in the fourth entry of its row in
 * meson.build. Only calls from Strata's own objects are seen, not those of libraries or stdio. */

typedef enum io_call {
    IO_OPEN,
    IO_READ,
    IO_WRITE,
    IO_FSYNC,
    IO_RENAME,
    IO_FSTAT,
    IO_MKDIR
} io_call;

/* The nth such call from now (0: the next) fails with errno `code` (ENOSPC, EIO, EINTR ...). */
void fail_io_at(io_call call, long n, int code);
/* Reads and writes move at most `bytes` at a time; 0 for as many as asked. */
void fail_io_short(long bytes);
void fail_io_off(void);
/* Calls of this kind since the last fail_io_at() or fail_io_off(). */
long fail_io_count(io_call call);

#endif
