/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hide KIND TYPE FILE: makes a namespace of TYPE that nothing but KIND holds,
 * writes its inode to FILE, and waits.
 *
 * fd, thread-fd, orphan-fd   an open file: in the table of the process, of a
 *                            thread alone, of a thread whose leader has exited
 * flight                     an open file in a message that nobody receives
 * ring, full-ring            a fixed file of an io_uring; the first of very many
 * detached                   a mount in a tree that is mounted nowhere
 * socket, thread-socket, proc-net, mapped    net alone: an open socket, or file
 *                            of /proc/net, or the ring of a closed packet socket
 * shm                        ipc alone: an attached segment of shared memory
 * churn                      makes and drops namespaces all the time
 * flip                       a task that enters its own uts namespace all the time
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define RING_FILES 1000 /* the usual limit of open files allows these */

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif

static const struct {
	const char *name;
	int flag;
} types[] = {{"cgroup", 0x02000000}, {"ipc", 0x08000000}, {"mnt", 0x00020000},  {"net", 0x40000000},
	     {"pid", 0x20000000},    {"time", 0x80},      {"user", 0x10000000}, {"uts", 0x04000000}};

static const char *kind;
static int held; /* the descriptor that is to be the last */
static const char *file;

static int must(long result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return (int)result;
}

static void sleep_on(void)
{
	for (;;)
		pause();
}

static void tell(ino_t inode)
{
	char text[32];
	int fd = must(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644), file);

	snprintf(text, sizeof(text), "%lu\n", (unsigned long)inode);
	must(write(fd, text, strlen(text)), file);
	close(fd);
}

static ino_t inode_of(int fd)
{
	struct stat st;

	must(fstat(fd, &st), "fstat");
	return st.st_ino;
}

/* A child, and in member who is in a new namespace; both wait. */
static pid_t start_in(int flag, pid_t *member)
{
	int ready[2];
	pid_t child;

	must(pipe(ready), "pipe");
	child = must(fork(), "fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		must(unshare(flag), "unshare");
		/* Of pid and time, a child of its own is the first in it. */
		if (flag == types[4].flag || flag == types[5].flag) {
			pid_t grandchild = must(fork(), "fork");

			if (grandchild == 0) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				sleep_on();
			}
			must(write(ready[1], &grandchild, sizeof(grandchild)), "write");
		} else {
			pid_t self = getpid();

			must(write(ready[1], &self, sizeof(self)), "write");
		}
		sleep_on();
	}
	must(read(ready[0], member, sizeof(*member)), "read");
	close(ready[0]);
	close(ready[1]);
	return child;
}

static void end(pid_t child, pid_t member)
{
	kill(member, SIGKILL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	/* An orphan is collected by others. */
	while (kill(member, 0) == 0)
		usleep(1000);
}

static int open_below(pid_t pid, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	return must(open(path, O_RDONLY), path);
}

static void *hold_alone(void *unused)
{
	must(unshare(CLONE_FILES), "unshare");
	*(volatile int *)unused = 1;
	sleep_on();
	return NULL;
}

/* A thread that has the table for itself; here it is closed. */
static void give_to_thread(void)
{
	volatile int has_own = 0;
	pthread_t thread;

	pthread_create(&thread, NULL, hold_alone, (void *)&has_own);
	while (!has_own)
		usleep(1000);
	close(held);
}

static void send_away(void)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec data = {.iov_base = "x", .iov_len = 1};
	struct msghdr message = {
	    .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &held, sizeof(int));
	must(sendmsg(ends[0], &message, 0), "sendmsg");
	close(held);
}

static void fix_in_ring(unsigned int count)
{
	struct io_uring_params parameters = {0};
	int ring = must(syscall(SYS_io_uring_setup, 1, &parameters), "io_uring_setup");
	int files[RING_FILES];

	for (unsigned int i = 0; i < count; i++)
		files[i] = held;
	must(syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, files, count), "io_uring_register");
	close(held);
}

static void mount_and_detach(void)
{
	char path[64];

	must(unshare(CLONE_NEWNS), "unshare");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	must(mount("none", "/mnt", "tmpfs", 0, NULL), "tmpfs");
	close(must(open("/mnt/ns", O_CREAT | O_WRONLY, 0600), "/mnt/ns"));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", held);
	must(mount(path, "/mnt/ns", NULL, MS_BIND, NULL), "bind");
	must(syscall(SYS_open_tree, AT_FDCWD, "/mnt", OPEN_TREE_CLONE | AT_RECURSIVE), "open_tree");
	must(umount2("/mnt", MNT_DETACH), "umount");
	close(held);
}

static void map_packets(void)
{
	struct tpacket_req request = {
	    .tp_block_size = 4096, .tp_block_nr = 1, .tp_frame_size = 2048, .tp_frame_nr = 2};

	must(setsockopt(held, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)), "PACKET_RX_RING");
	if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, held, 0) == MAP_FAILED)
		err(1, "mmap");
	close(held);
}

/* What has to be made inside, and is kept by leaving. */
static ino_t hold_from_inside(int flag, const char *link)
{
	int home = must(open(link, O_RDONLY), link);
	int inside;
	ino_t inode;

	must(unshare(flag), "unshare");
	inside = must(open(link, O_RDONLY), link);
	inode = inode_of(inside);
	close(inside);
	if (strcmp(kind, "shm") == 0) {
		int segment = must(shmget(IPC_PRIVATE, 4096, 0600), "shmget");

		if (shmat(segment, NULL, 0) == (void *)-1)
			err(1, "shmat");
	} else {
		held = strcmp(kind, "mapped") == 0 ? socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL))
						   : socket(AF_INET, SOCK_DGRAM, 0);
		must(held, "socket");
	}
	must(setns(home, flag), "setns");
	close(home);
	return inode;
}

static void flip(void)
{
	int uts;

	must(unshare(CLONE_NEWNET | CLONE_NEWUTS), "unshare");
	uts = open_below(getpid(), "ns/uts");
	tell(inode_of(open_below(getpid(), "ns/net")));
	for (;;)
		setns(uts, CLONE_NEWUTS);
}

/* A net namespace takes longest, and is dropped by a thread of the kernel's. */
static void churn(void)
{
	tell(1);
	for (unsigned int i = 0;; i++)
		must(unshare(i % 50 ? types[0].flag | types[1].flag | types[7].flag : types[3].flag),
		     "unshare");
}

static void hold(void)
{
	if (strcmp(kind, "thread-fd") == 0 || strcmp(kind, "orphan-fd") == 0 ||
	    strcmp(kind, "thread-socket") == 0)
		give_to_thread();
	else if (strcmp(kind, "flight") == 0)
		send_away();
	else if (strcmp(kind, "ring") == 0)
		fix_in_ring(1);
	else if (strcmp(kind, "full-ring") == 0)
		fix_in_ring(RING_FILES);
	else if (strcmp(kind, "detached") == 0)
		mount_and_detach();
	else if (strcmp(kind, "mapped") == 0)
		map_packets();
}

int main(int argc, char **argv)
{
	char link[32];
	int flag = 0;
	ino_t inode;

	if (argc != 4)
		errx(2, "usage: hide KIND TYPE FILE");
	kind = argv[1];
	file = argv[3];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(argv[2], types[i].name) == 0)
			flag = types[i].flag;
	}
	snprintf(link, sizeof(link), "ns/%s", argv[2]);
	if (strcmp(kind, "flip") == 0)
		flip();
	if (strcmp(kind, "churn") == 0)
		churn();
	if (strcmp(kind, "socket") == 0 || strcmp(kind, "thread-socket") == 0 ||
	    strcmp(kind, "mapped") == 0 || strcmp(kind, "shm") == 0) {
		char own[64];

		snprintf(own, sizeof(own), "/proc/self/%s", link);
		inode = hold_from_inside(flag, own);
	} else {
		pid_t member;
		pid_t child = start_in(flag, &member);
		int ns = open_below(member, link);

		inode = inode_of(ns);
		held = strcmp(kind, "proc-net") == 0 ? open_below(member, "net/unix") : dup(ns);
		close(ns);
		end(child, member);
	}
	hold();
	tell(inode);
	if (strcmp(kind, "orphan-fd") == 0)
		pthread_exit(NULL);
	sleep_on();
}
