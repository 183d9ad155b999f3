#include "scan/scan.h"

#include <errno.h>

#include "scan/sources.h"

typedef int source_fn(const struct scan_request *request, struct snapshot *snapshot);

static int read_by_bpf(const struct scan_request *request, struct snapshot *snapshot)
{
	struct kernel_types types;
	int ret = engine_check_bpf();

	if (ret == 0)
		ret = btf_read(&types);
	if (ret == 0)
		ret = scan_tasks_bpf(request, &types, snapshot);
	if (ret == 0 && request->files)
		ret = scan_files_bpf(request, &types, snapshot);
	return ret;
}

/* Where BPF was not asked for, and does not work here, nothing is to be seen of it. */
static int read_tasks(const struct scan_request *request, struct snapshot *snapshot)
{
	bool is_asked_for = request->engine != ENGINE_AUTO;
	enum engine engine = request->engine;
	int ret;

	if (!is_asked_for)
		engine = request->process ? ENGINE_PROCFS : engine_choose(request->nsproxies);
	if (engine == ENGINE_PROCFS)
		return scan_tasks_procfs(request, snapshot);
	ret = read_by_bpf(request, snapshot);
	if (ret == 0 || ret == -ENOMEM || is_asked_for)
		return ret;
	snapshot_free(snapshot);
	return scan_tasks_procfs(request, snapshot);
}

static int run_sources(const struct scan_request *request, struct snapshot *snapshot)
{
	/* Each builds on what those before it found. */
	const struct {
		bool is_wanted;
		source_fn *source;
	} sources[] = {
	    {request->listed, scan_listed},
	    {request->mounts, scan_mounts},
	    {request->relations, scan_relations},
	};
	int ret = read_tasks(request, snapshot);

	if (ret == 0)
		ret = snapshot_count_tasks(snapshot);
	for (size_t i = 0; ret == 0 && i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (sources[i].is_wanted)
			ret = sources[i].source(request, snapshot);
	}
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
