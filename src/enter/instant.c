/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/instant.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/hints.h"
#include "proc/place.h"

#define LABEL_LIMIT ((size_t)1 << 16)

static bool needs_root(const struct enter_request *request)
{
	return request->everything || (request->root.wanted && !request->root.path);
}

static bool needs_wd(const struct enter_request *request)
{
	return request->everything || (request->wd.wanted && !request->wd.path);
}

/* The environment must be of the same program as the credentials. */
static bool needs_status(const struct enter_request *request)
{
	return request->uid_choice == ID_FOLLOW || request->gid_choice == ID_FOLLOW || request->environment ||
	       request->confined;
}

/* name: of the link in /proc/PID. */
static const char *directory_noun(const char *name)
{
	return strcmp(name, "cwd") == 0 ? "working directory" : "root directory";
}

static int set_unreadable(const struct process *process, const char *name, int number, struct error *err)
{
	error_set_errno(err, number, "cannot open the %s of process %d", directory_noun(name), process->pid);
	return number == EACCES ? process_hint_at_permission(err), -number : -number;
}

/* An exited process has no directories: that is reported later, with a better message. */
static int open_directory(const struct process *process, const char *name, int *fd, struct error *err)
{
	*fd = openat(process->dir_fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*fd >= 0 || errno == ENOENT || errno == ESRCH)
		return 0;
	return set_unreadable(process, name, errno, err);
}

static int read_cgroups(const struct process *process, char **cgroup, struct error *err)
{
	ssize_t length = file_load_at(process->dir_fd, "cgroup", CGROUP_FILE_LIMIT, cgroup);

	if (length < 0)
		return error_set_errno(err, (int)-length, "cannot read the cgroups of process %d",
				       process->pid);
	return 0;
}

/* Without a security module there is no label; label_plan() reports that. */
static int read_label(const struct process *process, char **label, struct error *err)
{
	if (file_load_at(process->dir_fd, "attr/current", LABEL_LIMIT, label) == -ENOMEM)
		return error_set_errno(err, ENOMEM, "cannot read the label of process %d", process->pid);
	return 0;
}

static int read_status(const struct process *process, struct process_status *status, struct error *err)
{
	int ret = process_read_status(process, status);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the status of process %d", process->pid);
	return 0;
}

/* A cgroup that is joined because of its namespace is read only if that may be entered. */
static bool needs_cgroup(const struct enter_request *request)
{
	bool may_enter_ns = request->everything || request->all || request->wanted & 1U << NS_CGROUP;

	return request->join_cgroup || (request->join_with_ns && may_enter_ns);
}

/* Reads the files for instant_read() and instant_confirm(). */
static int read_files(const struct enter_request *request, const struct process *process,
		      struct instant *instant, struct error *err)
{
	int ret = 0;

	if (needs_status(request))
		ret = read_status(process, &instant->status, err);
	if (ret == 0 && needs_cgroup(request))
		ret = read_cgroups(process, &instant->cgroup, err);
	if (ret == 0 && request->follow_context)
		ret = read_label(process, &instant->label, err);
	return ret;
}

int instant_read(const struct enter_request *request, const struct process *process, struct instant *instant,
		 struct error *err)
{
	int ret = 0;

	instant->ns_fd = openat(process->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (instant->ns_fd < 0)
		process_read_links(process, &instant->links);
	else
		process_read_links_at(instant->ns_fd, INSTANT_LINKS, &instant->links);
	if (needs_root(request))
		ret = open_directory(process, "root", &instant->root_fd, err);
	if (ret == 0 && needs_wd(request))
		ret = open_directory(process, "cwd", &instant->wd_fd, err);
	return ret < 0 ? ret : read_files(request, process, instant, err);
}

static bool is_same_links(const struct process_links *before, const struct process_links *now,
			  ns_link_set links)
{
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		if (links & 1U << link && before->ino[link] != now->ino[link])
			return false;
	}
	return true;
}

static int set_changed(const struct process *process, const char *changed, struct error *err)
{
	error_set(err, EAGAIN, "process %d changed its %s while it was being read", process->pid, changed);
	return error_hint(err, HINT_CHANGED, process->pid);
}

/* The server of a FUSE file system need not be asked: the kernel refuses (fuse_allow_current_process()). */
static int set_refused(const struct process *process, const char *noun, int number, struct error *err)
{
	error_set_errno(err, number, "the file system of the %s of process %d refuses %s", noun, process->pid,
			geteuid() == 0 ? "root" : "this user");
	if (number == EACCES)
		error_hint(err,
			   "FUSE admits only the user who mounted it, without allow_other or allow_root; to "
			   "stay outside of it, name the namespaces, as with -n");
	return -number;
}

/* Checks that a magic link of the process still leads to the directory. */
static int check_directory(const struct process *process, const char *name, int fd, struct error *err)
{
	struct place opened;
	struct place now;
	int ret;

	if (fd < 0)
		return 0;
	ret = place_read(fd, "", &opened);
	if (ret < 0)
		return set_refused(process, directory_noun(name), -ret, err);
	if (place_read(process->dir_fd, name, &now) == 0 && place_is_same(&opened, &now))
		return 0;
	return set_changed(process, directory_noun(name), err);
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static ns_link_set links_of(ns_type_set types)
{
	ns_link_set links = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		links |= types & 1U << type ? 1U << ns_type_link(type) : 0;
	return links;
}

static int check_changes(const struct process *process, const struct instant *before,
			 const struct instant *now, ns_link_set links, struct error *err)
{
	if (!is_same_links(&before->links, &now->links, links))
		return set_changed(process, "namespaces", err);
	if (check_directory(process, "root", before->root_fd, err) < 0 ||
	    check_directory(process, "cwd", before->wd_fd, err) < 0)
		return -err->number;
	if (!process_has_same_credentials(&before->status, &now->status))
		return set_changed(process, "credentials", err);
	if (!is_same_text(before->cgroup, now->cgroup))
		return set_changed(process, "cgroups", err);
	if (!is_same_text(before->label, now->label))
		return set_changed(process, "security label", err);
	return 0;
}

int instant_confirm(const struct enter_request *request, const struct process *process,
		    const struct instant *instant, ns_type_set checked_later, struct error *err)
{
	ns_link_set links = INSTANT_LINKS & ~links_of(checked_later);
	struct instant now = INSTANT_EMPTY;
	int ret;

	if (instant->ns_fd >= 0)
		process_read_links_at(instant->ns_fd, links, &now.links);
	ret = read_files(request, process, &now, err);
	if (ret == 0)
		ret = check_changes(process, instant, &now, links, err);
	instant_free(&now);
	/* The data below /proc is of this process only if it still exists. */
	if (!process_exists(process))
		return error_set(err, ESRCH, "process %d has ended", process->pid);
	return ret;
}

void instant_free(struct instant *instant)
{
	cleanup_close(&instant->ns_fd);
	cleanup_close(&instant->root_fd);
	cleanup_close(&instant->wd_fd);
	process_status_free(&instant->status);
	free(instant->cgroup);
	free(instant->label);
	*instant = INSTANT_EMPTY;
}
