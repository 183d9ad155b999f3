#include "scan/scan.h"

#include <errno.h>

#include "scan/sources.h"

typedef int source_fn(const struct scan_request *request, struct snapshot *snapshot);

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
	int ret = scan_tasks(request, snapshot);

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
	int ret;

	*snapshot = (struct snapshot){0};
	ret = run_sources(request, snapshot);
	if (ret == 0)
		return 0;
	snapshot_free(snapshot);
	error_set_errno(err, -ret, "cannot read the processes of this machine");
	return ret == -ENOENT ? error_hint(err, "is /proc mounted? mount -t proc proc /proc") : ret;
}
