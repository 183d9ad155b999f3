/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/bounded: work by helpers that may block forever, crash, or be killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bounded.h"

enum { MANY = 10000 };

/* What the items of a test do: those below `first` block, crash, …; all others answer. */
struct plan {
	size_t first;
	void (*misbehave)(void);
};

static void block(void)
{
	for (;;)
		pause();
}

static void crash(void)
{
	/* Under a sanitizer a bad access would end it the same way, but with a report. */
	raise(SIGSEGV);
}

static void stop(void)
{
	raise(SIGSTOP);
}

static void compute(void)
{
	struct timespec used;

	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	while (used.tv_sec * 1000 + used.tv_nsec / 1000000 < PATIENCE_MSEC + 300);
}

static int answer(size_t item, struct bounded_reply *reply, void *context)
{
	const struct plan *plan = context;
	uint64_t square = (uint64_t)item * item;

	if (item < plan->first)
		plan->misbehave();
	return bounded_store(reply, &square, sizeof(square)) ? 0 : -ENOBUFS;
}

static struct bounded_job job_of(size_t count, struct plan *plan)
{
	return (struct bounded_job){.count = count,
				    .limit = sizeof(uint64_t),
				    .items_per_helper = 64,
				    .work = answer,
				    .context = plan};
}

static void assert_answered(const struct bounded *answers, size_t first, size_t count)
{
	for (size_t i = first; i < count; i++) {
		size_t size;
		const uint64_t *square = bounded_data(answers, i, &size);

		assert_int_equal(bounded_status(answers, i), 0);
		assert_int_equal(size, sizeof(*square));
		assert_int_equal(*square, (uint64_t)i * i);
	}
}

static void assert_unanswered(const struct bounded *answers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = 7;

		assert_int_equal(bounded_status(answers, i), BOUNDED_NO_ANSWER);
		assert_null(bounded_data(answers, i, &size));
		assert_int_equal(size, 0);
	}
}

/* No helper stays.  One that was killed may end a little later than bounded_run() waits for it. */
static void assert_no_children(void)
{
	pid_t left = 0;

	for (int i = 0; i < 1000 && left >= 0; i++) {
		left = waitpid(-1, NULL, WNOHANG);
		if (left == 0)
			usleep(10000);
	}
	assert_int_equal(left, -1);
	assert_int_equal(errno, ECHILD);
}

static void check(size_t count, struct plan plan)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct bounded_job job = job_of(count, &plan);

	assert_int_equal(bounded_run(&job, NULL, &answers), plan.first);
	assert_unanswered(&answers, plan.first);
	assert_answered(&answers, plan.first, count);
	assert_no_children();
}

static void no_items(void **state)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct plan plan = {0};
	struct bounded_job job = job_of(0, &plan);

	(void)state;
	assert_int_equal(bounded_run(&job, NULL, &answers), 0);
	bounded_free(&answers);
	bounded_free(&answers);
}

static void items_are_answered(void **state)
{
	(void)state;
	check(1, (struct plan){0});
	check(2, (struct plan){0});
	check(MANY, (struct plan){0});
}

static void blocked_items_have_no_answer(void **state)
{
	(void)state;
	check(1, (struct plan){.first = 1, .misbehave = block});
	check(10, (struct plan){.first = 10, .misbehave = block});
	check(MANY, (struct plan){.first = 10, .misbehave = block});
}

static void more_blocked_items_than_helpers(void **state)
{
	(void)state;
	check(1000, (struct plan){.first = 100, .misbehave = block});
}

static void helpers_that_die_cost_one_item_each(void **state)
{
	(void)state;
	check(1, (struct plan){.first = 1, .misbehave = crash});
	check(100, (struct plan){.first = 5, .misbehave = crash});
}

static void a_stopped_helper_is_blocked(void **state)
{
	(void)state;
	check(3, (struct plan){.first = 1, .misbehave = stop});
}

/* However long it takes. */
static void computing_is_not_blocking(void **state)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct plan plan = {.first = 1, .misbehave = compute};
	struct bounded_job job = job_of(3, &plan);

	(void)state;
	assert_int_equal(bounded_run(&job, NULL, &answers), 0);
	assert_answered(&answers, 0, 3);
}

static int answer_in_turn(size_t item, struct bounded_reply *reply, void *context)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct plan plan = {.first = 1, .misbehave = compute};
	struct bounded_job job = job_of(2, &plan);

	(void)item;
	(void)reply;
	(void)context;
	return bounded_run(&job, NULL, &answers) == 0 ? 0 : -EIO;
}

/* A helper that waits for a helper of its own, which computes. */
static void a_helper_has_helpers(void **state)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {.count = 2, .items_per_helper = 1, .work = answer_in_turn};

	(void)state;
	assert_int_equal(bounded_run(&job, NULL, &answers), 0);
	assert_int_equal(bounded_status(&answers, 0), 0);
	assert_int_equal(bounded_status(&answers, 1), 0);
}

static void without_patience_others_answer(void **state)
{
	struct plan plan = {.first = 10, .misbehave = block};
	struct bounded_job job = job_of(1000, &plan);
	struct patience patience = PATIENCE;

	(void)state;
	for (int i = 0; i < 3; i++) {
		AUTO_BOUNDED struct bounded answers = {0};

		assert_int_equal(bounded_run(&job, &patience, &answers), 10);
		assert_answered(&answers, 10, 1000);
		assert_int_equal(patience.msec, 0);
	}
}

static void patience_stays_where_nothing_blocks(void **state)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct plan plan = {0};
	struct bounded_job job = job_of(1, &plan);
	struct patience patience = PATIENCE;

	(void)state;
	assert_int_equal(bounded_run(&job, &patience, &answers), 0);
	assert_int_equal(patience.msec, PATIENCE_MSEC);
}

static int publish_and_block(size_t item, struct bounded_reply *reply, void *context)
{
	if (item == 0) {
		*(volatile pid_t *)context = getpid();
		block();
	}
	return bounded_store(reply, &item, sizeof(item)) ? 0 : -ENOBUFS;
}

static void a_helper_killed_from_outside(void **state)
{
	AUTO_BOUNDED struct bounded answers = {0};
	volatile pid_t *victim =
	    mmap(NULL, sizeof(*victim), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct bounded_job job = {.count = 20,
				  .limit = sizeof(size_t),
				  .items_per_helper = 1,
				  .work = publish_and_block,
				  .context = (void *)victim};
	struct patience patience = PATIENCE;
	pid_t killer;

	(void)state;
	assert_ptr_not_equal(victim, MAP_FAILED);
	killer = fork();
	if (killer == 0) {
		while (*victim == 0)
			usleep(1000);
		kill(*victim, SIGKILL);
		_exit(0);
	}
	assert_int_equal(bounded_run(&job, &patience, &answers), 1);
	assert_int_equal(bounded_status(&answers, 0), BOUNDED_NO_ANSWER);
	assert_int_equal(bounded_status(&answers, 19), 0);
	assert_true(patience.msec > 0);
	assert_int_equal(waitpid(killer, NULL, 0), killer);
	munmap((void *)victim, sizeof(*victim));
}

/* Item N stores N bytes, and reports whether it could. */
static int store_bytes(size_t item, struct bounded_reply *reply, void *context)
{
	char bytes[64];

	(void)context;
	memset(bytes, 'x', sizeof(bytes));
	return bounded_store(reply, bytes, item) ? 0 : -ENOBUFS;
}

static void all_answers_have_a_room(void **state)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct bounded_job job = {
	    .count = 10, .limit = 16, .room = 24, .items_per_helper = 1, .work = store_bytes};
	int stored = 0;

	(void)state;
	assert_int_equal(bounded_run(&job, NULL, &answers), 0);
	for (size_t i = 1; i < job.count; i++)
		stored += bounded_status(&answers, i) == 0;
	assert_in_range(stored, 1, 3);
}

/* Returns how many of the first hundred are open. */
static int count_open(size_t item, struct bounded_reply *reply, void *context)
{
	int count = 0;

	(void)item;
	(void)reply;
	(void)context;
	for (int fd = 0; fd < 100; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return -count;
}

static void helpers_have_what_is_kept(void **state)
{
	int keep[2] = {fcntl(STDIN_FILENO, F_DUPFD, 70), fcntl(STDIN_FILENO, F_DUPFD, 50)};
	struct bounded_job job = {.count = 1, .items_per_helper = 1, .work = count_open, .keep = keep};

	(void)state;
	for (job.keep_count = 0; job.keep_count <= 2; job.keep_count++) {
		AUTO_BOUNDED struct bounded answers = {0};

		assert_int_equal(bounded_run(&job, NULL, &answers), 0);
		assert_int_equal(bounded_status(&answers, 0), -(int)job.keep_count);
	}
	close(keep[0]);
	close(keep[1]);
}

static void answers_have_a_limit(void **state)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct bounded_job job = {.count = 20, .limit = 13, .items_per_helper = 1, .work = store_bytes};

	(void)state;
	assert_int_equal(bounded_run(&job, NULL, &answers), 0);
	for (size_t i = 0; i < job.count; i++) {
		size_t size;
		const char *bytes = bounded_data(&answers, i, &size);

		assert_int_equal(bounded_status(&answers, i), i <= job.limit ? 0 : -ENOBUFS);
		assert_int_equal(size, i <= job.limit ? i : 0);
		assert_true((bytes != NULL) == (size > 0));
		for (size_t j = 0; j < size; j++)
			assert_int_equal(bytes[j], 'x');
	}
}

static int open_null(void *context)
{
	(void)context;
	return open("/dev/null", O_RDONLY);
}

static int open_kept(void *context)
{
	return fcntl(*(int *)context, F_DUPFD, 0);
}

static int open_never(void *context)
{
	(void)context;
	block();
	return 0;
}

static int open_nothing(void *context)
{
	(void)context;
	return -ENOENT;
}

static void a_descriptor_comes_back(void **state)
{
	struct stat opened;
	struct stat null;
	int keep = fcntl(STDIN_FILENO, F_DUPFD, 50);
	int fd = bounded_open(open_null, NULL, NULL, 0, NULL);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &opened), 0);
	assert_int_equal(stat("/dev/null", &null), 0);
	assert_int_equal(opened.st_rdev, null.st_rdev);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	fd = bounded_open(open_kept, &keep, &keep, 1, NULL);
	assert_true(fd >= 0);
	close(fd);
	close(keep);
	assert_int_equal(bounded_open(open_nothing, NULL, NULL, 0, NULL), -ENOENT);
	assert_int_equal(bounded_open(open_never, NULL, NULL, 0, NULL), -ETIMEDOUT);
	assert_no_children();
}

/* A FIFO that nobody writes to blocks whoever opens it. */
static void a_file_is_loaded(void **state)
{
	char directory[] = "/tmp/nsctl-test-XXXXXX";
	char *contents = NULL;
	int dir_fd;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(directory));
	dir_fd = open(directory, O_RDONLY | O_DIRECTORY);
	fd = openat(dir_fd, "file", O_WRONLY | O_CREAT, 0600);
	assert_int_equal(bounded_load_at(dir_fd, "file", 9, &contents, NULL), 0);
	assert_string_equal(contents, "");
	free(contents);
	assert_int_equal(write(fd, "123\0 6789", 9), 9);
	assert_int_equal(bounded_load_at(dir_fd, "file", 9, &contents, NULL), 9);
	assert_memory_equal(contents, "123\0 6789", 10);
	free(contents);
	assert_int_equal(bounded_load_at(dir_fd, "file", 8, &contents, NULL), -EFBIG);
	assert_int_equal(bounded_load_at(dir_fd, "none", 9, &contents, NULL), -ENOENT);
	assert_int_equal(mkfifoat(dir_fd, "fifo", 0600), 0);
	assert_int_equal(bounded_load_at(dir_fd, "fifo", 9, &contents, NULL), -ETIMEDOUT);
	assert_int_equal(unlinkat(dir_fd, "fifo", 0), 0);
	assert_int_equal(unlinkat(dir_fd, "file", 0), 0);
	assert_int_equal(rmdir(directory), 0);
	close(fd);
	close(dir_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_items),
	    cmocka_unit_test(items_are_answered),
	    cmocka_unit_test(blocked_items_have_no_answer),
	    cmocka_unit_test(more_blocked_items_than_helpers),
	    cmocka_unit_test(helpers_that_die_cost_one_item_each),
	    cmocka_unit_test(a_stopped_helper_is_blocked),
	    cmocka_unit_test(computing_is_not_blocking),
	    cmocka_unit_test(a_helper_has_helpers),
	    cmocka_unit_test(without_patience_others_answer),
	    cmocka_unit_test(patience_stays_where_nothing_blocks),
	    cmocka_unit_test(a_helper_killed_from_outside),
	    cmocka_unit_test(helpers_have_what_is_kept),
	    cmocka_unit_test(answers_have_a_limit),
	    cmocka_unit_test(all_answers_have_a_room),
	    cmocka_unit_test(a_descriptor_comes_back),
	    cmocka_unit_test(a_file_is_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
