/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hang MODE DIRECTORY FILE: a process that blocks whoever looks at it, by a
 * FUSE file system on DIRECTORY that stops answering.  Its PID is written to
 * FILE when it does.  FUSE_DEVICE: the device, /dev/fuse unless set.
 *
 * As a plain user, in a user and a mnt namespace of its own:
 *  map   A thread waits for a page of a file, and so holds mmap_lock; another
 *        one waits for the lock to map memory: readers queue behind it.
 *  exec  execve(2) waits for a file to be closed, and holds exec_update_lock.
 *        It is in a net namespace with a socket of the one before.
 *  later The same, once it gets SIGUSR1.
 *  private The file system, which admits no other user, is its root.
 * As root, in a mnt namespace of its own, for all users:
 *  root  The file system is its root: no path below can be looked up.
 *  bind  A uts namespace that nothing else holds is mounted on a file of it.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "file"
#define FILE_NODE 2
#define FILE_SIZE 65536

struct server {
	int fd;
	atomic_bool *is_silent; /* shared with the victim */
	union {
		struct fuse_in_header head;
		char bytes[1 << 17];
	} request;
};

static void fill_attr(struct fuse_attr *attr, uint64_t node)
{
	bool is_file = node == FILE_NODE;

	attr->ino = node;
	attr->mode = is_file ? S_IFREG | 0755 : S_IFDIR | 0755;
	attr->size = is_file ? FILE_SIZE : 0;
	attr->nlink = 1;
	attr->blksize = 4096;
}

static void answer(const struct server *server, int error, const void *body, size_t size)
{
	struct {
		struct fuse_out_header head;
		char body[FILE_SIZE];
	} reply = {.head = {.error = -error, .unique = server->request.head.unique}};

	reply.head.len = (uint32_t)(sizeof(reply.head) + size);
	memcpy(reply.body, body, size);
	/* Whoever asked may be gone. */
	if (write(server->fd, &reply, reply.head.len) < 0 && errno != ENOENT)
		err(1, "cannot answer");
}

static void answer_init(const struct server *server)
{
	const struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION,
					  .minor = 31,
					  .max_readahead = 4096,
					  .max_background = 8,
					  .max_write = 4096};

	answer(server, 0, &out, sizeof(out));
}

static void answer_lookup(const struct server *server)
{
	struct fuse_entry_out out = {.nodeid = FILE_NODE};

	fill_attr(&out.attr, FILE_NODE);
	if (strcmp(server->request.bytes + sizeof(struct fuse_in_header), FILE_NAME) != 0)
		answer(server, ENOENT, "", 0);
	else
		answer(server, 0, &out, sizeof(out));
}

static void answer_read(const struct server *server)
{
	static const char zeroes[FILE_SIZE];
	const struct fuse_read_in *in = (const void *)(server->request.bytes + sizeof(struct fuse_in_header));

	answer(server, 0, zeroes, in->size < FILE_SIZE ? in->size : FILE_SIZE);
}

static bool is_awaited(uint32_t opcode)
{
	return opcode == FUSE_READ || opcode == FUSE_FLUSH || opcode == FUSE_LOOKUP || opcode == FUSE_GETATTR;
}

static void serve_one(const struct server *server)
{
	struct fuse_attr_out attr = {0};
	const struct fuse_open_out opened = {.fh = 1};

	if (*server->is_silent && is_awaited(server->request.head.opcode))
		return;
	switch (server->request.head.opcode) {
	case FUSE_INIT:
		answer_init(server);
		break;
	case FUSE_LOOKUP:
		answer_lookup(server);
		break;
	case FUSE_GETATTR:
		fill_attr(&attr.attr, server->request.head.nodeid);
		answer(server, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(server, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		answer_read(server);
		break;
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		answer(server, 0, "", 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(server, ENOSYS, "", 0);
	}
}

static void *serve(void *argument)
{
	struct server *server = argument;

	while (read(server->fd, server->request.bytes, sizeof(server->request)) >= 0 || errno == EINTR ||
	       errno == ENOENT)
		serve_one(server);
	return NULL;
}

static int open_file(const char *directory, int flags)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/" FILE_NAME, directory);
	fd = open(path, O_RDONLY | flags);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void *touch(void *page)
{
	int fd = open("/proc/self/mem", O_RDONLY);
	char byte;

	if (fd < 0 || pread(fd, &byte, 1, (off_t)(intptr_t)page) < 0)
		err(1, "/proc/self/mem");
	return NULL;
}

static void *map(void *unused)
{
	usleep(200000); /* until the other one is at it */
	mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return unused;
}

static void be_map(const struct server *server, const char *directory)
{
	void *page;
	pthread_t threads[2];

	if (unshare(CLONE_NEWUTS) < 0)
		err(1, "unshare");
	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, open_file(directory, 0), 0);
	if (page == MAP_FAILED)
		err(1, "mmap");
	*server->is_silent = true;
	if (pthread_create(&threads[0], NULL, touch, page) || pthread_create(&threads[1], NULL, map, NULL))
		errx(1, "no threads");
}

static void be_exec(const struct server *server, const char *directory)
{
	int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (socket_fd < 0 || unshare(CLONE_NEWNET | CLONE_NEWUTS) < 0)
		err(1, "a socket of another net namespace");
	open_file(directory, O_CLOEXEC);
	*server->is_silent = true;
	execlp("sleep", "sleep", "1000", NULL);
	err(1, "sleep");
}

/* FILE is written before: until the signal comes, nothing blocks. */
static void be_later(const struct server *server, const char *directory)
{
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (unshare(CLONE_NEWUTS) < 0)
		err(1, "unshare");
	open_file(directory, O_CLOEXEC);
	*server->is_silent = true;
	sigwait(&set, &signal);
	execlp("sleep", "sleep", "1000", NULL);
	err(1, "sleep");
}

static void be_root(const struct server *server, const char *directory)
{
	if (unshare(CLONE_NEWUTS) < 0 || chroot(directory) < 0 || chdir("/") < 0)
		err(1, "chroot");
	*server->is_silent = true;
}

static void be_bind(const struct server *server, const char *directory)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/" FILE_NAME, directory);
	if (unshare(CLONE_NEWUTS) < 0 || mount("/proc/self/ns/uts", path, NULL, MS_BIND, NULL) < 0)
		err(1, "a bind mount");
	/* Nothing but the mount holds the namespace. */
	if (unshare(CLONE_NEWUTS) < 0)
		err(1, "unshare");
	*server->is_silent = true;
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* A plain user may mount in a mnt namespace that is its own. */
static void become_owner(void)
{
	unsigned int uid = geteuid();
	unsigned int gid = getegid();
	char text[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		err(1, "unshare");
	write_text("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "0 %u 1", uid);
	write_text("/proc/self/uid_map", text);
	snprintf(text, sizeof(text), "0 %u 1", gid);
	write_text("/proc/self/gid_map", text);
}

static void mount_on(const char *directory, bool for_all, struct server *server)
{
	const char *device = getenv("FUSE_DEVICE");
	char options[128];

	server->fd = open(device ? device : "/dev/fuse", O_RDWR | O_CLOEXEC);
	if (server->fd < 0)
		err(1, "no FUSE device");
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0%s", server->fd,
		 for_all ? ",allow_other" : "");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("hang", directory, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		err(1, "cannot mount FUSE on %s", directory);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*be)(const struct server *server, const char *directory);
		bool is_for_all;
	} modes[] = {{"map", be_map, false},      {"exec", be_exec, false}, {"later", be_later, false},
		     {"private", be_root, false}, {"root", be_root, true},  {"bind", be_bind, true}};
	static struct server server;
	pthread_t thread;
	const size_t mode_count = sizeof(modes) / sizeof(modes[0]);
	size_t mode = 0;
	pid_t victim;
	char text[32];

	while (argc == 4 && mode < mode_count && strcmp(argv[1], modes[mode].name) != 0)
		mode++;
	if (argc != 4 || mode == mode_count)
		errx(2, "usage: hang map|exec|later|private|root|bind DIRECTORY FILE");
	server.is_silent = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!modes[mode].is_for_all)
		become_owner();
	else if (unshare(CLONE_NEWNS) < 0)
		err(1, "unshare");
	/* After the credentials, whose change takes it back. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(100);
	mount_on(argv[2], modes[mode].is_for_all, &server);
	if (pthread_create(&thread, NULL, serve, &server))
		errx(1, "no threads");
	victim = fork();
	if (victim == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(server.fd);
		modes[mode].be(&server, argv[2]);
		for (;;)
			pause();
	}
	while (!*server.is_silent)
		usleep(1000);
	snprintf(text, sizeof(text), "%d", victim);
	write_text(argv[3], text);
	for (;;)
		pause();
}
