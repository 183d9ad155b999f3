/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scan/records: the records of an iterator, read piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/record.h"
#include "scan/records.h"
#include "scan/sources.h"
#include "snapshot/build.h"

struct seen {
	uint32_t count;
	uint32_t sum;
};

static long take(uint32_t kind, const void *bytes, size_t available, void *context)
{
	const struct record_file *record = bytes;
	struct seen *seen = context;

	if (kind != RECORD_FILE || available < sizeof(*record))
		return -EPROTO;
	seen->count++;
	seen->sum += record->fd;
	return sizeof(*record);
}

static int read_back(const void *bytes, size_t length, struct seen *seen)
{
	int ends[2];
	int ret;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, length), length);
	close(ends[1]);
	ret = records_read(ends[0], take, seen);
	close(ends[0]);
	return ret;
}

static void records_come_one_by_one(void **state)
{
	const struct record_file records[] = {{.kind = RECORD_FILE, .fd = 3}, {.kind = RECORD_FILE, .fd = 4}};
	struct seen seen = {0};

	(void)state;
	assert_int_equal(read_back(records, sizeof(records), &seen), 0);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.sum, 7);
}

static void what_is_no_record_ends_the_reading(void **state)
{
	struct record_file records[] = {{.kind = RECORD_FILE, .fd = 3}, {.kind = 77}};
	struct seen seen = {0};

	(void)state;
	assert_int_equal(read_back(records, sizeof(records), &seen), -EPROTO);
	assert_int_equal(seen.count, 1);
	records[1].kind = RECORD_FILE;
	assert_int_equal(read_back(records, sizeof(records) - 1, &seen), -EPROTO);
	assert_int_equal(read_back(records, 2, &seen), -EPROTO);
	assert_int_equal(read_back(records, 0, &seen), 0);
	assert_int_equal(records_read(-1, take, &seen), -EBADF);
}

static int scan_one_task(uint32_t set, struct snapshot *snapshot)
{
	const struct record_task record = {
	    .kind = RECORD_TASK, .set = set, .pid = (uint32_t)getpid(), .tgid = (uint32_t)getpid()};
	const struct scan_request request = {.types = NS_TYPE_SET_ALL};
	const struct sink sink = snapshot_sink(snapshot);
	int ends[2];
	int ret;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], &record, sizeof(record)), sizeof(record));
	close(ends[1]);
	ret = scan_task_records(&request, ends[0], &sink);
	close(ends[0]);
	return ret;
}

static void a_task_that_changes_all_the_time_is_read_from_procfs(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {.unanswered = unanswered_new()};
	struct stat st;

	(void)state;
	assert_int_equal(scan_one_task(RECORD_SET_CHANGES, &snapshot), 0);
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot.task_count, 1);
	assert_int_equal(snapshot.tasks[0].pid, getpid());
	assert_int_equal(stat("/proc/self/ns/net", &st), 0);
	assert_int_equal(snapshot_task_ns(&snapshot, 0, NS_LINK_NET),
			 snapshot_find_ns(&snapshot, NS_NET, st.st_ino));
	assert_int_not_equal(snapshot_find_ns(&snapshot, NS_NET, st.st_ino), SNAPSHOT_NONE);
}

static void a_task_of_no_set_is_no_record(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {.unanswered = unanswered_new()};

	(void)state;
	assert_int_equal(scan_one_task(0, &snapshot), -EPROTO);
	assert_int_equal(scan_one_task(1, &snapshot), -EPROTO);
	assert_int_equal(snapshot.task_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_come_one_by_one),
	    cmocka_unit_test(what_is_no_record_ends_the_reading),
	    cmocka_unit_test(a_task_that_changes_all_the_time_is_read_from_procfs),
	    cmocka_unit_test(a_task_of_no_set_is_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
