#include "scan/scan.h"

#include <errno.h>
#include <time.h>

#include "scan/sources.h"

struct reading {
	const struct scan_request *request;
	struct snapshot *snapshot;
	struct kernel_types types; /* of ENGINE_BPF */
	enum engine engine;        /* that is used */
};

static int read_tasks_by_bpf(struct reading *reading)
{
	int ret = engine_check_bpf();

	if (ret == 0)
		ret = btf_read(&reading->types);
	return ret < 0 ? ret : scan_tasks_bpf(reading->request, &reading->types, reading->snapshot);
}

/* Where BPF was not asked for, and does not work here, nothing is to be seen of it. */
static int read_tasks(struct reading *reading)
{
	const struct scan_request *request = reading->request;
	bool is_asked_for = request->engine != ENGINE_AUTO;
	int ret;

	reading->engine = request->engine;
	if (!is_asked_for)
		reading->engine = request->process ? ENGINE_PROCFS : engine_choose(request->complete);
	if (reading->engine == ENGINE_BPF) {
		ret = read_tasks_by_bpf(reading);
		if (ret == 0 || ret == -ENOMEM || is_asked_for)
			return ret;
		snapshot_free(reading->snapshot);
		reading->engine = ENGINE_PROCFS;
	}
	return scan_tasks_procfs(request, reading->snapshot);
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

/* procfs has brought the files with the tasks. */
static int read_holders(struct reading *reading)
{
	const struct scan_request *request = reading->request;
	int ret = 0;

	if (request->taskless_only && reading->snapshot->is_listed && !has_taskless(reading->snapshot))
		return 0;
	if (request->files && reading->engine == ENGINE_BPF)
		ret = scan_files_bpf(request, &reading->types, reading->snapshot);
	if (ret == 0 && request->mounts)
		ret = scan_mounts(request, reading->snapshot);
	return ret;
}

/* Each builds on what those before it found. */
static int run_sources(const struct scan_request *request, struct snapshot *snapshot)
{
	struct reading reading = {.request = request, .snapshot = snapshot};
	struct timespec now = {0};
	int ret = read_tasks(&reading);

	clock_gettime(CLOCK_BOOTTIME, &now);
	if (ret == 0)
		ret = snapshot_count_tasks(snapshot);
	if (ret == 0 && request->listed)
		ret = scan_listed(request, snapshot);
	if (ret == 0)
		ret = read_holders(&reading);
	if (ret == 0 && request->relations)
		ret = scan_relations(request, snapshot);
	snapshot->taken = (uint64_t)now.tv_sec;
	return ret < 0 ? ret : snapshot_finish(snapshot);
}

int scan(const struct scan_request *request, struct snapshot *snapshot, struct error *err)
{
	struct scan_request resolved = *request;
	int ret;

	if (resolved.engine == ENGINE_AUTO)
		resolved.engine = engine_from_environment();
	*snapshot = (struct snapshot){0};
	ret = run_sources(&resolved, snapshot);
	if (ret == 0)
		return 0;
	snapshot_free(snapshot);
	if (resolved.engine == ENGINE_BPF && ret != -ENOENT) {
		error_set_errno(err, -ret, "the bpf engine cannot be used here");
		return error_hint(err,
				  "`nsctl features` tells why; without --engine, procfs takes its place");
	}
	error_set_errno(err, -ret, "cannot read the processes of this machine");
	return ret == -ENOENT ? error_hint(err, "is /proc mounted? mount -t proc proc /proc") : ret;
}
