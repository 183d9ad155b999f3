/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/network.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "create/reasons.h"
#include "proc/capabilities.h"
#include "run/signals.h"

int create_set_host_name(struct creation *creation, struct error *err)
{
	const char *name = creation->request->host_name;

	if (!name || sethostname(name, strlen(name)) == 0)
		return 0;
	error_set_errno(err, errno, "cannot set the host name to '%.80s'", name);
	return err->number == EINVAL ? error_hint(err, "it has at most 64 bytes")
				     : reasons_of_call(CAP_SYS_ADMIN, err);
}

int create_start_loopback(struct creation *creation, struct error *err)
{
	AUTO_CLOSE int fd = -1;
	struct ifreq loopback = {.ifr_name = "lo"};

	if (creation->request->network != NETWORK_UP)
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &loopback) < 0)
		return error_set_errno(err, errno, "cannot read the state of interface lo");
	loopback.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &loopback) == 0)
		return 0;
	error_set_errno(err, errno, "cannot bring interface lo up");
	return reasons_of_call(CAP_NET_ADMIN, err);
}

/* How pasta is run: by descriptors that it inherits. */
struct pasta_call {
	pid_t target;
	int net_fd; /* the net namespace */
	int pid_fd; /* a file for its PID: the process that is started forks a daemon */
};

/*
 * Executes pasta with the signals of a new program.  For root it would become
 * nobody, and it drops the capabilities by which root may open the namespaces of the
 * target: it gets the net namespace open.  Returns only on failure.
 */
static int execute_pasta(const struct pasta_call *call)
{
	char target[16];
	char file[32];
	char net[32];
	const char *as_user[] = {"pasta", "--config-net", "--quiet", "--pid", file, target, NULL};
	const char *as_root[] = {"pasta", "--config-net", "--quiet",         "--pid",   file, "--runas",
				 "0",     "--netns-only", "--no-netns-quit", "--netns", net,  NULL};

	snprintf(target, sizeof(target), "%d", call->target);
	snprintf(file, sizeof(file), "/proc/self/fd/%d", call->pid_fd);
	snprintf(net, sizeof(net), "/proc/self/fd/%d", call->net_fd);
	signals_unblock();
	fcntl(call->net_fd, F_SETFD, 0);
	execvp("pasta", (char *const *)(geteuid() == 0 ? as_root : as_user));
	return errno == ENOENT ? 127 : 126;
}

static int explain_pasta(int status, struct error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		error_set(err, ENOENT, "pasta is not installed");
		return error_hint(err, "it is in the package passt; --net=up needs no program");
	}
	return error_set(err, EIO, "pasta could not connect the network: it reports why above");
}

/* Returns 0 once its daemon has connected the namespace, or a negative errno. */
static int run_pasta(const struct pasta_call *call, struct error *err)
{
	pid_t child = fork();
	int status;
	int ret;

	if (child < 0)
		return error_set_errno(err, errno, "cannot fork to run pasta");
	if (child == 0)
		_exit(execute_pasta(call));
	ret = child_wait(child, &status);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot wait for pasta");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : explain_pasta(status, err);
}

static int open_daemon(int pid_fd)
{
	char text[16] = "";
	uint64_t pid;
	int ret;
	int fd;

	if (pread(pid_fd, text, sizeof(text) - 1, 0) < 0)
		return -errno;
	text[strcspn(text, "\n")] = '\0';
	if (!text_parse_number(text, INT32_MAX, &pid))
		return -EPROTO;
	fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (fd >= 0)
		return fd;
	ret = -errno;
	kill((pid_t)pid, SIGTERM);
	return ret;
}

int create_connect_pasta(pid_t pid, int net_fd, int *pasta, struct error *err)
{
	AUTO_CLOSE int pid_fd = memfd_create("pasta", 0);
	const struct pasta_call call = {.target = pid, .net_fd = net_fd, .pid_fd = pid_fd};
	int ret;

	if (pid_fd < 0)
		return error_set_errno(err, errno, "cannot make a file for the PID of pasta");
	ret = run_pasta(&call, err);
	if (ret < 0)
		return ret;
	*pasta = open_daemon(pid_fd);
	return *pasta < 0 ? error_set_errno(err, -*pasta, "cannot get hold of the process of pasta") : 0;
}

void create_end_pasta(int *pasta)
{
	/* It may have ended with the namespace. */
	if (*pasta >= 0)
		syscall(SYS_pidfd_send_signal, *pasta, SIGTERM, NULL, 0);
	cleanup_close(pasta);
	*pasta = -1;
}
