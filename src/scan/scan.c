#include "scan/scan.h"

#include <errno.h>
#include <time.h>

#include "scan/kernel_lists.h"
#include "scan/sources.h"

struct reading {
	const struct scan_request *request;
	struct snapshot *snapshot;
	enum engine engine;
	bool has_types;            /* BPF may be used, and types is filled */
	struct kernel_types types; /* of the kernel */
	struct kernel_lists lists; /* where what the kernel lists is wanted, and BPF may be used */
};

/* The kernel's lists are walked by BPF whatever reads the tasks: no process can hide anything from there. */
static int start_bpf(struct reading *reading)
{
	bool is_wanted = reading->engine == ENGINE_BPF || reading->request->listed;
	int ret = is_wanted ? engine_check_bpf() : -ENOSYS;

	if (ret == 0)
		ret = btf_read(&reading->types);
	reading->has_types = ret == 0;
	if (ret < 0)
		return reading->engine == ENGINE_BPF ? ret : 0;
	return reading->request->listed
		   ? kernel_lists_start(reading->request, &reading->types, &reading->lists)
		   : 0;
}

static int read_tasks(struct reading *reading)
{
	int ret = start_bpf(reading);

	if (ret < 0)
		return ret;
	return reading->engine == ENGINE_BPF
		   ? scan_tasks_bpf(reading->request, &reading->types, reading->snapshot)
		   : scan_tasks_procfs(reading->request, reading->snapshot);
}

/* The kernel's own lists where they can be walked; else what system calls list. */
static int read_listed(struct reading *reading)
{
	struct snapshot *snapshot = reading->snapshot;
	ns_type_set wanted = scan_types(reading->request);
	int ret = kernel_lists_finish(&reading->lists, snapshot);

	if (ret < 0)
		return ret;
	snapshot->is_complete = ((ns_type_set)ret & wanted) == wanted;
	if (snapshot->is_complete)
		return 0;
	return scan_listed(reading->request, snapshot);
}

/* With the relations, what only owns another or is above it would be explained, too; there are few of these.
 */
static bool has_taskless(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		if (snapshot->namespaces[i].kinds == 0)
			return true;
	}
	return false;
}

/*
 * Files are looked at after the mounts: which of them lie in a tree that is
 * mounted nowhere is asked only where such a tree has a namespace.  procfs has
 * brought the files with the tasks.
 */
static int read_walked_holders(struct reading *reading)
{
	const struct scan_request *request = reading->request;
	struct snapshot *snapshot = reading->snapshot;
	struct kernel_mounts mounts;
	int ret = kernel_mounts_walk(request, &reading->types, snapshot, &mounts);

	if (ret == 0 && request->files && reading->engine == ENGINE_BPF)
		ret = scan_files_bpf(request, &reading->types, &mounts, snapshot);
	if (ret == 0 && request->mounts)
		ret = scan_mounts(request, mounts.is_complete ? &mounts.mounted_in : NULL, snapshot);
	if (ret == 0 && request->mounts)
		ret = kernel_mounts_finish(&mounts, snapshot);
	kernel_mounts_close(&mounts);
	return ret;
}

/*
 * What listns(2) lists leaves out a net namespace that only a socket holds (seen
 * with Linux 7.3): then files are looked at in any case.
 */
static int read_holders(struct reading *reading)
{
	const struct scan_request *request = reading->request;
	const struct snapshot *snapshot = reading->snapshot;
	bool is_explained = request->taskless_only && !has_taskless(snapshot);

	if (!request->files && !request->mounts)
		return 0;
	if (is_explained && snapshot->is_complete)
		return 0;
	if (reading->has_types)
		return read_walked_holders(reading);
	if (!request->mounts || (is_explained && snapshot->is_listed))
		return 0;
	return scan_mounts(request, NULL, reading->snapshot);
}

/* Each builds on what those before it found. */
static int run_sources(const struct scan_request *request, enum engine engine, struct snapshot *snapshot)
{
	struct reading reading = {.request = request, .snapshot = snapshot, .engine = engine};
	struct timespec now = {0};
	int ret;

	snapshot->unanswered = unanswered_new();
	ret = snapshot->unanswered ? read_tasks(&reading) : -ENOMEM;
	clock_gettime(CLOCK_BOOTTIME, &now);
	snapshot->taken = (uint64_t)now.tv_sec;
	if (ret == 0)
		ret = snapshot_count_tasks(snapshot);
	if (ret == 0 && request->listed)
		ret = read_listed(&reading);
	if (ret == 0)
		ret = read_holders(&reading);
	if (ret == 0 && request->relations)
		ret = scan_relations(request, snapshot);
	kernel_lists_close(&reading.lists);
	return ret < 0 ? ret : snapshot_finish(snapshot);
}

/* That it cannot be had here, for whatever reason; not that it went wrong. */
static bool is_refusal(int ret)
{
	switch (ret) {
	case -EPERM:
	case -EACCES:
	case -EINVAL:
	case -ENOSYS:
	case -EOPNOTSUPP:
	case -EXDEV:
		return true;
	default:
		return false;
	}
}

/* Where BPF was not asked for, and does not work here after all, nothing is to be seen of it. */
static int run_any(const struct scan_request *request, struct snapshot *snapshot)
{
	enum engine engine = engine_choose(request->types, request->complete);
	int ret = run_sources(request, engine, snapshot);

	if (engine == ENGINE_PROCFS || !is_refusal(ret))
		return ret;
	snapshot_free(snapshot);
	return run_sources(request, ENGINE_PROCFS, snapshot);
}

static int set_failure(enum engine engine, int ret, struct error *err)
{
	if (engine == ENGINE_BPF && ret == -EXDEV) {
		error_set(err, EXDEV,
			  "the bpf engine cannot be used here: /proc is of another pid namespace");
		return error_hint(err, "mount one: mount -t proc proc /proc");
	}
	if (engine == ENGINE_BPF && is_refusal(ret)) {
		error_set_errno(err, -ret, "the bpf engine cannot be used here");
		return error_hint(err,
				  "`nsctl features` tells why; without --engine, procfs takes its place");
	}
	error_set_errno(err, -ret, "cannot read the processes of this machine");
	return ret == -ENOENT ? error_hint(err, "is /proc mounted? mount -t proc proc /proc") : ret;
}

int scan(const struct scan_request *request, struct snapshot *snapshot, struct error *err)
{
	enum engine engine = request->engine;
	int ret;

	/* Of one process /proc tells at once. */
	if (request->process)
		engine = ENGINE_PROCFS;
	*snapshot = (struct snapshot){0};
	ret = engine == ENGINE_AUTO ? run_any(request, snapshot) : run_sources(request, engine, snapshot);
	if (ret == 0)
		return 0;
	snapshot_free(snapshot);
	return set_failure(engine, ret, err);
}
