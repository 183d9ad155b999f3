/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/numbers and base/array: the numbers in a directory; arrays that grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/numbers.h"

/* More than one buffer holds. */
enum { MANY = 1000, FIRST = 20 };

static void own_descriptors(void **state)
{
	static bool is_open[FIRST + 2 * MANY];
	AUTO_NUMBERS struct numbers numbers;
	size_t count = 0;
	uint32_t number;
	uint32_t last = 0;

	(void)state;
	/* Whoever runs the tests may have some open as well. */
	for (int i = 0; i < MANY; i++) {
		int fd = fcntl(STDIN_FILENO, F_DUPFD, FIRST);

		assert_in_range(fd, FIRST, FIRST + 2 * MANY - 1);
		is_open[fd] = true;
	}
	assert_int_equal(numbers_open(&numbers, AT_FDCWD, "/proc/self/fd"), 0);
	while (numbers_next(&numbers, &number) == 1) {
		assert_true(last == 0 || number > last);
		assert_int_equal(atoi(numbers.name), number);
		last = number;
		count += number < FIRST + 2 * MANY && is_open[number];
	}
	assert_int_equal(count, MANY);
	assert_int_equal(numbers_next(&numbers, &number), 0);
	for (int fd = FIRST; fd < FIRST + 2 * MANY; fd++) {
		if (is_open[fd])
			close(fd);
	}
}

static void names_that_are_no_numbers_are_left_out(void **state)
{
	AUTO_NUMBERS struct numbers numbers;
	bool found = false;
	uint32_t number;

	(void)state;
	assert_int_equal(numbers_open(&numbers, AT_FDCWD, "/proc"), 0);
	while (numbers_next(&numbers, &number) == 1)
		found |= number == (uint32_t)getpid();
	assert_true(found);
}

static void what_does_not_open(void **state)
{
	struct numbers numbers;

	(void)state;
	assert_int_equal(numbers_open(&numbers, AT_FDCWD, "/nowhere"), -ENOENT);
	assert_int_equal(numbers_open(&numbers, AT_FDCWD, "/proc/self/comm"), -ENOTDIR);
}

static void an_array_keeps_what_it_has(void **state)
{
	uint32_t *items = NULL;
	size_t capacity = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		items = array_reserve(items, &capacity, i, sizeof(*items));
		assert_non_null(items);
		assert_true(capacity > i);
		items[i] = i;
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(items[i], i);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(own_descriptors),
	    cmocka_unit_test(names_that_are_no_numbers_are_left_out),
	    cmocka_unit_test(what_does_not_open),
	    cmocka_unit_test(an_array_keeps_what_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
