/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "target/kind.h"

static struct scan_request request_everything(const struct scan_request *like)
{
	struct scan_request request = SCAN_EVERYTHING;

	request.engine = like->engine;
	request.netnsids = like->netnsids;
	return request;
}

static bool is_everything(const struct scan_request *request)
{
	return request->types == NS_TYPE_SET_ALL && request->complete && request->files && request->mounts &&
	       request->relations && request->listed && !request->taskless_only;
}

int target_scan_until(const struct scan_request *request, target_look_fn *look, void *context,
		      struct snapshot *snapshot, struct error *err)
{
	const struct scan_request everything = request_everything(request);
	int ret = scan(request, snapshot, err);

	if (ret < 0)
		return ret;
	ret = look(snapshot, context, err);
	if ((ret == -ENOENT || ret == TARGET_LOOK_FURTHER) && !is_everything(request)) {
		snapshot_free(snapshot);
		ret = scan(&everything, snapshot, err);
		if (ret == 0)
			ret = look(snapshot, context, err);
	}
	return ret < 0 ? ret : 0;
}

struct search {
	const struct target *targets;
	size_t count;
	struct found_target *found;
};

static int find_targets(const struct snapshot *snapshot, void *context, struct error *err)
{
	const struct search *search = context;
	int result = 0;

	for (size_t i = 0; i < search->count; i++) {
		struct found_target *found = &search->found[i];
		int ret = target_find(&search->targets[i], snapshot, found, err);

		if (ret == -ENOENT && search->targets[i].row->needs == TARGET_NEEDS_TASKS)
			return -ESRCH;
		if (ret < 0)
			return ret;
		for (size_t j = 0; j < found->ns_count; j++) {
			if (snapshot->namespaces[found->ns[j]].process_count == 0)
				result = TARGET_LOOK_FURTHER;
		}
	}
	return result;
}

int target_scan(const struct target *targets, size_t count, const struct scan_request *request,
		struct snapshot *snapshot, struct found_target *found, struct error *err)
{
	struct search search = {.targets = targets, .count = count, .found = found};
	struct scan_request first = *request;

	for (size_t i = 0; i < count; i++) {
		if (targets[i].row->needs == TARGET_NEEDS_EVERYTHING)
			first = request_everything(request);
	}
	return target_scan_until(&first, find_targets, &search, snapshot, err);
}
