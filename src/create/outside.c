/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/outside.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "create/creation.h"
#include "create/outside_serve.h"
#include "create/reasons.h"

/*
 * A signal for the whole process group must not interrupt work that is half done;
 * and where the caller ignores SIGCHLD, no child could be waited for.
 */
static void set_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGCHLD, SIG_DFL);
}

/* In the new process. */
static int serve(const struct creation *creation, const int ends[2])
{
	close(ends[0]);
	/* The program is to notice when nsctl itself has died. */
	if (creation->supervisor.held_fd >= 0)
		close(creation->supervisor.held_fd);
	/* It has privileges that the new namespaces do not give. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	set_signals();
	return outside_serve(creation, ends[1]);
}

static bool is_needed(const struct creation *creation)
{
	const struct create_request *request = creation->request;

	return create_request_has_file(request) || request->keep_name || request->network == NETWORK_PASTA ||
	       id_maps_need_outside(&creation->maps);
}

int outside_start(struct creation *creation, struct error *err)
{
	int ends[2];
	pid_t pid;

	if (!is_needed(creation))
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_set_errno(err, errno, "cannot make a channel to a helper process");
	pid = fork();
	if (pid == 0)
		_exit(serve(creation, ends));
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return reasons_of_fork(errno, err);
	}
	creation->outside = (struct outside){.pid = pid, .channel = ends[0]};
	return 0;
}

static int set_ended(struct error *err)
{
	return error_set(err, EIO, "the helper process in the caller's namespaces has ended");
}

static int order(const struct outside *outside, enum order order, struct error *err)
{
	unsigned char byte = (unsigned char)order;

	return send(outside->channel, &byte, 1, MSG_NOSIGNAL) == 1 ? 0 : set_ended(err);
}

static int order_and_wait(const struct outside *outside, enum order what, struct error *err)
{
	if (outside->pid == 0)
		return 0;
	if (order(outside, what, err) < 0)
		return -err->number;
	if (recv(outside->channel, err, sizeof(*err), 0) != (ssize_t)sizeof(*err))
		return set_ended(err);
	return -err->number;
}

int outside_write_maps(struct creation *creation, struct error *err)
{
	return id_maps_need_outside(&creation->maps) ? order_and_wait(&creation->outside, ORDER_MAPS, err)
						     : 0;
}

int outside_make_last(struct creation *creation, struct error *err)
{
	return order_and_wait(&creation->outside, ORDER_LAST, err);
}

int outside_commit(const struct creation *creation, struct error *err)
{
	return creation->outside.pid == 0 ? 0 : order(&creation->outside, ORDER_COMMIT, err);
}

void outside_undo(const struct creation *creation)
{
	struct error ignored; /* the program's error is the one to report */

	order_and_wait(&creation->outside, ORDER_UNDO, &ignored);
}

static void close_channel(struct outside *outside)
{
	cleanup_close(&outside->channel);
	outside->channel = -1;
}

void outside_leave(struct creation *creation)
{
	/* pasta is ended when the last end of the channel is closed. */
	if (creation->request->network != NETWORK_PASTA)
		close_channel(&creation->outside);
}

void outside_end(struct outside *outside)
{
	close_channel(outside);
	if (outside->pid > 0)
		child_wait(outside->pid, NULL);
	*outside = OUTSIDE_NONE;
}
