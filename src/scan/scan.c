/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/scan.h"

#include <errno.h>

#include "scan/kernel_lists.h"
#include "scan/sources.h"
#include "snapshot/build.h"

struct reading {
	const struct scan_request *request;
	const struct sink *sink;
	enum engine engine;
	bool has_types;            /* BPF may be used, and types is filled */
	struct kernel_types types; /* of the kernel */
	struct kernel_lists lists; /* where what the kernel lists is wanted, and BPF may be used */
};

/* BPF walks the kernel's lists whichever engine reads the tasks: no process can hide a namespace there. */
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
		   ? scan_tasks_bpf(reading->request, &reading->types, reading->sink)
		   : scan_tasks_procfs(reading->request, reading->sink);
}

/* Reads the kernel's own lists where they can be walked; else what system calls list. */
static int read_listed_namespaces(struct reading *reading)
{
	const struct sink *sink = reading->sink;
	ns_type_set wanted = scan_types(reading->request);
	int ret = kernel_lists_finish(&reading->lists, sink);

	if (ret < 0)
		return ret;
	if (((ns_type_set)ret & wanted) != wanted)
		return scan_listns(reading->request, sink);
	sink->add_note(sink->context, NOTE_COMPLETE, 1);
	return 0;
}

/* Only tasks are counted so far: namespaces that are only an owner or a parent count as taskless, too. */
static bool has_taskless(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		if (snapshot->namespaces[i].kinds == 0)
			return true;
	}
	return false;
}

/*
 * Files are read after the mounts: only if a tree that is mounted nowhere has a
 * namespace is there a need to find the files in such trees.  procfs read the
 * files with the tasks.
 */
static int read_walked_holders(struct reading *reading)
{
	const struct scan_request *request = reading->request;
	const struct sink *sink = reading->sink;
	struct kernel_mounts mounts;
	int ret = kernel_mounts_walk(request, &reading->types, sink, &mounts);

	if (ret == 0 && request->files && reading->engine == ENGINE_BPF)
		ret = scan_files_bpf(request, &reading->types, &mounts, sink);
	if (ret == 0 && request->mounts)
		ret = scan_mounts(request, mounts.is_complete ? &mounts.mounted_in : NULL, sink);
	if (ret == 0 && request->mounts)
		ret = kernel_mounts_finish(&mounts, sink);
	kernel_mounts_close(&mounts);
	return ret;
}

/*
 * listns(2) leaves out a net namespace that only a socket holds (seen with Linux
 * 7.3): after it, files are read in any case.
 */
static int read_holders(struct reading *reading)
{
	const struct scan_request *request = reading->request;
	const struct snapshot *known = reading->sink->known;
	bool is_explained = request->taskless_only && !has_taskless(known);

	if (!request->files && !request->mounts)
		return 0;
	if (is_explained && known->is_complete)
		return 0;
	if (reading->has_types)
		return read_walked_holders(reading);
	if (!request->mounts || (is_explained && known->is_listed))
		return 0;
	return scan_mounts(request, NULL, reading->sink);
}

int scan_run_sources(const struct scan_request *request, enum engine engine, const struct sink *sink)
{
	struct reading reading = {.request = request, .sink = sink, .engine = engine};
	int ret = read_tasks(&reading);

	if (ret == 0)
		ret = sink->end_tasks(sink->context);
	if (ret == 0 && request->listed)
		ret = read_listed_namespaces(&reading);
	if (ret == 0)
		ret = read_holders(&reading);
	if (ret == 0 && request->relations)
		ret = scan_relations(request, sink);
	kernel_lists_close(&reading.lists);
	return ret;
}

static int take_snapshot(const struct scan_request *request, enum engine engine, struct snapshot *snapshot)
{
	const struct sink sink = snapshot_sink(snapshot);
	int ret;

	snapshot->unanswered = unanswered_new();
	ret = snapshot->unanswered ? scan_run_sources(request, engine, &sink) : -ENOMEM;
	return ret < 0 ? ret : snapshot_finish(snapshot);
}

/* Whether BPF is not available here, rather than failed. */
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

/* BPF was only a default: if it turns out unusable, fall back silently. */
static int take_any(const struct scan_request *request, struct snapshot *snapshot)
{
	enum engine engine = engine_choose(request->types, request->complete);
	int ret = take_snapshot(request, engine, snapshot);

	if (engine == ENGINE_PROCFS || !is_refusal(ret))
		return ret;
	snapshot_free(snapshot);
	return take_snapshot(request, ENGINE_PROCFS, snapshot);
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
				  "`nsctl features` shows why; without --engine, procfs is used instead");
	}
	error_set_errno(err, -ret, "cannot read the processes of this machine");
	return ret == -ENOENT ? error_hint(err, "is /proc mounted? mount -t proc proc /proc") : ret;
}

int scan(const struct scan_request *request, struct snapshot *snapshot, struct error *err)
{
	enum engine engine = request->engine;
	int ret;

	/* For a single process, procfs is always fastest. */
	if (request->process)
		engine = ENGINE_PROCFS;
	*snapshot = (struct snapshot){0};
	ret = engine == ENGINE_AUTO ? take_any(request, snapshot) : take_snapshot(request, engine, snapshot);
	if (ret == 0)
		return 0;
	snapshot_free(snapshot);
	return set_failure(engine, ret, err);
}
