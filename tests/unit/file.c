/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/file: bounded reads, and files of a tree that an opponent made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

/* scratch/secret is outside; scratch/root is the tree of the opponent. */
static char scratch[64];
static int outside = -1;
static int root = -1;

static void write_file(int dir_fd, const char *name, const char *text)
{
	AUTO_CLOSE int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static int make_scratch(void **state)
{
	(void)state;
	snprintf(scratch, sizeof(scratch), "/tmp/nsctl-file-XXXXXX");
	if (!mkdtemp(scratch))
		return -1;
	outside = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (outside < 0 || mkdirat(outside, "root", 0755) < 0 || mkdirat(outside, "root/etc", 0755) < 0)
		return -1;
	root = openat(outside, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	write_file(outside, "secret", "outside");
	write_file(root, "secret", "inside");
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int remove_scratch(void **state)
{
	(void)state;
	close(root);
	close(outside);
	return nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* openat2(2) came with Linux 5.6, and tools that trace system calls may not know it. */
static void needs_openat2(void)
{
	AUTO_CLOSE int fd = file_open_in_root(root, ".");

	if (fd == -ENOSYS)
		skip();
}

static void link_to(const char *target, const char *name)
{
	assert_return_code(symlinkat(target, root, name), errno);
}

static void write_bytes(const char *name, size_t length)
{
	char *text = malloc(length + 1);

	assert_non_null(text);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + i % 26);
	text[length] = '\0';
	write_file(outside, name, text);
	free(text);
}

static void make_sparse(int dir_fd, const char *name)
{
	AUTO_CLOSE int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_return_code(ftruncate(fd, (off_t)1 << 40), errno);
}

static void read_at_reads_whole(void **state)
{
	char buffer[64];

	(void)state;
	write_file(outside, "small", "one\ntwo\n");
	assert_int_equal(file_read_at(outside, "small", buffer, sizeof(buffer)), 8);
	assert_string_equal(buffer, "one\ntwo\n");
	write_file(outside, "empty", "");
	assert_int_equal(file_read_at(outside, "empty", buffer, sizeof(buffer)), 0);
	assert_string_equal(buffer, "");
}

static void read_at_has_a_bound(void **state)
{
	char buffer[8];

	(void)state;
	write_file(outside, "long", "0123456789");
	memset(buffer, '?', sizeof(buffer));
	assert_int_equal(file_read_at(outside, "long", buffer, 5), 4);
	assert_string_equal(buffer, "0123");
	assert_int_equal(buffer[5], '?');
	assert_int_equal(file_read_at(outside, "long", buffer, 1), 0);
	assert_string_equal(buffer, "");
	assert_int_equal(buffer[1], '1');
}

static void read_at_says_why_not(void **state)
{
	char buffer[8] = "before";

	(void)state;
	assert_int_equal(file_read_at(outside, "missing", buffer, sizeof(buffer)), -ENOENT);
	assert_int_equal(file_read_at(outside, "root", buffer, sizeof(buffer)), -EISDIR);
	assert_string_equal(buffer, "");
	assert_int_equal(file_read_at(outside, "secret/below", buffer, sizeof(buffer)), -ENOTDIR);
}

static void assert_loads(const char *name, size_t length, size_t limit)
{
	AUTO_FREE char *contents = NULL;

	assert_int_equal(file_load_at(outside, name, limit, &contents), length);
	assert_non_null(contents);
	assert_int_equal(strlen(contents), length);
	for (size_t i = 0; i < length; i++)
		assert_int_equal(contents[i], 'a' + (int)(i % 26));
}

static void load_at_reads_any_length(void **state)
{
	static const size_t lengths[] = {0, 1, 4095, 4096, 4097, 8192, 100000};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		write_bytes("any", lengths[i]);
		assert_loads("any", lengths[i], 1U << 20);
	}
}

static void load_at_has_a_limit(void **state)
{
	static const size_t limits[] = {10, 4095, 4096, 4097, 20000};

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		char *contents = NULL;

		write_bytes("limited", limits[i]);
		assert_loads("limited", limits[i], limits[i]);
		write_bytes("limited", limits[i] + 1);
		assert_int_equal(file_load_at(outside, "limited", limits[i], &contents), -EFBIG);
		assert_null(contents);
	}
}

static void load_at_stops_at_its_limit(void **state)
{
	char *contents = NULL;

	(void)state;
	make_sparse(outside, "terabyte");
	assert_int_equal(file_load_at(outside, "terabyte", 1U << 20, &contents), -EFBIG);
	assert_null(contents);
	assert_int_equal(file_load_at(AT_FDCWD, "/dev/zero", 1U << 20, &contents), -EFBIG);
	assert_null(contents);
}

static void load_at_says_why_not(void **state)
{
	char *contents = NULL;

	(void)state;
	assert_int_equal(file_load_at(outside, "missing", 100, &contents), -ENOENT);
	assert_int_equal(file_load_at(outside, "root", 100, &contents), -EISDIR);
	assert_null(contents);
}

/* Files of /proc say that they are empty, and are not. */
static void load_at_reads_files_without_a_size(void **state)
{
	AUTO_FREE char *contents = NULL;

	(void)state;
	assert_true(file_load_at(AT_FDCWD, "/proc/self/status", 1U << 20, &contents) > 100);
	assert_non_null(strstr(contents, "\nTgid:"));
}

static void assert_opens(const char *path, int dir_fd, const char *same_as)
{
	AUTO_CLOSE int fd = file_open_in_root(root, path);
	struct stat found;
	struct stat expected;

	assert_true(fd >= 0);
	assert_return_code(fstat(fd, &found), errno);
	assert_return_code(fstatat(dir_fd, same_as, &expected, AT_SYMLINK_NOFOLLOW), errno);
	assert_int_equal(found.st_ino, expected.st_ino);
	assert_int_equal(found.st_dev, expected.st_dev);
}

static void assert_stays_inside(const char *path)
{
	assert_opens(path, root, "secret");
}

static void open_finds_files(void **state)
{
	(void)state;
	needs_openat2();
	assert_stays_inside("secret");
	assert_stays_inside("/secret");
	assert_stays_inside("etc/../secret");
	assert_opens("/", outside, "root");
	assert_int_equal(file_open_in_root(root, "etc/missing"), -ENOENT);
	assert_int_equal(file_open_in_root(root, ""), -ENOENT);
	assert_int_equal(file_open_in_root(root, "secret/below"), -ENOTDIR);
}

static void open_only_points(void **state)
{
	AUTO_CLOSE int fd = -1;
	char byte;

	(void)state;
	needs_openat2();
	fd = file_open_in_root(root, "secret");
	assert_true(fcntl(fd, F_GETFL) & O_PATH);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(read(fd, &byte, 1), -1);
	assert_int_equal(errno, EBADF);
}

static void dots_stay_inside(void **state)
{
	(void)state;
	needs_openat2();
	assert_stays_inside("../secret");
	assert_stays_inside("/../../../../../../secret");
	assert_stays_inside("etc/../../../secret");
	link_to("../../../../secret", "etc/dots");
	assert_stays_inside("etc/dots");
	link_to("..", "up");
	assert_stays_inside("up/up/secret");
}

static void absolute_links_stay_inside(void **state)
{
	char path[128];

	(void)state;
	needs_openat2();
	link_to("/secret", "etc/absolute");
	assert_stays_inside("etc/absolute");
	link_to("/", "etc/slash");
	assert_stays_inside("etc/slash/secret");
	snprintf(path, sizeof(path), "%s/secret", scratch);
	link_to(path, "etc/named");
	assert_int_equal(file_open_in_root(root, "etc/named"), -ENOENT);
	link_to("/proc/self/status", "etc/proc");
	assert_int_equal(file_open_in_root(root, "etc/proc"), -ENOENT);
}

static void chains_of_links_stay_inside(void **state)
{
	(void)state;
	needs_openat2();
	link_to("/etc/second", "etc/first");
	link_to("../../etc/third", "etc/second");
	link_to("/../../fourth/secret", "etc/third");
	link_to("/..", "fourth");
	assert_stays_inside("etc/first");
	link_to("loop", "loop");
	assert_int_equal(file_open_in_root(root, "loop"), -ELOOP);
}

static void magic_links_are_refused(void **state)
{
	AUTO_CLOSE int slash = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[64];

	(void)state;
	needs_openat2();
	snprintf(path, sizeof(path), "proc/self/fd/%d", outside);
	assert_int_equal(file_open_in_root(slash, path), -ELOOP);
	assert_int_equal(file_open_in_root(slash, "proc/self/exe"), -ELOOP);
	assert_int_equal(file_open_in_root(slash, "proc/self/cwd"), -ELOOP);
	assert_int_equal(file_open_in_root(slash, "proc/self/root/proc/self/status"), -ELOOP);
	assert_int_equal(file_open_in_root(slash, "proc/self/ns/net"), -ELOOP);
}

static void read_in_root_reads_regular_files(void **state)
{
	char buffer[64];

	(void)state;
	needs_openat2();
	assert_int_equal(file_read_in_root(root, "/secret", buffer, sizeof(buffer)), 6);
	assert_string_equal(buffer, "inside");
	assert_int_equal(file_read_in_root(root, "/secret", buffer, 4), 3);
	assert_string_equal(buffer, "ins");
	write_file(root, "etc/empty", "");
	assert_int_equal(file_read_in_root(root, "etc/empty", buffer, sizeof(buffer)), 0);
	assert_string_equal(buffer, "");
	link_to("/../secret", "etc/readable");
	assert_int_equal(file_read_in_root(root, "etc/readable", buffer, sizeof(buffer)), 6);
	assert_string_equal(buffer, "inside");
	assert_int_equal(file_read_in_root(root, "missing", buffer, sizeof(buffer)), -ENOENT);
}

static void assert_not_read(int dir_fd, const char *path)
{
	char buffer[16];

	assert_int_equal(file_read_in_root(dir_fd, path, buffer, sizeof(buffer)), -EINVAL);
}

static void read_in_root_refuses_directories(void **state)
{
	(void)state;
	needs_openat2();
	assert_not_read(root, "etc");
	assert_not_read(root, "/");
}

static void read_in_root_refuses_sockets(void **state)
{
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)state;
	needs_openat2();
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/root/socket", scratch);
	assert_return_code(bind(fd, (struct sockaddr *)&address, sizeof(address)), errno);
	assert_not_read(root, "socket");
}

/* A FIFO nobody writes to would hold a reader up; one that was opened would tell the other side. */
static void read_in_root_never_opens_a_fifo(void **state)
{
	AUTO_CLOSE int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char event[sizeof(struct inotify_event) + 256];
	char path[128];

	(void)state;
	needs_openat2();
	snprintf(path, sizeof(path), "%s/root/fifo", scratch);
	assert_return_code(mkfifo(path, 0644), errno);
	link_to("/fifo", "etc/fifo");
	assert_true(inotify_add_watch(watch, path, IN_OPEN) >= 0);
	assert_not_read(root, "fifo");
	assert_not_read(root, "etc/fifo");
	assert_int_equal(read(watch, event, sizeof(event)), -1);
	assert_int_equal(errno, EAGAIN);
}

static void read_in_root_refuses_devices(void **state)
{
	AUTO_CLOSE int slash = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	needs_openat2();
	assert_not_read(slash, "dev/null");
	assert_not_read(slash, "dev/zero");
}

/* Nothing drives these: to open them would be ENXIO. */
static void read_in_root_never_opens_a_device(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	needs_openat2();
	if (mknodat(root, "character", S_IFCHR | 0644, makedev(4000, 0)) < 0)
		skip(); /* root of a user namespace only */
	assert_return_code(mknodat(root, "block", S_IFBLK | 0644, makedev(4000, 0)), errno);
	assert_not_read(root, "character");
	assert_not_read(root, "block");
}

static void read_in_root_bounds_huge_files(void **state)
{
	char buffer[4096];

	(void)state;
	needs_openat2();
	make_sparse(root, "terabyte");
	memset(buffer, '?', sizeof(buffer));
	assert_int_equal(file_read_in_root(root, "terabyte", buffer, sizeof(buffer)), sizeof(buffer) - 1);
	assert_int_equal(buffer[0], '\0');
	assert_int_equal(buffer[sizeof(buffer) - 1], '\0');
}

/*
 * Reads path in a child, which a signal ends where the read never does.
 * Returns its wait status: 0 where there was nothing to read.
 */
static int read_in_a_child(int dir_fd, const char *path)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		char buffer[64];

		alarm(5);
		_exit(file_read_in_root(dir_fd, path, buffer, sizeof(buffer)) > 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* Whoever holds a write lease may let others who open the file wait: 45 seconds, as Linux is set. */
static void read_in_root_does_not_wait_for_a_lease(void **state)
{
	AUTO_CLOSE int fd = -1;
	int status;

	(void)state;
	needs_openat2();
	write_file(root, "leased", "text");
	fd = openat(root, "leased", O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	signal(SIGIO, SIG_IGN);
	if (fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		skip(); /* the file system has none */
	status = read_in_a_child(root, "leased");
	assert_return_code(fcntl(fd, F_SETLEASE, F_UNLCK), errno);
	assert_int_equal(status, 0);
}

/* A regular file by its type; but a read takes the kernel's messages away, or waits for the next one. */
static void read_in_root_leaves_the_kernels_messages_alone(void **state)
{
	AUTO_CLOSE int slash = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	needs_openat2();
	if (access("/proc/kmsg", R_OK) < 0)
		skip();
	assert_int_equal(read_in_a_child(slash, "proc/kmsg"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(read_at_reads_whole),
	    cmocka_unit_test(read_at_has_a_bound),
	    cmocka_unit_test(read_at_says_why_not),
	    cmocka_unit_test(load_at_reads_any_length),
	    cmocka_unit_test(load_at_has_a_limit),
	    cmocka_unit_test(load_at_stops_at_its_limit),
	    cmocka_unit_test(load_at_says_why_not),
	    cmocka_unit_test(load_at_reads_files_without_a_size),
	    cmocka_unit_test(open_finds_files),
	    cmocka_unit_test(open_only_points),
	    cmocka_unit_test(dots_stay_inside),
	    cmocka_unit_test(absolute_links_stay_inside),
	    cmocka_unit_test(chains_of_links_stay_inside),
	    cmocka_unit_test(magic_links_are_refused),
	    cmocka_unit_test(read_in_root_reads_regular_files),
	    cmocka_unit_test(read_in_root_refuses_directories),
	    cmocka_unit_test(read_in_root_refuses_sockets),
	    cmocka_unit_test(read_in_root_never_opens_a_fifo),
	    cmocka_unit_test(read_in_root_refuses_devices),
	    cmocka_unit_test(read_in_root_never_opens_a_device),
	    cmocka_unit_test(read_in_root_bounds_huge_files),
	    cmocka_unit_test(read_in_root_does_not_wait_for_a_lease),
	    cmocka_unit_test(read_in_root_leaves_the_kernels_messages_alone),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
