/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/scratch.h"
#include "support/failing_alloc.h"
#include "support/failing_io.h"

enum { LIMIT = 1 << 20, PATH = 300 };

typedef struct folder {
    char path[64];
} folder;

static int make_folder(void **state)
{
    folder *f = test_malloc(sizeof *f);
    (void)snprintf(f->path, sizeof f->path, "/tmp/strata-file-XXXXXX");
    *state = f;
    return mkdtemp(f->path) == NULL;
}

static size_t entries_of(const char *path, bool remove_them)
{
    size_t n = 0;
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return 0;
    }
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
            continue;
        }
        n++;
        if (remove_them) {
            char entry[PATH + 300];
            (void)snprintf(entry, sizeof entry, "%s/%s", path, e->d_name);
            (void)entries_of(entry, true);
            (void)remove(entry);
        }
    }
    (void)closedir(dir);
    return n;
}

static int remove_folder(void **state)
{
    folder *f = *state;
    fail_io_off();
    (void)fail_alloc_off();
    (void)entries_of(f->path, true);
    (void)rmdir(f->path);
    test_free(f);
    return 0;
}

static const char *in(void **state, const char *name, char out[PATH])
{
    const folder *f = *state;
    (void)snprintf(out, PATH, "%s/%s", f->path, name);
    return out;
}

static void put(const char *path, const char *text)
{
    strata_error err = {0};
    assert_ok(file_write(path, text, strlen(text), &err), &err);
}

static void check_holds(const char *path, const char *want)
{
    strata_error err = {0};
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    assert_ok(file_read(path, LIMIT, &text, &len, &err), &err);
    assert_int_equal(len, strlen(want));
    assert_string_equal(text, want);
}

static void what_was_written_is_read_back(void **state)
{
    char path[PATH];
    put(in(state, "a.yaml", path), "first");
    check_holds(path, "first");
    put(path, "");
    check_holds(path, "");
    put(path, "third, longer than the first");
    check_holds(path, "third, longer than the first");
    assert_true(file_exists(path));
    assert_false(file_exists(in(state, "b.yaml", path)));
    assert_int_equal(entries_of(((folder *)*state)->path, false), 1);
}

static void refuse_read(const char *path, size_t limit, strata_status want, const char *words)
{
    strata_error err = {0};
    char *text = NULL;
    size_t len = 42;
    assert_int_equal(file_read(path, limit, &text, &len, &err), want);
    assert_null(text);
    assert_int_equal(len, 42);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, words));
}

static void what_is_no_readable_file_is_refused_by_name(void **state)
{
    char path[PATH];
    refuse_read(in(state, "none", path), LIMIT, STRATA_E_IO, "No such file");
    refuse_read(((folder *)*state)->path, LIMIT, STRATA_E_IO, "is a folder");
    put(in(state, "six", path), "123456");
    refuse_read(path, 5, STRATA_E_DATA, "larger than 5 bytes");
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    assert_int_equal(file_read(path, 6, &text, &len, NULL), STRATA_OK);
    if (geteuid() != 0) { /* root reads everything */
        assert_int_equal(chmod(path, 0), 0);
        refuse_read(path, LIMIT, STRATA_E_IO, "Permission denied");
    }
}

/* /proc files and devices have size 0 and yet content. */
static void files_that_do_not_know_their_size_are_read_to_the_end(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    assert_ok(file_read("/proc/self/status", LIMIT, &text, &len, &err), &err);
    assert_true(len > 100);
    assert_memory_equal(text, "Name:", 5);
    refuse_read("/dev/zero", 10000, STRATA_E_DATA, "larger than 10000 bytes");
}

static void interrupted_and_short_transfers_are_taken_up_again(void **state)
{
    char path[PATH];
    char big[5000];
    memset(big, 'b', sizeof big);
    big[sizeof big - 1] = '\0';
    (void)in(state, "a", path);
    fail_io_at(IO_WRITE, 1, EINTR);
    fail_io_short(7);
    put(path, big);
    fail_io_at(IO_READ, 1, EINTR);
    fail_io_short(7);
    check_holds(path, big);
    fail_io_off();
    check_holds(path, big);
}

/* Whatever fails while a file is replaced: the old one stays, and nothing is left beside it. */
static void a_failed_write_keeps_the_old_file(void **state)
{
    static const struct {
        io_call call;
        int code;
        const char *words;
    } cases[] = {{IO_OPEN, EACCES, "Permission denied"},
                 {IO_WRITE, ENOSPC, "No space left"},
                 {IO_FSYNC, EIO, "Input/output error"},
                 {IO_RENAME, EROFS, "Read-only file system"}};
    char path[PATH];
    put(in(state, "a", path), "old");
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        fail_io_at(cases[i].call, 0, cases[i].code);
        assert_int_equal(file_write(path, "new", 3, &err), STRATA_E_IO);
        assert_int_equal(fail_io_count(cases[i].call), 1);
        fail_io_off();
        assert_non_null(strstr(err.message, path));
        assert_non_null(strstr(err.message, cases[i].words));
        check_holds(path, "old");
        assert_int_equal(entries_of(((folder *)*state)->path, false), 1);
    }
}

static void a_failing_read_is_reported(void **state)
{
    char path[PATH];
    put(in(state, "a", path), "old");
    fail_io_at(IO_READ, 0, EIO);
    refuse_read(path, LIMIT, STRATA_E_IO, "Input/output error");
    fail_io_at(IO_READ, 1, EIO);
    refuse_read(path, LIMIT, STRATA_E_IO, "Input/output error");
    fail_io_at(IO_FSTAT, 0, EIO);
    refuse_read(path, LIMIT, STRATA_E_IO, "Input/output error");
}

static void a_real_full_device_is_noticed(void **state)
{
    (void)state;
    strata_error err = {0};
    assert_int_equal(file_write("/dev/full", "x", 1, &err), STRATA_E_IO);
    assert_string_equal(err.message, "cannot write '/dev/full': No space left on device");
}

static void a_device_is_written_to_and_not_replaced(void **state)
{
    (void)state;
    put("/dev/null", "gone");
    struct stat st;
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

static void a_link_is_followed(void **state)
{
    char path[PATH];
    char link[PATH];
    put(in(state, "real", path), "old");
    assert_int_equal(symlink("real", in(state, "link", link)), 0);
    put(link, "new");
    check_holds(path, "new");
    struct stat st;
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void places_that_cannot_be_written_are_named(void **state)
{
    char path[PATH];
    strata_error err = {0};
    assert_int_equal(file_write(((folder *)*state)->path, "x", 1, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "is a folder"));
    assert_int_equal(file_write(in(state, "no/such/folder", path), "x", 1, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "No such file"));
    char long_path[5000];
    memset(long_path, 'p', sizeof long_path);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(file_write(long_path, "x", 1, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "too long"));
}

static void folders_are_made_as_far_as_they_are_missing(void **state)
{
    char path[PATH];
    strata_error err = {0};
    assert_ok(file_make_dirs(in(state, "a/b/c", path), &err), &err);
    assert_true(file_exists(path));
    assert_ok(file_make_dirs(path, &err), &err);
    assert_ok(file_make_dirs(in(state, "a/d/", path), &err), &err);
    assert_true(file_exists(path));
    assert_ok(file_make_dirs("/", &err), &err);
    assert_ok(file_make_dirs(".", &err), &err);
}

static void a_file_in_the_way_of_a_folder_is_named(void **state)
{
    char path[PATH];
    strata_error err = {0};
    put(in(state, "file", path), "x");
    assert_int_equal(file_make_dirs(path, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "a file of that name is there"));
    assert_int_equal(file_make_dirs(in(state, "file/below", path), &err), STRATA_E_IO);
    assert_int_equal(file_make_dirs("", &err), STRATA_E_IO);
    fail_io_at(IO_MKDIR, 1, EROFS);
    assert_int_equal(file_make_dirs(in(state, "new/x", path), &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "Read-only file system"));
}

static void memory_that_runs_out_while_reading_leaks_nothing(void **state)
{
    (void)state;
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        char *text = NULL;
        size_t len = 0;
        strata_status st = file_read("/proc/self/maps", LIMIT, &text, &len, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, text == NULL);
        free(text);
    });
    assert_true(failures >= 2);
}

static void nobody_else_looks_into_a_scratch_folder(void **state)
{
    const folder *f = *state;
    struct stat st;
    strata_error err = {0};
    scratch_folder s = {0};
    scratch_folder_done(&s); /* never made */
    mode_t before = umask(0);
    assert_ok(scratch_folder_new(f->path, &s, &err), &err);
    (void)umask(before);
    assert_int_equal(stat(s.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(strncmp(s.path, f->path, strlen(f->path)), 0);
    scratch_folder_done(&s);
    assert_int_equal(entries_of(f->path, false), 0);
    assert_int_equal(scratch_folder_new("/nowhere/at/all", &s, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "/nowhere/at/all; set TMPDIR"));
    assert_string_equal(s.path, "");
}

static void room_for_temporary_files_is_looked_at(void **state)
{
    const folder *f = *state;
    strata_error err = {0};
    assert_ok(scratch_check_room(f->path, 1, &err), &err);
    assert_ok(scratch_check_room("/nowhere/at/all", 1, &err), &err); /* not known */
    assert_int_equal(scratch_check_room(f->path, UINT64_MAX / 2, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "set TMPDIR to a folder with room"));
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_ok(scratch_check_stream(f->path, full, &err), &err);
    assert_int_equal(fputs("text", full), 1);
    assert_int_equal(scratch_check_stream(f->path, full, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, f->path));
    (void)fclose(full);
}

static void a_file_is_poured_behind_what_is_there(void **state)
{
    strata_error err = {0};
    char from[PATH];
    char to[PATH];
    (void)in(state, "from", from);
    (void)in(state, "to", to);
    assert_int_equal(file_pour(from, "/dev/null", &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, from));
    put(from, "two");
    assert_int_equal(file_pour(from, to, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, to));
    put(to, "one ");
    assert_ok(file_pour(from, to, &err), &err);
    check_holds(to, "one two");
    assert_int_equal(file_pour(from, "/dev/full", &err), STRATA_E_IO);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_was_written_is_read_back),
        IN_FOLDER(what_is_no_readable_file_is_refused_by_name),
        cmocka_unit_test(files_that_do_not_know_their_size_are_read_to_the_end),
        IN_FOLDER(interrupted_and_short_transfers_are_taken_up_again),
        IN_FOLDER(a_failed_write_keeps_the_old_file),
        IN_FOLDER(a_failing_read_is_reported),
        cmocka_unit_test(a_real_full_device_is_noticed),
        IN_FOLDER(nobody_else_looks_into_a_scratch_folder),
        IN_FOLDER(room_for_temporary_files_is_looked_at),
        IN_FOLDER(a_file_is_poured_behind_what_is_there),
        cmocka_unit_test(a_device_is_written_to_and_not_replaced),
        IN_FOLDER(a_link_is_followed),
        IN_FOLDER(places_that_cannot_be_written_are_named),
        IN_FOLDER(folders_are_made_as_far_as_they_are_missing),
        IN_FOLDER(a_file_in_the_way_of_a_folder_is_named),
        cmocka_unit_test(memory_that_runs_out_while_reading_leaks_nothing),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
