/* scan/records: the records of an iterator, read piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "bpf/record.h"
#include "scan/records.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_come_one_by_one),
	    cmocka_unit_test(what_is_no_record_ends_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
