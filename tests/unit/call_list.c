/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/call_list: system calls by code that is executed elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/call_list.h"

/* Every argument of the six matters to one of these calls; the second one fails. */
static void check(call_list_fn *run)
{
	static const char text[32] = "thirty-one letters to be copied";
	char copy[sizeof(text) + 8] = "";
	char read_back[sizeof(text)] = "";
	int ends[2];
	void *mapped;
	const struct copied copied = {copy, text, sizeof(text)};
	struct call calls[] = {
	    {SYS_getpid, {0}, -1},
	    {SYS_close, {-1}, 0},
	    {SYS_mmap, {0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}, 0},
	    {SYS_write, {-1, (long)copy, sizeof(text)}, 0},
	    {SYS_getppid, {0}, -7},
	};

	assert_int_equal(pipe(ends), 0);
	calls[3].arguments[0] = ends[1];
	run(calls, calls + 4, &copied);
	assert_int_equal(calls[0].result, getpid());
	assert_int_equal(calls[1].result, -EBADF);
	assert_int_equal(calls[3].result, sizeof(text));
	assert_int_equal(calls[4].result, -7);
	assert_int_equal(read(ends[0], read_back, sizeof(read_back)), sizeof(text));
	assert_memory_equal(read_back, text, sizeof(text));
	assert_memory_equal(copy + sizeof(text), "\0\0\0\0\0\0\0", 8);
	mapped = (void *)calls[2].result;
	memset(mapped, 1, 8192);
	assert_int_equal(munmap(mapped, 8192), 0);
	close(ends[0]);
	close(ends[1]);
}

static void test_in_c(void **state)
{
	(void)state;
	check(call_list_run);
}

/* Two copies, at other addresses than the program's; nothing is called and nothing copied in between. */
static void test_elsewhere(void **state)
{
	const struct copied nothing = {0};
	struct call call = {SYS_getpid, {0}, -7};
	size_t size;
	const void *code = call_list_code(&size);

	(void)state;
	assert_in_range(size, 16, 4096);
	for (int i = 0; i < 2; i++) {
		int fd = memfd_create("code", MFD_CLOEXEC);
		void *page;

		assert_int_equal(write(fd, code, size), size);
		page = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
		assert_ptr_not_equal(page, MAP_FAILED);
		check((call_list_fn *)page);
		((call_list_fn *)page)(&call, &call, &nothing);
		assert_int_equal(call.result, -7);
		check((call_list_fn *)page);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_in_c),
	    cmocka_unit_test(test_elsewhere),
	};

	return cmocka_run_group_tests_name("call_list", tests, NULL, NULL);
}
