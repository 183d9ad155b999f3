/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/creation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "create/rootless.h"
#include "keep/keep.h"
#include "ns/ns.h"
#include "proc/answers.h"
#include "proc/passwd.h"
#include "proc/procfs.h"
#include "run/own_files.h"
#include "target/target.h"

#define DEFAULT_SHELL "/bin/sh"

/* Adds the types in which the target's process is not where the caller is. */
static int add_types_of_process(const struct process *process, ns_type_set *types, struct error *err)
{
	struct process_links theirs;
	struct process_links own;
	AUTO_CLOSE int own_fd = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (own_fd < 0)
		return error_set_errno(err, errno, "cannot open /proc/self/ns");
	/* A helper process takes a moment: use one only where reading may block. */
	if (process_may_be_executing(process) && process_check_answers(process, err) < 0)
		return -err->number;
	process_read_links_at(own_fd, NS_LINK_SET_ALL, &own);
	process_read_links(process, &theirs);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		enum ns_link link = ns_type_link(type);

		if (theirs.reason[link] == EACCES || theirs.reason[link] == EPERM) {
			error_set_errno(err, theirs.reason[link], "cannot read the namespaces of process %d",
					process->pid);
			process_hint_at_permission(err);
			return -err->number;
		}
		if (theirs.ino[link] != 0 && theirs.ino[link] != own.ino[link])
			*types |= 1U << type;
	}
	return 0;
}

static int add_types_like(const struct create_request *request, ns_type_set *types, struct error *err)
{
	AUTO_TARGET struct opened_target opened = TARGET_CLOSED;
	ns_type_set like = 0;
	int ret;

	if (!request->like)
		return 0;
	ret = target_open_text(request->like, request->engine, &opened, err);
	if (ret < 0)
		return ret;
	if (opened.is_process)
		ret = add_types_of_process(&opened.process, &like, err);
	for (size_t i = 0; i < opened.ns_count; i++)
		like |= 1U << opened.ns[i].type;
	if (ret < 0)
		return ret;
	if (like == 0)
		return error_set(err, EINVAL,
				 "--like: '%.256s' has no namespace of its own: all are the caller's",
				 request->like);
	*types |= like;
	return 0;
}

/* Kernels can be built without a type, and have no link for it. */
static bool is_known(const struct creation *creation, enum ns_type type)
{
	char path[32];

	if (creation->self_fd < 0)
		return true;
	snprintf(path, sizeof(path), "ns/%s", ns_type_name(type));
	return faccessat(creation->self_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void add_every_type(struct creation *creation)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (is_known(creation, type))
			creation->types |= 1U << type;
	}
}

static int check_types(const struct creation *creation, struct error *err)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (!creation_has(creation, type) || is_known(creation, type))
			continue;
		error_set(err, EINVAL, "this kernel has no %s namespaces", ns_type_name(type));
		return error_hint(err, "ls /proc/self/ns shows the types that it has");
	}
	return 0;
}

/*
 * getpid(2) is the number in this process's own pid namespace.  In a /proc of another
 * one it may be that of somebody else, whose id maps would be written.
 */
static int read_proc_pid(struct creation *creation)
{
	char text[16] = "";
	uint64_t pid;

	if (readlinkat(creation->proc_fd, "self", text, sizeof(text) - 1) < 0)
		return -errno;
	if (!text_parse_number(text, PROCESS_PID_MAX, &pid))
		return -EPROTO;
	creation->proc_pid = (pid_t)pid;
	return 0;
}

/* Without a /proc much is possible all the same: see needs_proc(). */
void creation_open_self(struct creation *creation)
{
	cleanup_close(&creation->self_fd);
	creation->self_fd = -1;
	if (creation->proc_fd < 0 || read_proc_pid(creation) < 0)
		return;
	creation->self_fd = openat(creation->proc_fd, "self", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Id maps and offsets are written there, and new namespaces opened. */
static bool needs_proc(const struct creation *creation)
{
	const struct create_request *request = creation->request;

	return creation->maps.of[ID_USERS].writer != ID_MAP_UNWRITTEN ||
	       creation->maps.of[ID_GROUPS].writer != ID_MAP_UNWRITTEN ||
	       creation->maps.setgroups != SETGROUPS_UNCHANGED || creation_has(creation, NS_TIME) ||
	       create_request_has_file(request) || request->keep_name || request->network == NETWORK_PASTA;
}

static int plan_self(const struct create_request *request, struct creation *creation, struct error *err)
{
	(void)request;
	if (creation->self_fd >= 0 || !needs_proc(creation))
		return 0;
	error_set(err, ENOENT, "/proc does not show this process");
	return error_hint(err, "mount it for this pid namespace: mount -t proc proc /proc");
}

static int plan_types(const struct create_request *request, struct creation *creation, struct error *err)
{
	int ret;

	creation->types = request->types;
	creation->proc_fd = procfs_open();
	creation_open_self(creation);
	if (request->everything)
		add_every_type(creation);
	ret = add_types_like(request, &creation->types, err);
	if (ret < 0 || request->as_unshare)
		return ret;
	return check_types(creation, err);
}

/* Whether the types were not chosen one by one: then the rest is chosen, too, so that the program can work.
 */
static bool is_furnished(const struct create_request *request)
{
	return request->everything || request->like;
}

static int plan_proc(const struct create_request *request, struct creation *creation, struct error *err)
{
	(void)err;
	creation->proc_point = request->proc_point;
	if (!creation->proc_point && is_furnished(request) && creation_has(creation, NS_PID) &&
	    creation_has(creation, NS_MNT))
		creation->proc_point = "/proc";
	return 0;
}

static bool has_map(const struct id_maps_request *ids)
{
	return ids->of[ID_USERS].count > 0 || ids->of[ID_USERS].has_single || ids->of[ID_GROUPS].count > 0 ||
	       ids->of[ID_GROUPS].has_single;
}

static int plan_maps(const struct create_request *request, struct creation *creation, struct error *err)
{
	struct id_maps_request ids = request->ids;

	if ((request->rootless || is_furnished(request)) && creation_has(creation, NS_USER) && !has_map(&ids))
		rootless_choose(&ids, creation->map_sentence, sizeof(creation->map_sentence));
	return id_maps_plan(&ids, &creation->maps, err);
}

/* The user that the program will be, as it is called inside. */
static uid_t user_inside(const struct creation *creation)
{
	const struct id_map_plan *users = &creation->maps.of[ID_USERS];
	uint32_t inside;

	if (creation->request->set_uid)
		return creation->request->uid;
	if (!creation_has(creation, NS_USER) || users->writer == ID_MAP_UNWRITTEN)
		return getuid();
	return id_map_to_inside(&users->map, getuid(), &inside) ? inside : getuid();
}

/* Stores the shell of the program's user; false without a passwd entry that names one. */
static bool find_shell(struct creation *creation)
{
	AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct user user;

	if (root < 0 || user_find(root, user_inside(creation), &user) < 0 || user.shell[0] != '/')
		return false;
	snprintf(creation->shell, sizeof(creation->shell), "%s", user.shell);
	return true;
}

/* SHELL, else that of the user, as unshare(1) since util-linux 2.42. */
static int plan_program(const struct create_request *request, struct creation *creation, struct error *err)
{
	const char *shell = request->shell;
	const char *slash;

	creation->argv = request->argv;
	creation->path = request->argv[0];
	if (creation->path)
		return 0;
	if (!shell || !shell[0])
		shell = find_shell(creation) ? creation->shell : DEFAULT_SHELL;
	slash = strrchr(shell, '/');
	creation->path = shell;
	if ((size_t)snprintf(creation->shell_name, sizeof(creation->shell_name), "-%s",
			     slash ? slash + 1 : shell) >= sizeof(creation->shell_name))
		return error_set(err, ENAMETOOLONG, "the name of the shell, '%.64s…', is too long", shell);
	creation->shell_argv[0] = creation->shell_name;
	creation->argv = creation->shell_argv;
	return 0;
}

static int plan_child(const struct create_request *request, struct creation *creation, struct error *err)
{
	struct supervisor *supervisor = &creation->supervisor;

	supervisor->wanted = request->fork || (creation_has(creation, NS_PID) && !request->no_fork);
	supervisor->habit = request->habit;
	supervisor->signal = request->child_signal;
	supervisor->limit_sec = request->limit_sec;
	supervisor->child_is_init = request->is_init;
	supervisor->copies_memory = true;
	return supervisor->wanted ? supervisor_prepare(supervisor, creation->argv, err) : 0;
}

static int plan_names(const struct create_request *request, struct creation *creation, struct error *err)
{
	AUTO_NS struct ns own = NS_CLOSED;

	if (request->keep_name && keep_check_free(request->keep_name, err) < 0)
		return -err->number;
	if (request->keep_name && creation->types == 0)
		return error_set(err, EINVAL, "there is no namespace to keep as '%.200s'",
				 request->keep_name);
	if (creation_has(creation, NS_MNT) && (request->keep_name || request->files[NS_MNT]) &&
	    ns_open_at(creation->self_fd, "ns/mnt", &own) == 0)
		creation->own_mnt_id = ns_read_id(&own);
	return 0;
}

/* nsctl itself opens fewer. */
#define OWN_FILES_MOST 255

/*
 * In another tree the program may be anything; and the first process of a container
 * remains nsctl's.
 */
static int plan_own_files(const struct create_request *request, struct creation *creation, struct error *err)
{
	if (request->root)
		creation->last_fd = own_files_find_last();
	/* Without a /proc: no number of nsctl's own is as high. */
	if (request->root && creation->last_fd < 0)
		creation->last_fd = OWN_FILES_MOST;
	if (!request->root && !request->is_init)
		return 0;
	return exe_file_prepare(&creation->exe_file, !creation_has(creation, NS_MNT), err);
}

typedef int plan_part(const struct create_request *request, struct creation *creation, struct error *err);

static plan_part *const parts[] = {plan_types,   plan_proc,  plan_maps,  plan_self,
				   plan_program, plan_child, plan_names, plan_own_files};

int creation_plan(const struct create_request *request, struct creation *creation, struct error *err)
{
	int ret = 0;

	*creation = (struct creation){
	    .request = request,
	    .supervisor = SUPERVISOR_NONE,
	    .exe_file = EXE_FILE_NONE,
	    .last_fd = -1,
	    .outside = OUTSIDE_NONE,
	    .self_fd = -1,
	    .proc_fd = -1,
	    .parent = getppid(),
	    .is_root = geteuid() == 0,
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && ret == 0; i++)
		ret = parts[i](request, creation, err);
	return ret;
}

void creation_free(struct creation *creation)
{
	outside_end(&creation->outside);
	supervisor_free(&creation->supervisor);
	exe_file_free(&creation->exe_file);
	cleanup_close(&creation->self_fd);
	cleanup_close(&creation->proc_fd);
}
